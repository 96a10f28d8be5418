"""Every conflicting Linux package of the default rules is found when it is installed, and named."""
import json
import pathlib

import pytest
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]


pytestmark = pytest.mark.not_on_windows("packages of dpkg; those that the faults name are planted as programs")


def packages():
    """(product id, package name, publisher, whether the match only warns)"""
    rules = yaml.safe_load((TOP / "rules.yaml").read_text())
    for product, entry in rules["software"].items():
        for match in entry["match"]:
            if match["os"] == "linux" and match["kind"] == "package":
                names = match["name"] if isinstance(match["name"], list) else [match["name"]]
                maker = match.get("publisher", "*Somebody*").replace("*", "")
                for name in names:
                    name = name.replace("?.??", "7.10").replace("?.?", "7.1").replace("*", "")
                    yield pytest.param(product, name, maker, match.get("other", False), id=name)


@pytest.mark.parametrize("product, name, maker, other", packages())
def test_conflicting_package(lab, program, product, name, maker, other):
    package = {"Package": name, "Version": "1.0-1", "Maintainer": f"{maker} <a@example.org>",
               "Description": "for the test"}
    lab.apply({"name": name, "title": name, "break": [{"package": package}], "expect": {}})
    done = lab.run([program, "--only", "term-software", "--format", "json"], timeout=60)
    report = json.loads(done.stdout)
    check = report["checks"][0]
    told = json.dumps(check, ensure_ascii=False)
    assert done.returncode == (0 if other else 1), told
    assert check["cause"] == ("software.conflict-version" if other else "software.conflict"), told
    assert [found["id"] for found in check["facts"]["found"]] == [product], told
    assert name in report["causes"][0]["evidence"]["ja"], told
    assert name in report["causes"][0]["evidence"]["en"], told
