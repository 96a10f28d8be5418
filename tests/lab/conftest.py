import sys

import pytest

sys.dont_write_bytecode = True

from lab import Lab  # noqa: E402


@pytest.fixture(scope="session")
def shared_lab():
    with Lab() as lab:
        yield lab


@pytest.fixture
def lab(shared_lab):
    """A healthy lab; whatever the test breaks is mended afterwards."""
    shared_lab.reset_ike()
    yield shared_lab
    shared_lab.revert()
