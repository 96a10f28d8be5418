import pathlib
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def exe(tmp_path_factory):
    """The Windows program with stand-ins for what Wine does not do as Windows does (tests/wine/stand_in.py)."""
    sys.path.insert(0, str(TOP / "tests" / "wine"))
    import stand_in
    return stand_in.make(TOP / "build" / "windows" / "preflight.exe", tmp_path_factory.mktemp("stand-in"))
