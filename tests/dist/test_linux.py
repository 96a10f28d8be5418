"""make dist-linux, make deb: what is in them, that they run elsewhere, that they are the same from every build."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tarfile

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
VERSION = re.search(r'PREFLIGHT_VERSION "(.*)"', (TOP / "include" / "version.h").read_text())[1]
MACHINE = os.uname().machine
NAME = f"preflight-{VERSION}-linux-{MACHINE}"
EPOCH = 1767225600
LIBRARIES = {line.split()[0] for line in (TOP / "deps" / "sources.txt").read_text().splitlines()
             if not line.startswith("#")}

# One worker for all: they share build/linux.
pytestmark = [pytest.mark.xdist_group("dist-linux"),
              pytest.mark.skipif(not (TOP / "build" / "linux" / "deps" / "stamp").is_file(),
                                 reason="its libraries take some minutes to build: make test-dist")]


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def make(tree, target, folder, **environment):
    run("make", "-C", tree, "--no-print-directory", target, f"DIST={folder}",
        env={**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), "DEBFULLNAME": "A Tester",
             "DEBEMAIL": "tester@example.org", **environment})
    return folder


@pytest.fixture(name="dist", scope="module")
def dist_fixture(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    make(TOP, "dist-linux", folder)
    return make(TOP, "deb", folder)


@pytest.fixture(name="unpacked", scope="module")
def unpacked_fixture(dist, tmp_path_factory):
    place = tmp_path_factory.mktemp("unpacked")
    run("tar", "-xzf", dist / f"{NAME}.tar.gz", "-C", place)
    return place / NAME


@pytest.fixture(name="deb", scope="module")
def deb_fixture(dist):
    (package,) = dist.glob("*.deb")
    return package


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---- the archive ----

def test_archive_has_what_belongs_to_it(dist):
    with tarfile.open(dist / f"{NAME}.tar.gz") as archive:
        members = archive.getmembers()
    names = [member.name for member in members]
    assert names == sorted(names) and all(name == NAME or name.startswith(f"{NAME}/") for name in names)
    files = {member.name.removeprefix(f"{NAME}/"): member for member in members if member.isfile()}
    assert set(files) == {
        "preflight", "README.md", "README.ja.md", "CHANGELOG.md", "LICENSE", "rules.yaml", "man/preflight.1",
        "man/preflight-rules.5", "completion/preflight.bash", "completion/_preflight",
        *(f"LICENSES/{library}" for library in LIBRARIES)}
    for member in members:
        assert (member.uid, member.gid, member.uname, member.gname, member.mtime) == (0, 0, "", "", EPOCH)
        assert member.mode == (0o755 if member.isdir() or member.name.endswith("/preflight") else 0o644), member.name


def test_files_of_the_archive_are_those_of_the_tree(unpacked):
    program = unpacked / "preflight"
    for name in ("README.md", "LICENSE", "rules.yaml", "man/preflight.1", "man/preflight-rules.5"):
        assert (unpacked / name).read_bytes() == (TOP / name).read_bytes()
    assert run(program, "--version").strip() == f"preflight {VERSION}"
    assert (unpacked / "completion" / "preflight.bash").read_text() == run(program, "completion", "bash")
    assert (unpacked / "completion" / "_preflight").read_text() == run(program, "completion", "zsh", "--lang", "ja")
    assert "Apache License" in (unpacked / "LICENSES" / "openssl").read_text()
    run(program, "lint", unpacked / "rules.yaml")


def test_program_needs_nothing_but_an_old_glibc(unpacked):
    program = unpacked / "preflight"
    headers = run("readelf", "--wide", "--dynamic", "--program-headers", "--version-info", program)
    assert set(re.findall(r"NEEDED.*\[(.*)\]", headers)) <= {"libc.so.6", "ld-linux-x86-64.so.2"}
    assert "RPATH" not in headers and "RUNPATH" not in headers
    versions = {tuple(map(int, found.split("."))) for found in re.findall(r"Name: GLIBC_([0-9.]+)", headers)}
    assert versions and max(versions) <= (2, 34)
    assert "DT_RELR" not in headers  # glibc 2.36
    assert re.search(r"FLAGS.*NOW", headers) and "GNU_RELRO" in headers and "DYN (" in run("readelf", "-h", program)
    assert re.search(r"GNU_STACK.* RW ", headers)
    symbols = run("objdump", "--dynamic-syms", program)
    assert re.search(r"UND.*GLIBC.*getaddrinfo", symbols)  # the OS's own resolver, with nsswitch.conf


def test_program_tells_nothing_of_where_it_was_built(unpacked):
    text = (unpacked / "preflight").read_bytes()
    for folder in {str(TOP), str(pathlib.Path.home()) + "/", "build/linux/work"}:
        if len(folder) > 6:
            assert folder.encode() not in text


def test_program_opens_old_containers_without_a_module(unpacked, tmp_path):
    """RC2-40 is in OpenSSL's legacy provider, which is a file of the system where it is not compiled in."""
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", "key", "-out", "cert",
        cwd=tmp_path)
    run("openssl", "pkcs12", "-export", "-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-inkey", "key", "-in", "cert",
        "-out", "old.p12", "-passout", "pass:abc", cwd=tmp_path)
    (tmp_path / "password").write_text("abc")
    done = subprocess.run(["unshare", "-n", unpacked / "preflight", "--only", "term-certificate", "--cert", "old.p12",
                           "--password-file", "password", "-v", "--lang", "en", "--identify", "-o", "report.json"],
                          cwd=tmp_path, capture_output=True, text=True, check=False,
                          env={"OPENSSL_MODULES": "/nonexistent", "PATH": os.environ["PATH"]})
    report = (tmp_path / "report.json").read_text()
    assert '"PBE-SHA1-RC2-40"' in report and '"key_matches": true' in report, done.stdout + done.stderr


def test_two_builds_are_the_same(dist, tmp_path):
    """In another folder, with another umask, time zone and language; the program is compiled anew."""
    tree = tmp_path / "elsewhere"
    tree.mkdir()
    names = run("git", "-C", TOP, "ls-files", "-co", "--exclude-standard").splitlines()
    for name in names:
        if (TOP / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, tree / name)
            os.utime(tree / name, (1, 1))
    (tree / "build" / "linux").mkdir(parents=True)
    shutil.copytree(TOP / "build" / "linux" / "deps", tree / "build" / "linux" / "deps")
    other = tmp_path / "dist"
    old = os.umask(0o077)
    try:
        make(tree, "dist-linux", other, TZ="Asia/Tokyo", LANG="ja_JP.UTF-8", LC_ALL="C.UTF-8")
        make(tree, "deb", other, TZ="Asia/Tokyo")
    finally:
        os.umask(old)
    assert {path.name: digest(path) for path in other.iterdir()} == {
        path.name: digest(path) for path in dist.iterdir()}


# ---- the Debian package ----

def test_lintian_has_nothing_to_say(deb):
    assert run("lintian", "--profile", "debian", "--allow-root", "--fail-on", "error,warning", deb) == ""


def test_control_fields(deb):
    fields = {name: run("dpkg-deb", "-f", deb, name).strip() for name in
              ("Package", "Version", "Depends", "Built-Using", "Maintainer", "Homepage")}
    assert fields["Package"] == "preflight" and fields["Version"].startswith(f"{VERSION}-")
    assert fields["Depends"] == "libc6 (>= 2.34)"
    assert set(re.findall(r"([a-z0-9-]+) \(= [^)]+\)", fields["Built-Using"])) == LIBRARIES
    assert fields["Maintainer"] == "A Tester <tester@example.org>" and fields["Homepage"] == ""


def words_of(text):
    return re.sub(r"[^a-z]+", " ", text.lower())


def test_copyright_has_the_licenses_of_all_libraries(deb, tmp_path):
    run("dpkg-deb", "-x", deb, tmp_path)
    text = (tmp_path / "usr/share/doc/preflight/copyright").read_text()
    assert text.startswith("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n")
    assert {name for name in re.findall(r"^Files: ([a-z0-9-]+)/", text, re.M)} == LIBRARIES
    short, full = (set(found) for found in (re.findall(r"^License: (\S+)\n(?! )", text, re.M),
                                            re.findall(r"^License: (\S+)\n ", text, re.M)))
    assert short == full
    for library in LIBRARIES - {"openssl"}:  # whose license Debian has a copy of
        words = words_of((TOP / "build/linux/deps/licenses" / library).read_text())
        sentence = re.search(r"(permission (?:is hereby granted|to use copy)(?: [a-z]+){40})", words)[1]
        assert sentence in words_of(text), library


def test_package_installs_runs_and_goes(deb, unpacked, tmp_path):
    """Into a root of its own: nothing is left when it is purged."""
    database = tmp_path / "var/lib/dpkg"
    for folder in ("info", "updates"):
        (database / folder).mkdir(parents=True)
    (database / "status").touch()
    dpkg = ["dpkg", f"--root={tmp_path}", "--force-depends", "--force-script-chrootless"]
    run(*dpkg, "--install", deb)
    program = tmp_path / "usr/bin/preflight"
    assert program.read_bytes() == (unpacked / "preflight").read_bytes()
    assert run(program, "--version").strip() == f"preflight {VERSION}"
    assert "term-disk" in run(program, "list", "--lang", "en")
    for name in ("usr/share/man/man1/preflight.1.gz", "usr/share/man/man5/preflight-rules.5.gz",
                 "usr/share/bash-completion/completions/preflight", "usr/share/zsh/vendor-completions/_preflight",
                 "usr/share/doc/preflight/changelog.gz", "usr/share/doc/preflight/examples/rules.yaml"):
        assert (tmp_path / name).is_file(), name
    run(*dpkg, "--remove", "preflight")
    assert not program.exists()
    run(*dpkg, "--purge", "preflight")
    assert not (tmp_path / "usr").exists()
    assert [path for path in (database / "info").iterdir() if path.name.startswith("preflight")] == []


# ---- make install ----

def test_install_puts_everything_in_its_place(tmp_path, dist):
    assert dist.is_dir()
    run("make", "-C", TOP, "--no-print-directory", "install", "LIBS=pinned", "BUILD=build/linux",
        "PROGRAM=build/linux/preflight", f"DESTDIR={tmp_path}", "PREFIX=/opt/preflight")
    found = {str(path.relative_to(tmp_path / "opt/preflight")) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"bin/preflight", "share/man/man1/preflight.1", "share/man/man5/preflight-rules.5",
                     "share/bash-completion/completions/preflight", "share/zsh/site-functions/_preflight"}
