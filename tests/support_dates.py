"""
The vendors' support dates of rules.yaml, as tests need them: what a system is told as changes with the day, and after
`data-age` days nothing passes by them any more.
"""
import datetime
import functools
import pathlib

import yaml

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
# More words for the program: its support dates were looked up today.
AS_OF_TODAY = ("--set", f"lifecycle.date={TODAY}")


def for_ever(name, extended=False):
    """More words: the vendor supports this system as long as there are tests."""
    words = ("--set", f"lifecycle.entries.{name}.end=2098-12-31")
    return (*words, "--set", f"lifecycle.entries.{name}.extended=2099-12-31") if extended else words


@functools.cache
def rules():
    return yaml.safe_load((pathlib.Path(__file__).resolve().parents[1] / "rules.yaml").read_text())


def state(name):
    """The cause that term-os names today for an entry of `lifecycle`; None: it passes."""
    entry, warn = rules()["lifecycle"]["entries"][name], rules()["checks"]["term-os"]["warn-before"]
    if entry["end"] == "none":
        return None
    if TODAY > entry["end"]:
        return "os.extended" if TODAY <= entry.get("extended", entry["end"]) else "os.end-of-life"
    return "os.ending-soon" if TODAY + datetime.timedelta(days=warn) >= entry["end"] else None


def expected(name):
    """What is expected today of a terminal with that system."""
    cause = state(name)
    failed = [cause] if cause == "os.end-of-life" else []
    return {"exit": 1 if failed else 0, "causes": failed, "warnings": [cause] if cause and not failed else []}
