"""The Makefile on a Mac, where libraries come from a package manager: what it asks pkg-config for, and what it stops at."""
import os
import pathlib
import re
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = {"libcurl", "openssl", "libcares", "yaml-0.1", "jansson", "libutf8proc"}

# Knows what stands in $KNOWN.
PKG_CONFIG = """#!/bin/sh
what=$1
shift
for package; do
    case " $KNOWN " in *" $package "*) ;; *) exit 1 ;; esac
    case $what in
    --cflags) printf -- '-I/opt/%s/include ' "$package" ;;
    --libs) printf -- '-L/opt/%s/lib -l%s ' "$package" "$package" ;;
    esac
done
"""


def make(folder, *words, known=PACKAGES):
    """What would be run; known: None where there is no pkg-config."""
    program = folder / "pkg-config"
    program.write_text(PKG_CONFIG)
    program.chmod(0o755)
    command = ["make", "-n", "V=1", "HOST=darwin", "TARGET=darwin", f"BUILD={folder}/build", f"PROGRAM={folder}/preflight",
               f"PKG_CONFIG={folder / 'nothing' if known is None else program}", *words]
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False,
                          env={**os.environ, "KNOWN": " ".join(known or ())})


def test_flags_of_the_libraries_are_used(tmp_path):
    """Also for the tool that runs while building; nothing of the cross compiler is."""
    done = make(tmp_path)
    assert done.returncode == 0, done.stderr
    commands = done.stdout.replace("\\\n", " ")
    link, tool, compiled = (re.search(rf"^.* -o {tmp_path}/{made} .*$", commands, re.M)[0]
                            for made in ("preflight", "build/pack-rules", "build/src/main.o"))
    for package in PACKAGES:
        assert f"-I/opt/{package}/include" in compiled and f"-l{package}" in link and f"-L/opt/{package}/lib" in link
    for package in ("yaml-0.1", "openssl"):
        assert f"-I/opt/{package}/include" in tool and f"-l{package}" in tool and f"-L/opt/{package}/lib" in tool
    assert "deps/" not in done.stdout


@pytest.mark.parametrize("missing", sorted(PACKAGES))
def test_a_package_that_is_missing_is_told(tmp_path, missing):
    done = make(tmp_path, known=PACKAGES - {missing})
    assert done.returncode == 2 and done.stdout == ""
    assert f"*** pkg-config does not know: {missing} " in done.stderr and "brew install pkgconf" in done.stderr


def test_without_pkg_config_all_are_missing(tmp_path):
    done = make(tmp_path, known=None)
    assert done.returncode == 2
    assert PACKAGES <= set(re.search(r"does not know: (.*?) \(", done.stderr)[1].split())


@pytest.mark.parametrize("target", ["clean", "check-macos", "dist-macos", "dist-windows"])
def test_what_needs_no_libraries_of_the_mac_goes_on(tmp_path, target):
    done = make(tmp_path, target, known=None)
    assert (done.returncode, "pkg-config" in done.stderr) == (0, False), done.stderr


def test_together_with_others_they_do_not_help(tmp_path):
    assert make(tmp_path, "clean", "all", known=None).returncode == 2
