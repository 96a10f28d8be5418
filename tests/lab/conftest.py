import sys

import pytest

sys.dont_write_bytecode = True

import faults  # noqa: E402
from lab import Labs  # noqa: E402


@pytest.fixture(scope="session")
def labs():
    with Labs() as labs:
        yield labs


def program_of(request):
    """The program that the test runs, if it runs one."""
    return request.getfixturevalue("program") if "program" in request.fixturenames else None


@pytest.fixture
def lab(labs, request):
    """A healthy lab; whatever the test breaks is mended afterwards."""
    with labs.healthy({"break": []}, program_of(request)) as lab:
        yield lab


@pytest.fixture
def lab_for_fault(labs, name, request):
    """A healthy lab in which the fault of this name can be made."""
    with labs.healthy(faults.load(name), program_of(request)) as lab:
        yield lab
