"""What all tests share: which builds of the program they run."""
import os
import pathlib
import signal
import subprocess
import sys

import pytest

# A shell's background job ignores Ctrl-C, and so would every program that is started here.
signal.signal(signal.SIGINT, signal.default_int_handler)

TOP = pathlib.Path(__file__).resolve().parent.parent


def builds():
    """Name and folder of every build under test; PREFLIGHT_BUILDS limits them."""
    known = {"plain": TOP / "build", "sanitized": TOP / "build" / "sanitized", "windows": TOP / "build" / "windows"}
    wanted = os.environ.get("PREFLIGHT_BUILDS", "plain sanitized").split()
    return [pytest.param(known[name], id=name) for name in wanted]


def programs():
    """The program of every build under test; the one for Windows runs under Wine."""
    places = {"plain": TOP / "preflight", "windows": TOP / "tests" / "wine" / "preflight"}
    return [pytest.param(places.get(build.id, build.values[0] / "preflight"), id=build.id) for build in builds()]


@pytest.fixture(params=[each for each in builds() if each.id != "windows"], scope="session")
def build(request):
    """A folder with unit tests; those are not built for Windows."""
    assert request.param.is_dir(), f"{request.param} is missing: run make test"
    return request.param


@pytest.fixture(params=programs(), scope="session")
def program(request):
    assert request.param.is_file(), f"{request.param} is missing: run make test"
    return request.getfixturevalue("wine_program") if request.param.parent.name == "wine" else request.param


@pytest.fixture(scope="session")
def wine_program(tmp_path_factory):
    """
    The program for Windows, with a Windows that runs in a network namespace that leads nowhere: a shell waits for its
    input. What runs beside it sees that namespace's network, and starts none of Windows' services, which would keep its
    output. When tests run side by side, each worker has a Windows of its own.
    """
    folder = TOP / "tests" / "wine"
    subprocess.run([folder / "setup"], check=True)
    sys.path.insert(0, str(folder))
    from plant import own_program, hold, release
    program = folder / "preflight"
    if "PYTEST_XDIST_WORKER" in os.environ:
        program = own_program(tmp_path_factory.mktemp("worker"))
    holder = hold(["/usr/bin/unshare", "-n", program, "/k", "echo up"], {**os.environ, "PREFLIGHT_EXE": "cmd"})
    yield program
    release(holder)
    if program.parent != folder:  # nobody else's
        subprocess.run([program, "--stop-wine"], check=False)


def pytest_runtest_setup(item):
    """What is marked not_on_windows("reason") is left out for the Windows program, only_on_windows for the others."""
    program = getattr(getattr(item, "callspec", None), "params", {}).get("program")
    windows = program is not None and program.parent.name == "wine"
    mark = item.get_closest_marker("not_on_windows")
    if mark and windows:
        pytest.skip(mark.args[0])
    if item.get_closest_marker("only_on_windows") and not windows:
        pytest.skip("about the Windows program")


def pytest_configure(config):
    config.addinivalue_line("markers", "not_on_windows(reason): needs what Windows or Wine does not have")
    config.addinivalue_line("markers", "only_on_windows: about the Windows program")
    os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0:exitcode=99")
    os.environ.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
