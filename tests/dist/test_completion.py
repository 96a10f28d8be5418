"""The completion scripts in bash and zsh: what they offer is what the program takes, at every place of a line."""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import time

import pytest
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
RULES = yaml.safe_load((TOP / "rules.yaml").read_text())
FORMATS = {"run": "text json html junit tap nagios prometheus", "show": "text json html junit tap nagios prometheus",
           "plan": "text json", "list": "text json", "diff": "text json", "decode": "text json",
           "request": "text html csv"}
WRONG_OPERANDS = {"run": ["x"], "plan": ["x"], "list": ["x"], "inventory": ["x"], "request": ["x", "y"]}
VALUES = {"FORMAT": "text", "LANG": "en", "PHASE": "auto", "TIME": "10s"}
PATIENCE = 60

pytestmark = pytest.mark.not_on_windows("bash and zsh")


def text_of(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout


def commands_of(program):
    return re.findall(r"^  ([a-z]+) ", text_of(program, "--help", "--lang", "en"), re.M)


def options_of(program):
    """[(letter, name, argument)] from --help."""
    lines = text_of(program, "--help", "--lang", "en")
    return re.findall(r"^  (?:-(\w),|   ) --([a-z-]+)(?: ([A-Z=]+))?\s", lines, re.M)


def taken_options(program, command):
    """The options that the program itself takes with a command: all are given, it names those that do not fit."""
    given, words = set(), []
    for letter, name, argument in options_of(program):
        given |= {f"--{name}"} | ({f"-{letter}"} if letter else set())
        if name not in ("help", "version"):
            default = FORMATS[command].split()[0] if command in FORMATS else "text"
            value = default if argument == "FORMAT" else VALUES.get(argument, "x.txt")
            words += [f"--{name}={value}"] if argument else [f"--{name}"]
    done = subprocess.run([program, command, *words, *WRONG_OPERANDS.get(command, [])], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 2, done.stderr
    refused = set(re.findall(r"--([a-z-]+): does not apply", done.stderr))
    short = {name: letter for letter, name, _ in options_of(program) if letter}
    return given - {f"--{name}" for name in refused} - {f"-{short[name]}" for name in refused if name in short}


# ---- bash ----

BASH = r"""
compopt() { printf 'compopt %s\n' "$*"; }
. "$1"
shift
while IFS= read -r line; do
    IFS=$'\t' read -r -a COMP_WORDS <<<"${line}"
    [[ $line != *$'\t' ]] || COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
    _preflight preflight "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    printf '%s\n' "${COMPREPLY[@]}" .
done
"""


class Bash:
    """bash without a terminal; `compopt` tells what it was called with."""

    def __init__(self, script):
        self.script = script

    def offer(self, *lines):
        """What is offered at the end of each line; a line is a list of words as bash splits it."""
        text = "".join("\t".join(["preflight", *line]) + "\n" for line in lines)
        done = subprocess.run(["bash", "--norc", "--noprofile", "-c", BASH, "bash", self.script], input=text,
                              capture_output=True, text=True, check=True)
        assert done.stderr == ""
        answers = [[]]
        for word in done.stdout.splitlines():
            if word == ".":
                answers.append([])
            elif word:
                answers[-1].append(word)
        return answers[:-1]


@pytest.fixture(name="bash", scope="module")
def bash_fixture(program, tmp_path_factory):
    script = tmp_path_factory.mktemp("completion") / "preflight.bash"
    script.write_text(text_of(program, "completion", "bash"))
    return Bash(script)


def test_bash_offers_the_commands(program, bash):
    (offered,) = bash.offer([""])
    assert offered == commands_of(program)
    assert bash.offer(["pl"], ["--lang", "en", "pl"], ["-q", "--", "pl"]) == [["plan"]] * 3


def test_bash_offers_the_options_that_each_command_takes(program, bash):
    commands = commands_of(program)
    for command, offered in zip(commands, bash.offer(*([command, "-"] for command in commands))):
        assert set(offered) == taken_options(program, command), command
        assert len(offered) == len(set(offered))


def test_bash_offers_the_formats_of_each_command(program, bash):
    for command in commands_of(program):
        before, joined = bash.offer([command, "-f", ""], [command, "--format", "=", ""])
        assert before == joined == FORMATS.get(command, "").split()
    assert bash.offer(["--format", "j"]) == [["json", "junit"]]


def test_bash_offers_words_of_the_rules(bash):
    checks, profiles, explained = bash.offer(["run", "--only", ""], ["-p", ""], ["explain", ""])
    assert checks == list(RULES["checks"])
    assert profiles == list(RULES["profiles"])
    assert set(explained) == set(RULES["checks"]) | set(RULES["causes"]) | set(RULES["requirements"])


def test_bash_offers_a_check_with_the_sign_for_the_reason(bash):
    check = next(iter(RULES["checks"]))
    offered, reason, behind = bash.offer(["--waive", check], ["--waive", check, "=", "r"], ["--waive", check, "="])
    assert f"{check}=" in offered and "compopt -o nospace" in offered
    assert reason == behind == []


@pytest.mark.parametrize("words, offered", [
    (["--lang", ""], ["ja", "en"]), (["--lang", "="], ["ja", "en"]), (["--lang", "=", "j"], ["ja"]),
    (["plan", "--phase", "in"], ["in-vpn"]), (["-qp", "or"], ["orca"]), (["-porca", "--la"], ["--lang"]),
    (["schema", ""], ["rules", "report"]), (["completion", "z"], ["zsh"]), (["schema", "rules", ""], []),
    (["lint", "a", "b", ""], ["compopt -o default"]), (["diff", "a", ""], ["compopt -o default"]),
    (["diff", "a", "b", ""], []), (["show", ""], ["compopt -o default"]), (["request", ""], ["compopt -o default"]),
    (["run", "-o", ""], ["compopt -o default"]), (["-qr", ""], ["compopt -o default"]), (["-t", ""], []),
    (["run", "--", "-"], []), (["explain", "--", "C1="], []), (["nonsense", "-"], []), (["decode", ""], []),
    (["run", "--only", "$(touch x)"], []),
], ids=" ".join)
def test_bash_knows_the_place(bash, words, offered):
    assert bash.offer(words) == [offered]


def test_what_rules_name_is_never_run(program, tmp_path):
    """Ids of a rule file stand in the scripts as they are, whatever characters they have."""
    check = yaml.safe_load((TOP / "rules.yaml").read_text())["checks"]["term-disk"]
    done = subprocess.run([program, "completion", "bash", "--rules", "-"], capture_output=True, text=True, check=False,
                          input=yaml.safe_dump({"checks": {"x'$(touch x)`touch x`": check}}, allow_unicode=True))
    if done.returncode == 2:  # rules refuse such a name
        return
    (tmp_path / "script").write_text(done.stdout)
    (offered,) = Bash(tmp_path / "script").offer(["--only", "x"])
    assert offered == ["x'$(touch x)`touch x`"] and not (tmp_path / "x").exists()


# ---- a shell in a terminal ----

class Terminal:
    """An interactive shell; `type` gives the line as it is once the shell has completed it."""

    def __init__(self, command, folder, setup):
        self.folder, self.count = folder, 0
        pid, self.fd = pty.fork()
        if pid == 0:
            os.chdir(folder)
            environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
            os.execvpe(command[0], command, environment)
        self.pid, self.seen = pid, b""
        self.send(setup + "\n")
        self.wait_for("ready")

    def send(self, text):
        os.write(self.fd, text.encode())

    def wait_for(self, name):
        """Until a file is there; what the shell shows meanwhile is read."""
        end = time.monotonic() + PATIENCE
        path = self.folder / name
        while not path.exists():
            assert time.monotonic() < end, self.seen.decode(errors="replace")
            if select.select([self.fd], [], [], 0.02)[0]:
                self.seen += os.read(self.fd, 65536)
        return path.read_text()

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def test_bash_completes_names_of_files(program, tmp_path):
    """In a real bash: with the quoting that a blank needs, and behind "="."""
    folder = tmp_path / "place"
    folder.mkdir()
    (folder / "a report.json").touch()
    (folder / "preflight").write_text('#!/bin/sh\nfor word; do printf "%s|" "$word"; done >part\nmv part "done"\n')
    (folder / "preflight").chmod(0o755)
    (tmp_path / "script").write_text(text_of(program, "completion", "bash"))
    shell = Terminal(["bash", "--norc", "--noprofile", "-i"], folder,
                     f"PATH=.:$PATH; bind 'set bell-style none'; . {tmp_path}/script; touch ready")
    try:
        for typed, words in [("preflight show a\\ r\t--la\ten", "show|a report.json|--lang|en|"),
                             ('preflight show "a r\t', "show|a report.json|"),
                             ("preflight --output=a\\ \tplan", "--output=a report.json|plan|"),
                             ("preflight --for\tnag\t", "--format|nagios|"),
                             ("preflight --waive term-d\tx", "--waive|term-disk=x|")]:
            shell.send(typed + "\n")
            assert shell.wait_for("done") == words
            (folder / "done").unlink()
    finally:
        shell.close()


# ---- zsh ----

ZSH = r"""
PS1='%% ' fpath=(PLACE $fpath) ZLE_RPROMPT_INDENT=0
autoload -Uz compinit && compinit -u -D
compadd() {
    if (( ${@[(I)-(O|A|D)*]} )) { builtin compadd "$@"; return }
    local -a captured
    builtin compadd -A captured "$@"
    print -rl -- $captured >>part
    builtin compadd "$@"
}
capture() { : >part; zle complete-hidden; mv part $((++captures)); zle kill-buffer; zle -R }
hidden() { _main_complete "$@"; compstate[list]= compstate[insert]=; }
zle -C complete-hidden complete-word hidden
zle -N capture
bindkey '^I' capture
touch ready
"""


class Zsh(Terminal):
    """zsh with the script as a function that compinit finds; every match goes to a file, too."""

    def offer(self, line):
        self.count += 1
        self.send(f"preflight {line}\t")
        words = self.wait_for(str(self.count)).splitlines()
        return [word for word in dict.fromkeys(words) if word]


@pytest.fixture(name="zsh", scope="module", params=["ja", "en"])
def zsh_fixture(request, program, tmp_path_factory):
    assert shutil.which("zsh"), "zsh is missing: deps/install deps/packages-dist.txt"
    place, folder = tmp_path_factory.mktemp("functions"), tmp_path_factory.mktemp("zsh")
    (place / "_preflight").write_text(text_of(program, "completion", "zsh", "--lang", request.param))
    (folder / "setup").write_text(ZSH.replace("PLACE", str(place)))
    (folder / "report.json").touch()
    shell = Zsh(["zsh", "-f", "-i"], folder, ". ./setup")
    yield shell
    shell.close()


def test_zsh_offers_the_commands_and_their_options(program, zsh):
    assert set(zsh.offer("")) == set(commands_of(program))
    for command in commands_of(program):
        offered = {word.rstrip("=") for word in zsh.offer(f"{command} -")}
        assert offered == taken_options(program, command), command


@pytest.mark.parametrize("line, offered", [
    ("--lang ", "ja en"), ("--lang=", "ja en"), ("--lang=j", "ja"), ("plan --phase in", "in-vpn"), ("-qp or", "orca"),
    ("schema ", "rules report"), ("completion z", "zsh"), ("schema rules ", ""), ("lint a b rep", "report.json"),
    ("diff a rep", "report.json"), ("diff a b rep", ""), ("run -o rep", "report.json"), ("-t ", ""), ("decode ", ""),
    ("request -f ", "text html csv"), ("--lang en plan --form", "--format"), ("--waive term-di", "term-disk"),
    ("--waive term-disk=te", ""), ("-p ", " ".join(RULES["profiles"])), ("nonsense -", ""),
])
def test_zsh_knows_the_place(zsh, line, offered):
    words = (word.rstrip("=") for word in zsh.offer(line))
    assert {word for word in words if not (line.endswith(" ") and word.startswith("-"))} == set(offered.split())


def test_zsh_offers_words_of_the_rules(zsh):
    assert set(zsh.offer("run --only ")) == set(RULES["checks"])
    assert set(zsh.offer("explain ")) == set(RULES["checks"]) | set(RULES["causes"]) | set(RULES["requirements"])


# ---- the command itself ----

@pytest.mark.parametrize("shell, arguments, question", [
    ("bash", ["--norc", "--noprofile", "-c"], "complete -p preflight"),
    ("zsh", ["-f", "-c"], "print -- $_comps[preflight]"),
])
def test_the_line_of_the_manual(program, tmp_path, shell, arguments, question):
    """macOS has bash 3.2, where `source` reads nothing from <(...)."""
    line = re.search(rf"^.*preflight completion {shell}\).*$", (TOP / "man" / "preflight.1").read_text(), re.M)[0]
    assert not re.search(r"<\(", line)
    (tmp_path / "preflight").symlink_to(program)
    before = "autoload -Uz compinit && compinit -u -D" if shell == "zsh" else ":"
    done = subprocess.run([shutil.which(shell), *arguments, f"{before}\n{line}\n{question}"], capture_output=True, text=True,
                          check=False, env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)})
    assert (done.returncode, done.stderr) == (0, "") and "_preflight" in done.stdout



def test_descriptions_are_in_the_language(program):
    japanese, english = (text_of(program, "completion", "zsh", "--lang", lang) for lang in ("ja", "en"))
    assert "[色を付けません" in japanese and "[no colours" in english
    assert not re.search(r"[぀-ヿ]", english.split("_preflight_specs()")[1])


def test_another_shell_is_refused(program):
    done = subprocess.run([program, "completion", "fish"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "") and "fish" in done.stderr and "bash or zsh" in done.stderr
