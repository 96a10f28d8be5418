import sys

import pytest

sys.dont_write_bytecode = True

import faults  # noqa: E402
from lab import Labs  # noqa: E402


@pytest.fixture(scope="session")
def labs():
    with Labs() as labs:
        yield labs


@pytest.fixture
def lab(labs):
    """A healthy lab; whatever the test breaks is mended afterwards."""
    with labs.healthy({"break": []}) as lab:
        yield lab


@pytest.fixture
def lab_for_fault(labs, name):
    """A healthy lab in which the fault of this name can be made."""
    with labs.healthy(faults.load(name)) as lab:
        yield lab
