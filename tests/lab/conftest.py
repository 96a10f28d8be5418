import os
import pathlib
import sys
import zlib

import pytest

sys.dont_write_bytecode = True

import faults  # noqa: E402
from lab import Labs  # noqa: E402


def is_windows(item):
    program = getattr(getattr(item, "callspec", None), "params", {}).get("program")
    return program is not None and program.parent.name == "wine"


def pytest_collection_modifyitems(config, items):
    """
    WINDOWS_SHARE=N: of the tests with the Windows program, about one in N, always the same ones; 0: none. Starting a
    Windows takes longer than most of these tests; make test-windows runs them all.
    """
    share = int(os.environ.get("WINDOWS_SHARE", "1"))
    here = str(config.rootpath / "tests" / "lab")
    left = {item for item in items if str(item.path).startswith(here) and is_windows(item)
            and (share == 0 or zlib.crc32(item.name.encode()) % share)}
    if left:
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]


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


@pytest.fixture(scope="session")
def program(program):
    """The lab gives every run a Windows of its own, so it needs none of the worker's."""
    return pathlib.Path(__file__).parents[1] / "wine" / "preflight" if program.parent.name == "wine" else program
