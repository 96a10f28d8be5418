"""What all tests share: which builds of the program they run."""
import os
import pathlib
import signal

import pytest

# A shell's background job ignores Ctrl-C, and so would every program that is started here.
signal.signal(signal.SIGINT, signal.default_int_handler)

TOP = pathlib.Path(__file__).resolve().parent.parent


def builds():
    """Name and folder of every build under test; PREFLIGHT_BUILDS limits them."""
    known = {"plain": TOP / "build", "sanitized": TOP / "build" / "sanitized"}
    wanted = os.environ.get("PREFLIGHT_BUILDS", "plain sanitized").split()
    return [pytest.param(known[name], id=name) for name in wanted]


def programs():
    """The program of every build under test."""
    return [pytest.param(build.values[0] / "preflight" if build.id != "plain" else TOP / "preflight",
                         id=build.id) for build in builds()]


@pytest.fixture(params=builds(), scope="session")
def build(request):
    assert request.param.is_dir(), f"{request.param} is missing: run make test"
    return request.param


@pytest.fixture(params=programs(), scope="session")
def program(request):
    assert request.param.is_file(), f"{request.param} is missing: run make test"
    return request.param


def pytest_configure(config):
    os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0:exitcode=99")
    os.environ.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
