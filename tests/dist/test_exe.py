"""The Windows program as a file: what it needs, how it is hardened, what it tells about itself and what not."""
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as xml

import pe
import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
EXE = TOP / "build" / "windows" / "preflight.exe"
VERSION = re.search(r'PREFLIGHT_VERSION "(.*)"', (TOP / "include" / "version.h").read_text()).group(1)

pytestmark = pytest.mark.skipif("windows" not in os.environ.get("PREFLIGHT_BUILDS", "").split(),
                                reason="about the Windows program (make test-windows)")

# Every Windows since 7 has these in system32.
SYSTEM = {"advapi32.dll", "bcrypt.dll", "comctl32.dll", "comdlg32.dll", "crypt32.dll", "dnsapi.dll", "gdi32.dll",
          "iphlpapi.dll", "kernel32.dll", "msvcrt.dll", "ncrypt.dll", "ntdll.dll", "ole32.dll", "oleaut32.dll", "rasapi32.dll",
          "shell32.dll", "shlwapi.dll", "user32.dll", "version.dll", "winhttp.dll", "ws2_32.dll", "wtsapi32.dll"}


@pytest.fixture(scope="module")
def program():
    return pe.Program(EXE)


def test_it_needs_nothing_but_windows(program):
    """At its start only libraries that Windows never takes from elsewhere; what brings others along comes later."""
    names = {name.lower() for name in program.imports()}
    assert names == {"kernel32.dll", "msvcrt.dll", "ws2_32.dll"}
    later = {name.decode().lower() for name in re.findall(rb"(?<![\w.-])[A-Za-z0-9_-]+\.(?:dll|DLL)(?=\0)", program.bytes)}
    assert names < later <= SYSTEM
    assert program.machine == pe.MACHINE_AMD64 and EXE.stat().st_size <= 8 << 20


def test_it_is_a_console_program(program):
    """cmd.exe does not wait for others, and they have no standard output."""
    assert program.subsystem == pe.SUBSYSTEM_CONSOLE


def test_it_is_hardened(program):
    """
    No data is run, nothing has a fixed address, in all of 64 bits. (Control Flow Guard needs tables that GNU's linker
    cannot make.)
    """
    wanted = pe.DLL_HIGH_ENTROPY_VA | pe.DLL_DYNAMIC_BASE | pe.DLL_NX_COMPAT
    assert program.dll_flags & wanted == wanted
    assert not program.flags & pe.FILE_RELOCS_STRIPPED
    assert program.directories[pe.RELOCATIONS][1] > 1000, "addresses cannot be moved without relocations"
    for section in program.sections:
        assert not (section.flags & pe.EXECUTE and section.flags & pe.WRITE), section
    assert [section.name for section in program.sections if section.flags & pe.EXECUTE] == [".text"]


def test_overwritten_stacks_end_it(program):
    assert b"RaiseFailFastException\0" in program.bytes, "src/platform/windows_start.c ends it by that"
    flags = subprocess.run(["make", "-n", "-B", "V=1", "TARGET=windows", "build/windows/src/main.o"], cwd=TOP,
                           capture_output=True, text=True, check=True).stdout
    for flag in ("-fstack-protector-strong", "-fcf-protection=full", "-D_FORTIFY_SOURCE=2"):
        assert flag in flags, flag


def test_it_has_no_time_and_no_symbols(program):
    assert program.time == 0 and program.symbols == 0
    assert program.directories[pe.DEBUG] == (0, 0) and program.directories[pe.EXPORTS] == (0, 0)
    assert not [section.name for section in program.sections if section.name.startswith((".debug", "/"))]


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le"])
def test_it_does_not_tell_where_it_was_made(program, encoding):
    for path in (str(TOP), "build/windows", "windows/work.", os.path.expanduser("~") + "/", "/usr/share/mingw",
                 "/usr/lib/gcc", "x86_64-w64-mingw32", "GCC: ("):
        assert program.bytes.find(path.encode(encoding)) == -1, path


def test_it_has_no_absolute_names_of_sources(program):
    """Of whatever folder: libraries may have been built elsewhere."""
    assert set(re.findall(rb"(?<![\w.+-])/[\w.+-]+(?:/[\w.+-]+)+\.[chS]\b", program.bytes)) == set()
    assert set(re.findall(rb"[ -~]*work\.\w{6}[/\\][ -~]*", program.bytes)) == set()


def test_its_properties_have_the_version(program):
    (content,) = program.resources(pe.TYPE_VERSION).values()
    words, numbers = pe.version_strings(content)
    four = tuple(int(part) for part in VERSION.split("-")[0].split(".")) + (0,)
    assert numbers == [four, four]
    assert words["FileVersion"] == words["ProductVersion"] == VERSION
    assert words["OriginalFilename"] == "preflight.exe" and words["ProductName"] == "preflight"


def test_its_manifest(program):
    """No question for a password, no folder of a guest, long and Japanese paths, the true version of Windows."""
    ((where, content),) = program.resources(pe.TYPE_MANIFEST).items()
    assert where[0] == 1
    root = xml.fromstring(content)
    found = {}
    for element in root.iter():
        found.setdefault(element.tag.split("}")[1], []).append(element)
    (identity,) = found["assemblyIdentity"]
    assert identity.get("version") == VERSION.split("-")[0] + ".0" and identity.get("processorArchitecture") == "amd64"
    (level,) = found["requestedExecutionLevel"]
    assert (level.get("level"), level.get("uiAccess")) == ("asInvoker", "false")
    assert {one.get("Id") for one in found["supportedOS"]} == {
        "{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}", "{1f676c76-80e1-4239-95bb-83d0f6d0da78}",
        "{4a2f28e3-53b9-4441-ba9c-d69d4a4a6e38}", "{35138b9a-5d96-4fbd-8e2d-a2440225f93a}"}
    assert [one.text for one in found["longPathAware"]] == ["true"]
    assert [one.text for one in found["activeCodePage"]] == ["UTF-8"]


def test_the_library_in_it_is_that_of_the_list(program):
    """OpenSSL alone keeps its name in the program; tools/sbom.py compares the headers of the others."""
    listed = re.search(r"^openssl (\S+)", (TOP / "deps" / "sources.txt").read_text(), re.M).group(1)
    assert set(re.findall(rb"OpenSSL (3\.[0-9.]+) ", program.bytes)) == {listed.encode()}
