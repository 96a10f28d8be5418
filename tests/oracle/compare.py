"""What preflight said, held against what worked."""

import fnmatch
import json
from dataclasses import dataclass, field

import yaml

from world import HERE

AGREE, EXPLAINED = "agree", "unknown, explained"
FALSE_READY, FALSE_NOT_READY = "false READY", "false NOT READY"
WRONG_CAUSE, UNEXPLAINED = "wrong cause", "unknown, unexplained"
POLICY, BEYOND, CHANCE, LAB, BROKEN = "policy", "out of reach", "chance", "lab error", "no report"
OUTCOMES = (AGREE, EXPLAINED, POLICY, BEYOND, CHANCE, LAB, FALSE_READY, FALSE_NOT_READY, WRONG_CAUSE, UNEXPLAINED, BROKEN)
DISAGREEMENTS = (FALSE_READY, FALSE_NOT_READY, WRONG_CAUSE, UNEXPLAINED, BROKEN)
READY, NOT_READY, UNKNOWN = 0, 1, 3


@dataclass
class Said:
    """What preflight said: exit code, the codes of its causes and of its warnings, and all as it stands, shortened."""

    exit: object
    causes: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    seconds: float = 0

    def line(self):
        return f"exit {self.exit}: {', '.join(self.causes) or 'no cause'}" + \
            (f" (warned: {', '.join(self.warnings)})" if self.warnings else "")


@dataclass
class Result:
    outcome: str
    said: Said = None
    clients: list = field(default_factory=list)
    seconds: float = 0
    note: str = ""

    def disagrees(self):
        return self.outcome in DISAGREEMENTS


def policies():
    """What the rules forbid though it works: (causes, ingredients, reason) of each."""
    return yaml.safe_load((HERE / "policy.yaml").read_text())["policies"]


def beyond():
    """What no question can find out that is asked before sign-in: (ingredients, clients, reason) of each."""
    return yaml.safe_load((HERE / "policy.yaml").read_text())["beyond"]


def matches(text, globs):
    return any(fnmatch.fnmatchcase(text, glob) for glob in globs)


def together():
    """What two ingredients may be named by which do harm only together: (both, causes, reason) of each."""
    return yaml.safe_load((HERE / "together.yaml").read_text())["together"]


def together_named(world):
    """Globs of the causes that pairs of the world's ingredients may be named by."""
    texts = [f"{each['dimension']}/{each['name']} {json.dumps(each['break'])}" for each in world.ingredients]
    found = [pair for pair in together() if all(fnmatch.filter(texts, one) for one in pair["both"])]
    return [glob for pair in found for glob in pair["causes"]]


def explained(world, codes):
    """Those of the codes that an ingredient of the world, or two together, may be named by."""
    globs = [glob for each in world.ingredients for glob in each["causes"]] + together_named(world)
    return [code for code in codes if matches(code, globs)]


def concerns(entry, world):
    """Whether an entry of policy.yaml is about an ingredient of the world."""
    return any(matches(f"{each['dimension']}/{each['name']}", entry["ingredients"]) for each in world.ingredients)


def forbidden(world, codes):
    """The reason if a written policy stands behind every one of the codes; an ingredient must be of each policy."""
    reasons = []
    for code in codes:
        found = [policy["reason"] for policy in policies()
                 if matches(code, policy["causes"]) and concerns(policy, world)]
        if not found:
            return None
        reasons += found
    return "; ".join(dict.fromkeys(reasons)) or None


def out_of_reach(world, failing):
    """The reason if it is written that what lets every one of these clients fail cannot be found out."""
    found = [each["reason"] for each in beyond()
             if concerns(each, world) and all(matches(client, each["clients"]) for client in failing)]
    return found[0] if failing and found else None


def judge(world, said, failing):
    """The outcome and a note; `failing` are those of the required clients that do not work."""
    if said.exit == READY:
        reason = out_of_reach(world, failing)
        return (BEYOND, reason) if reason else (FALSE_READY if failing else AGREE, "")
    if said.exit not in (NOT_READY, UNKNOWN):
        return BROKEN, ""
    if not failing:
        reason = forbidden(world, said.causes)
        if reason:
            return POLICY, reason
        if said.exit == NOT_READY:
            return FALSE_NOT_READY, ""
    if explained(world, said.causes):
        return (AGREE if said.exit == NOT_READY else EXPLAINED), ""
    return (WRONG_CAUSE if said.exit == NOT_READY else UNEXPLAINED), ""
