import os
import pathlib
import sys
import zlib

import pytest

sys.dont_write_bytecode = True

import faults  # noqa: E402
from lab import Labs  # noqa: E402


def share(item):
    """
    Of some kinds of tests about one in N is run, always the same ones; 0: none. All of them are run by make
    test-lab and make test-windows.
      WINDOWS_SHARE    with the Windows program: starting a Windows takes longer than most of these tests
      SANITIZED_SHARE  faults with the program with sanitizers, all of which the plain one is run in, too
      SELF_SHARE       faults without the program, by what else shows them
    """
    program = getattr(getattr(item, "callspec", None), "params", {}).get("program")
    function = getattr(item, "originalname", None)
    if program is not None and program.parent.name == "wine":
        kind = "WINDOWS"
    elif function == "test_fault" and program is not None and program.parent.name == "sanitized":
        kind = "SANITIZED"
    elif function == "test_fault_is_seen_and_mended":
        kind = "SELF"
    else:
        return 1
    return int(os.environ.get(f"{kind}_SHARE", "1"))


def is_left(item):
    one_in = share(item)
    return one_in == 0 or zlib.crc32(item.name.encode()) % one_in


def pytest_collection_modifyitems(config, items):
    here = str(config.rootpath / "tests" / "lab")
    left = {item for item in items if str(item.path).startswith(here) and is_left(item)}
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
