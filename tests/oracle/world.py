"""Worlds: a terminal, the network that it is in, and what is odd about them, as data.

A world is drawn from the dimensions (the files of dimensions/), kept as YAML, and made in a lab by the actions of its
ingredients, which are those of the lab's faults. README.md describes both.
"""

import copy
import importlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lab")]

import faults  # noqa: E402

BEFORE, INSIDE = "before-vpn", "in-vpn"
# How often a terminal is of a profile, and in which phase; `args` leave out that the lab's system is a Linux, which the
# conditions of 2021 and 2017 do not know.
PROFILES = {
    "registry": {"weight": 10, "phases": {BEFORE: 7, INSIDE: 3}},
    "gtol": {"weight": 2, "phases": {INSIDE: 1}},
    "ccr-2021": {"weight": 1, "phases": {BEFORE: 1}, "args": ["--skip", "os-2021"]},
    "ccr-2017": {"weight": 1, "phases": {BEFORE: 1}, "args": ["--skip", "os-2017"]},
    "orca": {"weight": 2, "phases": {BEFORE: 2, INSIDE: 1}},
}
CREDENTIALS = {"credentials": {"ca.crt": "orca", "client-0001.p12": "good",
                               "client-0001.pass": {"text": "Lab-pass-0001"}}}
COUNTS = {1: 4, 2: 4, 3: 2, 4: 1}  # how many ingredients, and how often
FIELDS = {"dimension", "name", "break", "causes", "touches", "before", "profiles", "phases", "windows", "notes"}


@dataclass
class World:
    """`vpn` is how the terminal is connected in the phase in-vpn: up (AnyConnect) or ikev2."""

    seed: object = None
    profile: str = "registry"
    phase: str = BEFORE
    vpn: str = "up"
    args: list = field(default_factory=list)
    ingredients: list = field(default_factory=list)

    def name(self):
        return " + ".join(f"{each['dimension']}/{each['name']}" for each in self.ingredients) or "nothing"

    def actions(self):
        """All that is done to a healthy lab, in order."""
        base = [copy.deepcopy(CREDENTIALS)] if self.profile == "orca" else []
        early = [action for each in self.ingredients if each.get("before") for action in each["break"]]
        early.sort(key=lambda action: "vpn" not in action)  # who was connected once was it on a healthy network
        late = [action for each in self.ingredients if not each.get("before") for action in each["break"]]
        vpn = [{"vpn": self.vpn}] if self.phase == INSIDE else []
        return copy.deepcopy([*base, *early, *vpn, *late])

    def options(self):
        return ["--profile", self.profile, *PROFILES[self.profile].get("args", []), *self.args]

    def without(self, kept):
        """The same terminal with some of the ingredients."""
        return World(self.seed, self.profile, self.phase, self.vpn, list(self.args), list(kept))

    def to_data(self):
        data = {"seed": self.seed, "profile": self.profile, "phase": self.phase}
        if self.phase == INSIDE:
            data["vpn"] = self.vpn
        if self.args:
            data["args"] = self.args
        return {**data, "ingredients": self.ingredients}


def from_data(data, place="world"):
    unknown = data.keys() - {"seed", "profile", "phase", "vpn", "args", "ingredients", "found", "notes"}
    if unknown:
        raise ValueError(f"{place}: unknown keys {sorted(unknown)}")
    world = World(data.get("seed"), data.get("profile", "registry"), data.get("phase", BEFORE), data.get("vpn", "up"),
                  data.get("args", []), data["ingredients"])
    if world.profile not in PROFILES or world.phase not in PROFILES[world.profile]["phases"]:
        raise ValueError(f"{place}: no profile {world.profile} in phase {world.phase}")
    for each in world.ingredients:
        check(each, place)
    return world


def load(path):
    return from_data(yaml.safe_load(Path(path).read_text()), path)


def save(world, path, **more):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({**world.to_data(), **more}, sort_keys=False, allow_unicode=True, width=120))


def check(ingredient, place):
    missing = {"dimension", "name", "break", "causes"} - ingredient.keys()
    if missing or ingredient.keys() - FIELDS:
        raise ValueError(f"{place}: {ingredient.get('name')}: missing {sorted(missing)}, "
                         f"unknown {sorted(ingredient.keys() - FIELDS)}")
    for action in ingredient["break"]:
        if len(action) != 1 or not hasattr(faults, f"do_{next(iter(action))}"):
            raise ValueError(f"{place}: {ingredient['name']}: unknown action {action}")


# Drawing

def dimensions():
    """Name and functions of each dimension, in the order of their names."""
    found = {}
    for path in sorted((HERE / "dimensions").glob("[a-z]*.py")):
        module = importlib.import_module(f"dimensions.{path.stem}")
        found[module.DIMENSION] = module.INGREDIENTS
    return found


def draw(rng, dimension, function):
    ingredient = {"dimension": dimension, **function(rng)}
    ingredient.setdefault("name", function.__name__.replace("_", "-"))
    check(ingredient, f"{dimension}/{function.__name__}")
    return ingredient


def weighted(rng, table):
    return rng.choices(list(table), [weight for weight in table.values()])[0]


def fits(ingredient, world):
    """Whether an ingredient can be in a world: of its profile and phase, and nothing touched twice."""
    if world.profile not in ingredient.get("profiles", [world.profile]):
        return False
    if world.phase not in ingredient.get("phases", [BEFORE]):
        return False
    return not any(set(ingredient.get("touches", [])) & set(other.get("touches", [])) for other in world.ingredients)


def generate(rng, profile=None, phase=None, seed=None):
    """
    A world of one to four ingredients, each of another dimension. An ingredient says the `phases` (before-vpn alone, if
    it says nothing) and `profiles` (all) in which it does anything.
    """
    profile = profile or weighted(rng, {name: each["weight"] for name, each in PROFILES.items()})
    phase = phase or weighted(rng, PROFILES[profile]["phases"])
    world = World(seed, profile, phase, "up" if phase == BEFORE or rng.random() < 0.8 else "ikev2")
    wanted, known = weighted(rng, COUNTS), dimensions()
    for dimension in rng.sample(sorted(known), len(known)):
        if len(world.ingredients) == wanted:
            break
        for _ in range(4):  # what does not fit is drawn again
            ingredient = draw(rng, dimension, rng.choice(known[dimension]))
            if fits(ingredient, world):
                world.ingredients.append(ingredient)
                break
    return world
