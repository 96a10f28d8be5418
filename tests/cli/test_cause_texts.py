"""What is said about a cause reads whole, too, where explain and decode know no values and leave brackets out."""
import pathlib
import re
import subprocess

import pytest
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
RULES = yaml.safe_load((TOP / "rules.yaml").read_text())
CAUSES = sorted(RULES["causes"])
# A value right behind the noun that it names: "the DNS server[ {server}] runs". Not so behind these.
APPOSITION = re.compile(r"(?:(?P<en>[A-Za-z]+)|[ぁ-んァ-ヶ一-龠])$")
NO_NOUN = {"until", "on", "in", "is", "are", "of", "than", "from", "by", "for", "to", "with", "at", "the", "a", "and"}
BROKEN = [r"\(\s*\)", r"（\s*）", r"「\s*」", r"[、。（「]\s*[、。）」]", r"\s[,.;:)](?:\s|$)",
          r"(?:^|[、。])\s*(?:以上|以下|まで|より|は|を|に)", r"\b(?:until|on|of|than|from|is|are) (?:are|is)\b",
          r"\b(?:until|of|than|from)\s*[.,;)]", r"\S  \S", r"[\[\]{}]"]


def texts():
    """(where, language, line) of what can be printed without facts: titles and remedies."""
    for code, cause in RULES["causes"].items():
        yield from ((code, lang, text) for lang, text in cause["title"].items())
        yield from lines(code, cause.get("remedy", {}))
    for id, check in RULES["checks"].items():
        for code, remedy in check.get("remedy", {}).items():
            yield from lines(f"{id} {code}", remedy)


def lines(where, remedy):
    for lang, text in remedy.items():
        yield from ((where, lang, line) for line in text.split("\n"))


def may_be_left_out(line, start, end):
    part, before = line[start + 1:end - 1], line[:start]
    whole = start == 0 and end == len(line)
    aside = re.fullmatch(r"（.*）| \(.*\)", part)
    sentence = before.endswith(("。", ".", "]")) and part.endswith(("。", "."))
    noun = re.fullmatch(r" \{\w+\} ?", part) and APPOSITION.search(before)
    return whole or aside or sentence or (noun and noun["en"] not in NO_NOUN)


def test_brackets_stand_around_what_can_be_left_out():
    wrong = [(where, lang, line[match.start():match.end()]) for where, lang, line in texts()
             for match in re.finditer(r"\[[^\]]*\]", line) if not may_be_left_out(line, match.start(), match.end())]
    assert wrong == []


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_explain_leaves_no_fragment(program, lang):
    for code in CAUSES:
        done = subprocess.run([program, "explain", code, "--lang", lang], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) > 1, done.stdout
        for line in whole_lines(done.stdout, lang):
            for pattern in BROKEN:
                assert not re.search(pattern, line), f"{code}: {pattern}: {line}"


def whole_lines(text, lang):
    """The steps of a remedy, as they were before they were wrapped."""
    steps = re.split(r"^    (?:- |・)", text.split("\n\n")[0], flags=re.M)[1:]
    return [re.sub(r"\n\s*", " " if lang == "en" else "", step).strip() for step in steps]
