"""
No text has a hole: every template of the rules and of the catalogue is expanded by the program's own code with every
subset of its values missing, in both languages, and must read whole. What the brackets that are left out leave behind
is looked at where they stood: no particle, preposition or verb may be without its noun there.
"""
import itertools
import json
import pathlib
import re
import subprocess

import pytest

# Values that a check has whatever it saw; more when its type has a host.
ALWAYS = {"check", "type", "title"}
OF_A_HOST = {"host", "all_hosts", "host_id", "documented"}
OF_A_PORT = {"port", "ports", "transport"}
SENDERS = {"tcp", "tls", "http", "captive", "ike", "ike-mtu", "dtls"}  # their targets are flows to allow
WITH_PORT = SENDERS - {"ike-mtu"} | {"ike-mtu", "proxy"}
WITH_HOST = SENDERS | {"dns", "clock", "proxy"}
# What is judged by a value has it.
CERTAIN = {"http.status": {"status"}, "http.off-site": {"status"}, "summary.counts": {"pass"},
           "net.gateway-silent": {"gateway", "interface"}, "net.on-link": {"interface"}, "net.no-route-family": {"address_family"},
           "net.no-route-host": {"address"}, "net.address-silent": {"address"}}
# Pieces that are added to a line, and those whose first blank is not printed (text.c).
PIECES = {"list.more", "note.duration", "note.waived"}
STRIPPED = {"summary.not-ready"}
# Catalogue texts that go on where an argument was quoted, or are one word by themselves.
CONTINUE = {"decode.bad-length", "decode.bad-version", "request.end", "list.more"}
# Causes that only the diagnosis finds, and the type of the check that leads them.
LED_BY = {"net.no-internet": SENDERS, "net.proxy-only": {"proxy"}, "vpn.portal-down": SENDERS, "dns.elsewhere": {"dns"}}

TOP = pathlib.Path(__file__).resolve().parents[2]
REPORTS = [path for folder in ("", "request", "runs") for path in sorted((TOP / "tests" / "fixtures" / folder).glob("*.json"))
           if path.name not in ("report-hostile.json", "proxy-exemptions.json")]
BLOCKED = {"en": re.compile(r"Can be told once cause (\S+) is solved"), "ja": re.compile(r"原因 (\S+) を解決すると確認できます")}
ROOT = {"en": re.compile(r"→ cause (\d+)"), "ja": re.compile(r"→ 原因 (\d+)")}

NAME = re.compile(r"\{([a-z0-9_]+)\}")
SEAM = "\x01"
MOST = 4096  # subsets of one template

# What no text may hold, wherever it comes from.
HOLES = [r"\(\s*\)", r"（\s*）", r"「\s*」", r'(?<!\w)""', r"…", r"[{}\[\]]", r"\S  +\S", r"(?m)^[ 　]", r"(?m)[ 　]$",
         r"、、", r"。。", r"、。", r"。、", r"[（「]\s*[、。,;]", r"[、,]\s*[）」)]", r"[（「]\s", r"\(\s", r"\s[）」)]",
         r"(?<!\S)[,;:](?=\s|$)", r"\s[,;:.!?](?=\s|$)", r"[,;:]\s*[,;:.](?=\s|$)", r"[:：]\s*$", r"(?m)^[、。,.;:)）]",
         r"\s[、。]", r"[、。]\s[ぁ-んァ-ヶ一-龠]"]
# What must not stand before the place of a part that is left out, by its last word.
DANGLING = set("of to from in on at by for with is are was were has have had the a an but until than says say said and or "
               "between not as into it's under over after before behind through".split())
# What must not begin a sentence: its subject was left out.
LOST_VERB = re.compile(r"(?:^|[.:;] |\n)(?:is|are|was|has|does|comes|came|expire[sd]?|ended|ends|says|had|of|from|by|and|but"
                       r"|begins|holds|carries)\b")
# Prepositions that are right at the end of a clause.
CLOSED = re.compile(r"(?:X1 behind|looked at|in between|to judge by|asked for|installed to|rules say)\s*$")
PARTICLE = r"(?:は|が|を|に|の|と|で|から|まで|より|へ|も)"
LOST_NOUN = re.compile(r"(?:^|[。：\n、（「])\s*(?:は|が|を|に|の(?!ち|で)|と(?!き|も|お)|で(?!き|す。|も)|から|まで|より|へ|以上|以下|です)")


def holes(text):
    return [pattern for pattern in HOLES if re.search(pattern, text)]


def seam_holes(marked, lang):
    """What the parts that were left out leave behind."""
    found = []
    for match in re.finditer(SEAM, marked):
        before, after = marked[:match.start()].replace(SEAM, ""), marked[match.end():].replace(SEAM, "")
        if lang == "en":
            word = re.search(r"([A-Za-z']+)\s*$", before)
            if word and word.group(1).lower() in DANGLING and not CLOSED.search(before):
                found.append(f"nothing behind \"{word.group(1)}\"")
        else:
            if re.search(rf"{PARTICLE}\s*$", before) and not re.search(r"(?:こと|もの|ので|(?:ます|です|した|せん)が)\s*$", before) and (
                    re.match(rf"\s*(?:{PARTICLE}|です|でした|、|。|ある|あり|です|）)", after) or not after.strip()):
                found.append("nothing behind a particle")
            if re.match(rf"\s*{PARTICLE}", after) and re.search(r"(?:^|[。、：:（「])\s*$", before):
                found.append("nothing before a particle")
    plain = marked.replace(SEAM, "")
    lost = LOST_VERB if lang == "en" else LOST_NOUN
    if lost.search(plain):
        found.append(f"begins with {lost.search(plain).group(0)!r}")
    return found + holes(plain)


def split(text):
    """A template as its parts: a text, or the list of alternatives of a bracket."""
    parts, at = [""], 0
    while at < len(text):
        if text.startswith(("{{", "[["), at):
            parts[-1] += text[at:at + 2]
            at += 2
        elif text[at] == "[":
            end, alternatives = at + 1, [""]
            while text[end] != "]":
                if text.startswith(("{{", "[[", "||"), end):
                    alternatives[-1] += text[end:end + 2]
                    end += 2
                elif text[end] == "|":
                    alternatives.append("")
                    end += 1
                else:
                    alternatives[-1] += text[end]
                    end += 1
            parts += [alternatives, ""]
            at = end + 1
        else:
            parts[-1] += text[at]
            at += 1
    return parts


def fact_of(name, words):
    """The fact whose word a flag is: at most one word of a fact can be."""
    for fact in words:
        if name.startswith(fact + "_") and name != fact + "_text":
            return fact
    return None


def subsets(names, words):
    """Every set of names that can be there at once."""
    groups = {}
    for name in names:
        groups.setdefault(fact_of(name, words) or name, []).append(name)
    choices = []
    for fact, members in groups.items():
        choices.append([()] + [(member,) for member in members] if fact in words else [(), tuple(members)])
    count = 1
    for choice in choices:
        count *= len(choice)
    assert count <= MOST, (count, names)
    for chosen in itertools.product(*choices):
        yield frozenset(name for group in chosen for name in group)


def mark(parts, there):
    """The template with a seam where a bracket says nothing, and its alternatives chosen."""
    out = ""
    for part in parts:
        if isinstance(part, str):
            out += part
        else:
            told = next((one for one in part if set(NAME.findall(one)) <= there), None)
            out += SEAM if not told else told
    return out


def always(template):
    """Names that are never missing."""
    if template["kind"] == "message":
        return CERTAIN.get(template["id"], set())
    types = set(template["types"]) or LED_BY.get(template["id"], set())
    names = set(ALWAYS) | CERTAIN.get(template["id"], set()) | CERTAIN.get(template["part"], set())
    if types and types <= WITH_HOST:
        names |= OF_A_HOST
    if types and types <= WITH_PORT:
        names |= OF_A_PORT
    if types and types <= SENDERS:
        names |= {"flows"}
    return names


def where(template):
    return f"{template['kind']} {template['id']} {template['part']} ({template['lang']})"


@pytest.fixture(scope="module")
def expand(build):
    def run(*args, stdin=None):
        done = subprocess.run([build / "tests" / "expand", *args], input=stdin, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return run


@pytest.fixture(scope="module")
def templates(expand):
    return expand("list")


@pytest.fixture(scope="module")
def words():
    """Facts that are words of the catalogue, whose flags templates may name."""
    return {"path_reach", "path_last_kind", "path_next_kind", "offender_is", "path_unavailable", "nat_local", "nat_remote"}


def value(name, words):
    flag = fact_of(name, words) or (name.startswith("not_") and name.split("_")[1] not in ("after", "before"))
    return True if flag else "X1"


def test_values_that_may_be_missing_stand_in_brackets(templates):
    wrong = []
    for template in templates:
        outside = {name for part in split(template["text"]) if isinstance(part, str) for name in NAME.findall(part)}
        if template["kind"] != "message" and not outside <= always(template):
            wrong.append((where(template), sorted(outside - always(template))))
    assert wrong == []


def cases(template, words):
    """Each way in which the template can read: the text with its seams, and the values behind it."""
    parts = split(template["text"])
    inside = sorted({name for part in parts if not isinstance(part, str) for one in part for name in NAME.findall(one)})
    outside = {name for part in parts if isinstance(part, str) for name in NAME.findall(part)}
    seen = {}
    certain = always(template) & set(inside) | outside
    for there in subsets([name for name in inside if name not in certain], words):
        there |= certain
        seen.setdefault(mark(parts, there), {name: value(name, words) for name in there})
    return seen


def test_every_template_reads_whole_whatever_is_missing(templates, expand, words):
    rows = [(template, marked, values) for template in templates for marked, values in cases(template, words).items()]
    told = expand(stdin=json.dumps([[template["text"], values] for template, _, values in rows]))
    marked = expand(stdin=json.dumps([[text, values] for _, text, values in rows]))
    assert [text.replace(SEAM, "") for text in marked] == told  # the seams are where the program leaves out
    wrong = {}
    for (template, _, values), text in zip(rows, marked):
        if template["id"] in PIECES | STRIPPED:
            text = re.sub(rf"^({SEAM}*) ", r"\1", text)
        if template["id"] in CONTINUE:
            text = "“" + text
        lines = [line for line in text.split("\n") if line.replace(SEAM, "")]  # lines of nothing are not printed
        for found in (found for line in lines for found in seam_holes(line, template["lang"])):
            wrong.setdefault((where(template), found), text.replace(SEAM, "|"))
    assert not wrong, "\n".join(f"{place}: {found}\n    {text}" for (place, found), text in wrong.items())


# ---- whole reports ----

def show(program, path, lang, *options):
    done = subprocess.run([program, "show", path, "--lang", lang, "--format", "text", *options], capture_output=True, text=True,
                          timeout=60, env={"PATH": "/usr/bin:/bin", "COLUMNS": "10000"})
    assert done.stdout, done.stderr
    return done.stdout


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_what_is_to_be_solved_first_is_a_cause_of_the_report(program, path, lang):
    report = json.loads(path.read_text())
    text = re.sub(r"\s+", " ", show(program, path, lang, "-v"))
    for number in BLOCKED[lang].findall(text):
        assert number.isdigit() and 1 <= int(number) <= len(report["causes"]), number
        assert report["causes"][int(number) - 1]["code"] != "run.blocked"
    for number in ROOT[lang].findall(text):
        assert 1 <= int(number) <= len(report["causes"])
    if any(cause["code"] == "run.blocked" for cause in report["causes"]):
        assert any(cause["code"] != "run.blocked" and cause["verdict"] != "warn" for cause in report["causes"])


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_reports_have_no_holes(path, lang):
    report = json.loads(path.read_text())
    texts = [each[part] for each in report["causes"] + report["checks"] for part in ("title", "evidence", "remedy") if each.get(part)]
    for text in texts:
        for line in text[lang].split("\n"):
            assert not holes(line.replace("…", "")), line
