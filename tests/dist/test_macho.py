"""The macOS program as a file, for both processors: what it needs, how it is hardened and signed, and what it tells."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

import macho
import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
FOLDER = TOP / "build" / "macos"
PROGRAM = FOLDER / "preflight"
COMPILER = FOLDER / "zig" / "node_modules" / "@ryoppippi" / "zig-linux-x64" / "zig"
OLDEST = {"x86_64": (10, 12, 0), "arm64": (11, 0, 0)}
NEWER = "___darwin_check_fd_set_overflow"  # than both; macOS 11 has it, for FD_SET

made = pytest.mark.skipif(not PROGRAM.is_file(), reason="its libraries take a quarter of an hour to build: make dist-macos")
compiled = pytest.mark.skipif(not COMPILER.is_file(), reason="needs the compiler of make check-macos")


@pytest.fixture(scope="module", params=list(OLDEST))
def thin(request):
    """That for one processor."""
    return macho.Program(macho.universal(PROGRAM)[request.param])


def symbols(cpu):
    """Those that may be imported."""
    lines = (TOP / "tests" / "dist" / "macos-symbols.txt").read_text().splitlines()
    rows = [words for line in lines if (words := line.split("#")[0].split())]
    assert len(rows) == len({row[0] for row in rows})
    return {name for name, *only in rows if cpu in only or not only}


@made
def test_both_processors_are_in_it():
    slices = macho.universal(PROGRAM)
    assert set(slices) == set(OLDEST)
    for cpu, content in slices.items():
        assert content == (FOLDER / f"preflight-{cpu}").read_bytes(), f"preflight-{cpu} is another one: make dist-macos"


@made
def test_it_runs_on_the_oldest_macos(thin):
    assert thin.type == macho.EXECUTE_FILE
    assert thin.build_version() == (macho.PLATFORM_MACOS, OLDEST[thin.cpu])


@made
def test_it_needs_nothing_but_macos(thin):
    assert thin.libraries() == ["/usr/lib/libSystem.B.dylib"]
    assert {one.library for one in thin.imports()} == {1}


@made
def test_it_imports_only_what_every_macos_has(thin):
    found, allowed = {one.name for one in thin.imports() if not one.weak}, symbols(thin.cpu)
    assert len(found) > 100 and NEWER not in allowed
    assert found <= allowed, sorted(found - allowed)


@made
def test_it_is_hardened(thin):
    assert thin.flags & macho.PIE and not thin.flags & macho.STACK_EXECUTION
    for segment in thin.segments():
        assert not (segment.protection & macho.WRITE and segment.protection & macho.RUN), segment
    assert [segment.name for segment in thin.segments() if segment.protection & macho.RUN] == ["__TEXT"]
    assert "___stack_chk_fail" in {one.name for one in thin.imports()}


@made
def test_it_has_a_name_of_its_own(thin):
    """What crash reports, and the question whether a program may use the network, know it by."""
    assert any(thin.uuid())
    others = [macho.Program(content) for cpu, content in macho.universal(PROGRAM).items() if cpu != thin.cpu]
    assert thin.uuid() not in {other.uuid() for other in others}


@made
def test_its_signature_is_right(thin):
    """Apple's processors start nothing without one."""
    kinds = [kind for kind, _ in thin.commands]
    if thin.cpu != "arm64":
        assert macho.SIGNATURE not in kinds
        return
    begin, end, flags, wrong = thin.signature()
    assert (wrong, end) == ([], len(thin.bytes)) and begin % 16 == 0
    assert flags & macho.AD_HOC


@made
def test_a_changed_byte_shows_in_the_signature():
    content = bytearray(macho.universal(PROGRAM)["arm64"])
    content[0x4000] ^= 1  # in the second page
    assert macho.Program(bytes(content)).signature()[3] == [1]


@made
def test_it_does_not_tell_where_it_was_made(thin):
    for path in (str(TOP), "macos/work.", os.path.expanduser("~") + "/"):
        assert thin.bytes.find(path.encode()) == -1, path
    assert set(re.findall(rb"(?<![\w.+-])/[\w.+-]+(?:/[\w.+-]+)+\.[chS]\b", thin.bytes)) == set()


@made
def test_the_library_in_it_is_that_of_the_list(thin):
    listed = re.search(r"^openssl (\S+)", (TOP / "deps" / "sources.txt").read_text(), re.M).group(1)
    assert set(re.findall(rb"OpenSSL (3\.[0-9.]+) ", thin.bytes)) == {listed.encode()}


# ---- the compiler ----

def link(cpu, folder, text, prefix=()):
    folder.mkdir()
    (folder / "a.c").write_text(text)
    subprocess.run([*prefix, TOP / "deps" / "macos" / "cc", cpu, "-O1", "-o", "a", "a.c"], cwd=folder, check=True)
    return (folder / "a").read_bytes()


@compiled
@pytest.mark.parametrize("cpu", OLDEST)
def test_the_number_of_processors_changes_nothing(cpu, tmp_path):
    """The linker's UUID would be another one."""
    mine = sorted(os.sched_getaffinity(0))
    if len(mine) < 2 or shutil.which("taskset") is None:
        pytest.skip("this machine has one processor only")
    text = '#include <stdio.h>\nint main(void)\n{\n\treturn puts("linked") < 0;\n}\n'
    found = [hashlib.sha256(link(cpu, tmp_path / cpus, text, ["taskset", "-c", cpus])).hexdigest()
             for cpus in (str(mine[0]), str(mine[-1]), f"{mine[0]},{mine[-1]}")]
    assert len(set(found)) == 1


@compiled
def test_a_symbol_that_old_systems_lack_is_found(tmp_path):
    """FD_SET asks whether a newer system's function is there; linked, the program asks for it at its start."""
    text = ("#include <sys/select.h>\nint main(int count, char **words)\n{\n\tfd_set set;\n\n\t(void)words;\n"
            "\tFD_ZERO(&set);\n\tFD_SET(count, &set);\n\treturn select(count, &set, 0, 0, 0);\n}\n")
    found = {one.name for one in macho.Program(link("x86_64", tmp_path / "a", text)).imports() if not one.weak}
    assert NEWER in found and NEWER not in symbols("x86_64")
