"""The conflict list finds the names that belong to it, and takes no near one for them (tests/inventories/names.py)."""
import os
import pathlib
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "inventories"
sys.path.insert(0, str(FOLDER))
import names  # noqa: E402

PERSONS = {12, 16}  # devices: nothing of them can be seen on a terminal


@pytest.fixture(scope="module")
def figures(program):
    """The lists are the same for every build; under Wine each name takes a second."""
    return names.measure(program, every=20 if "windows" in os.environ.get("PREFLIGHT_BUILDS", "") else 1)


def test_names_that_belong_to_the_list_are_found(figures):
    assert figures["recall"] >= names.RECALL, "\n".join(figures["wrong"])


def test_near_names_are_left_alone(figures):
    assert figures["precision"] >= names.PRECISION, "\n".join(figures["wrong"])


def test_the_lists_cover_every_item():
    to_find, near = (list(names.rows(FOLDER / f"names-{which}.yaml")) for which in ("to-find", "near"))
    assert len(to_find) >= 150 and len(near) >= 150
    assert {row["item"] for row in to_find} == set(range(1, 22)) - PERSONS
    assert {row["item"] for row in near} >= set(range(1, 22)) - PERSONS - {7}


def test_no_name_is_in_a_list_twice():
    for which in ("to-find", "near"):
        seen = [(row["os"], row["kind"], row["name"], row["publisher"], row.get("version"))
                for row in names.rows(FOLDER / f"names-{which}.yaml")]
        assert len(seen) == len(set(seen))
