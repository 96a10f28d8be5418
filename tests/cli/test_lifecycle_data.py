"""The support dates of rules.yaml are those of the data set, but for what is known to be better (make lifecycle)."""
import copy
import datetime
import pathlib
import sys

import pytest
import yaml

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "lifecycle"
sys.path.insert(0, str(FOLDER))
import endoflife  # noqa: E402

RULES = yaml.safe_load(endoflife.RULES.read_text())
DATA, KNOWN = (yaml.safe_load(path.read_text()) for path in (endoflife.EXTRACT, endoflife.DIFFERENCES))


def test_no_date_differs_without_a_reason():
    assert endoflife.differences(RULES, DATA).keys() == KNOWN.keys(), "see make lifecycle"


@pytest.mark.parametrize("id, key, value", [("windows-server-2025", "end", datetime.date(2034, 10, 10)),
                                            ("rhel-9", "extended", datetime.date(2035, 5, 31)),
                                            ("macos-13", "end", "none")])
def test_a_wrong_date_is_told(id, key, value):
    rules = copy.deepcopy(RULES)
    rules["lifecycle"]["entries"][id][key] = value
    assert id in endoflife.differences(rules, DATA)


def test_a_missing_entry_is_told():
    rules = copy.deepcopy(RULES)
    del rules["lifecycle"]["entries"]["fedora-44"]
    assert "fedora 44" in endoflife.differences(rules, DATA)


def test_the_rules_are_not_older_than_the_data_set():
    assert RULES["lifecycle"]["date"] >= DATA["date"]
