"""The option table, --help and preflight(1) say the same; so do the key tables and preflight-rules(5)."""
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]


def text_of(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout


def options_of_help(program):
    """{long name: (letter, argument)} from --help."""
    found = {}
    for line in text_of(program, "--help", "--lang", "en").splitlines():
        match = re.match(r"  (?:-(\w),|   ) --([a-z-]+)(?: ([A-Z=]+))?\s", line)
        if match:
            found[match.group(2)] = (match.group(1), match.group(3))
    return found


def options_of_manual():
    """The same from the mdoc source: .It Fl -name Ar ARG, or .It Fl x , Fl -name Ar ARG"""
    found = {}
    for line in (TOP / "man" / "preflight.1").read_text().splitlines():
        match = re.match(r"\.It (?:Fl (\w) , )?Fl -([a-z-]+)(?: Ar (\S+))?$", line)
        if match:
            found[match.group(2)] = (match.group(1), match.group(3))
    return found


def test_options_agree(program):
    helped = options_of_help(program)
    assert len(helped) > 10
    assert helped == options_of_manual()


def test_both_languages_list_the_same_options(program):
    japanese = re.findall(r"--[a-z-]+", text_of(program, "--help", "--lang", "ja"))
    english = re.findall(r"--[a-z-]+", text_of(program, "--help", "--lang", "en"))
    assert set(japanese) == set(english)


def test_commands_agree(program):
    helped = re.findall(r"^  ([a-z]+) ", text_of(program, "--help", "--lang", "en"), re.M)
    manual = re.findall(r"^\.It Cm (\w+)", (TOP / "man" / "preflight.1").read_text(), re.M)
    assert helped and helped == manual


def formats_taken(program, command):
    """What the program says of a format that no command has; None: it has none at all."""
    refused = subprocess.run([program, command, "--format", "none"], capture_output=True, text=True).stderr
    named = re.search(r"must be one of ([a-z, ]+) \(", refused)
    return named[1].split(", ") if named else None


def test_formats_agree(program):
    option = (TOP / "man" / "preflight.1").read_text().split(".It Fl f , Fl -format Ar FORMAT")[1].split(".It Fl ")[0]
    manual = {}
    for item in option.split(".It Ic ")[1:]:
        manual.update({name: re.findall(r"^\.Ql (\w+)", item, re.M) for name in item.splitlines()[0].split(" , ")})
    commands = re.findall(r"^  ([a-z]+) ", text_of(program, "--help", "--lang", "en"), re.M)
    taken = {name: formats_taken(program, name) for name in commands}
    assert {name: formats for name, formats in taken.items() if formats} == manual


def test_exit_codes_agree(program):
    manual = (TOP / "man" / "preflight.1").read_text().split(".Sh EXIT STATUS")[1]
    assert re.findall(r"^\.It (\d)$", manual.split(".Sh")[0], re.M) == ["0", "1", "2", "3"]


def test_keys_agree(program):
    manual = (TOP / "man" / "preflight-rules.5").read_text()
    kept = manual.split('.\\" BEGIN KEYS\n')[1].split('.\\" END KEYS')[0]
    assert kept == text_of(program, "schema", "keys")
