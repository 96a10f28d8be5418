"""Rows of chains/table.py as certificates of the lab's servers, called "chain:" and the row's name."""

import functools
import importlib.util
import sys
import zlib
from pathlib import Path

from pki import Certificate

CHAINS = Path(__file__).resolve().parent / "chains"
PREFIX = "chain:"


@functools.cache
def module(name):
    """A module of chains/, whatever other modules of its name there are."""
    spec = importlib.util.spec_from_file_location(name, CHAINS / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    if name == "make":  # as table.py calls it
        sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


def rows():
    module("make")
    return module("table").ROWS


def row(name):
    found, = (each for each in rows() if each.name == name.removeprefix(PREFIX))
    return found


def make(pki, host, name):
    """The chain that a server of this name sends, and the names under which the PKI has what the terminal must trust."""
    if (host, name) not in pki.made:
        place = pki.directory / f"{name.replace(':', '-')}-{host}"
        place.mkdir()
        sent, trusted = row(name).make(module("table").World(module("make").Maker(place), host, f"{zlib.crc32((host + name).encode()):08x}"))
        (place / "chain.pem").write_text("".join(each.pem() for each in sent))
        (place / "key").write_text(sent[0].key_pem())
        names = [f"{place.name}-{number}" for number in range(len(trusted))]
        for file, each in zip(names, trusted):
            pki.path(file, "pem").write_text(each.pem())
        pki.made[host, name] = Certificate(place / "chain.pem", place / "key"), names
    return pki.made[host, name]
