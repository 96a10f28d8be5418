"""
A release: one version everywhere, archives that have the same bytes each time, the SBOM, all or nothing.

What is made here is small and takes seconds; `make dist-check` makes the whole release twice (libraries included: a
quarter of an hour) and runs these tests on it, with PREFLIGHT_RELEASE=FOLDER.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tarfile
import zipfile

import pytest
import spdx

TOP = pathlib.Path(__file__).resolve().parents[2]
VERSION = re.search(r'PREFLIGHT_VERSION "(.*)"', (TOP / "include" / "version.h").read_text()).group(1)
SOURCES = TOP / "deps" / "windows-sources.txt"
EPOCH = 1700000000
NAMES = [f"preflight-{VERSION}.tar.gz", f"preflight-{VERSION}-windows-x86_64.exe",
         f"preflight-{VERSION}-windows-x86_64.zip", f"preflight-{VERSION}-linux-x86_64.tar.gz",
         f"preflight_{VERSION}_amd64.deb"]


def run(*words, check=False, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120, check=check,
                          **more)


# ---- the version ----

def newest_heading():
    return re.search(r"^## \[(.*?)\] - (.*)$", (TOP / "CHANGELOG.md").read_text(), re.M).groups()


def test_the_changelog_begins_with_this_version():
    version, date = newest_heading()
    assert version == VERSION and re.search(r"\d{4}-\d\d-\d\d", date)


def test_the_version_stands_in_one_place():
    """Whatever else shows it takes it from include/version.h."""
    found = []
    for folder in ("src", "include", "checks", "tools", "man"):
        for path in sorted((TOP / folder).rglob("*")):
            if path.is_file() and path.suffix in (".c", ".h", ".rc", ".manifest", ".py", ".1", ".5", ".in", ""):
                if re.search(rf"(?<![\d.]){re.escape(VERSION)}(?![\d.]*\d)", path.read_text()):
                    found.append(str(path.relative_to(TOP)))
    assert found == ["include/version.h"]
    assert VERSION not in (TOP / "Makefile").read_text() + (TOP / "dist.mk").read_text()


# ---- ZIP ----

def pack(out, *pairs, epoch=EPOCH, **more):
    return run(TOP / "tools" / "zip.py", "--epoch", epoch, out, *pairs, **more)


def test_zip_archives_of_the_same_files_are_the_same(tmp_path):
    for name, content in (("a", b"\x00\xff" * 5000), ("b", "説明\n二行目\r\n".encode()), ("c", b"plain\n")):
        (tmp_path / name).write_bytes(content)
    pairs = [f"x.exe={tmp_path}/a", f"README.ja.txt={tmp_path}/b", f"LICENSES/c.txt={tmp_path}/c"]
    assert pack(tmp_path / "1.zip", *pairs).returncode == 0
    for name in "abc":
        os.utime(tmp_path / name, (1, 1))
        (tmp_path / name).chmod(0o600)
    other = {**os.environ, "TZ": "Asia/Tokyo"}
    assert pack(tmp_path / "2.zip", *reversed(pairs), env=other, umask=0o077).returncode == 0
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["LICENSES/c.txt", "README.ja.txt", "x.exe"]
        assert {info.date_time for info in archive.infolist()} == {(2023, 11, 14, 22, 13, 20)}
        assert archive.read("x.exe") == b"\x00\xff" * 5000
        assert archive.read("README.ja.txt") == b"\xef\xbb\xbf" + "説明\r\n二行目\r\n".encode()
        assert archive.read("LICENSES/c.txt") == b"plain\r\n"


@pytest.mark.parametrize("pairs", [["name"], ["=file"], ["a={a}", "a={a}"], ["a=missing"]])
def test_zip_wants_a_name_and_a_file(tmp_path, pairs):
    (tmp_path / "a").write_text("a")
    done = pack(tmp_path / "out.zip", *[pair.format(a=tmp_path / "a") for pair in pairs], cwd=tmp_path)
    assert done.returncode != 0 and not (tmp_path / "out.zip").exists()


# ---- SBOM ----

@pytest.fixture
def tools(tmp_path):
    """A PATH where compilers and Debian's database say what they would on a machine that has them."""
    folder = tmp_path / "bin"
    folder.mkdir()
    scripts = {
        "x86_64-w64-mingw32-gcc": 'echo "/nowhere/mingw/${1#-print-file-name=}"',
        "cc": 'echo "/nowhere/gcc/${1#-print-file-name=}"',
        "dpkg-query": 'case "$*" in *mingw/libmingwex*) echo "mingw-dev: $2" ;; *mingw/libgcc*) echo "gcc-mingw: $2" ;;\n'
                      '*gcc/libgcc*) echo "libgcc-99-dev:amd64: $2" ;;\n'
                      '*) echo "source-of-$4 1:2~3+4 $4 1:2~3+4 amd64" ;; esac',
    }
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:/usr/bin:/bin"}


@pytest.fixture
def release(tmp_path):
    folder = tmp_path / "release"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_text(f"content of {name}")
    for name in ("SHA256SUMS", "preflight.rb", "Some.Package.yaml"):
        (folder / name).write_text("")
    return folder


def sbom(release, env, *more, sources=SOURCES, epoch=EPOCH):
    return run("/usr/bin/python3", TOP / "tools" / "sbom.py", "--version", VERSION, "--epoch", epoch, "--sources",
               sources, *more, release, env=env)


def read_sbom(release):
    return json.loads((release / f"preflight-{VERSION}.spdx.json").read_text())


def linked(document, file):
    """{SPDXID: versionInfo} of what is linked into a file of the release."""
    packages = {package["SPDXID"]: package for package in document["packages"]}
    (one,) = [package["SPDXID"] for package in document["packages"] if package.get("packageFileName") == file]
    return {relation["relatedSpdxElement"]: packages[relation["relatedSpdxElement"]]["versionInfo"]
            for relation in document["relationships"]
            if relation["spdxElementId"] == one and relation["relationshipType"] == "STATIC_LINK"}


def test_sbom_is_valid_and_complete(release, tools):
    done = sbom(release, tools)
    assert (done.returncode, done.stderr) == (0, "")
    document = read_sbom(release)
    assert list(spdx.problems(document)) == []
    assert document["creationInfo"]["created"] == "2023-11-14T22:13:20Z"
    described = {package["packageFileName"]: package for package in document["packages"]
                 if package["SPDXID"] in document["documentDescribes"]}
    assert sorted(described) == sorted(NAMES)
    for name in NAMES:
        digest = hashlib.sha256((release / name).read_bytes()).hexdigest()
        assert described[name]["checksums"] == [{"algorithm": "SHA256", "checksumValue": digest}]
        assert described[name]["versionInfo"] == VERSION
    rows = [line.split() for line in SOURCES.read_text().splitlines() if line and not line.startswith("#")]
    libraries = {f"SPDXRef-library-{row[0]}": row[1] for row in rows}
    assert linked(document, NAMES[1]) == linked(document, NAMES[2]) == {
        **libraries, "SPDXRef-runtime-mingw-dev": "1:2~3+4", "SPDXRef-runtime-gcc-mingw": "1:2~3+4"}
    assert linked(document, NAMES[3]) == linked(document, NAMES[4]) == {
        **libraries, "SPDXRef-runtime-libgcc-99-dev": "1:2~3+4"}
    assert linked(document, NAMES[0]) == {}
    sources = {package.get("packageFileName"): package["checksums"][0]["checksumValue"]
               for package in document["packages"] if package["SPDXID"].startswith("SPDXRef-library-")}
    assert sources == {row[3]: row[4] for row in rows}


@pytest.mark.parametrize("path, value, said", [
    (["spdxVersion"], "SPDX-2.2", "spdxVersion"),
    (["documentNamespace"], "https://spdx.org/x#y", "documentNamespace"),
    (["creationInfo", "created"], "2023-11-14 22:13:20", "created"),
    (["creationInfo", "creators", 0], "somebody", "creators"),
    (["packages", 0, "SPDXID"], "SPDXRef-with_underscore", "SPDXID"),
    (["packages", 0, "downloadLocation"], None, "no downloadLocation"),
    (["packages", 0, "filesAnalyzed"], True, "packageVerificationCode"),
    (["packages", 0, "colour"], "red", "colour is not a member of it"),
    (["packages", 0, "licenseDeclared"], "Apache 2", "is not on the license list"),
    (["packages", 0, "checksums", 0, "checksumValue"], "AB" * 32, "checksums"),
    (["packages", 0, "supplier"], "Debian", "supplier"),
    (["packages", 0, "externalRefs", 0, "referenceLocator"], "pkg:deb/debian/a", "purl"),
    (["packages", 1, "SPDXID"], "SPDXRef-DOCUMENT", "stands there twice"),
    (["relationships", 0, "relationshipType"], "LINKS", "relationshipType"),
    (["relationships", 0, "relatedSpdxElement"], "SPDXRef-nothing", "is nowhere"),
    (["relationships"], [], "describe"),
])
def test_the_rules_notice_what_is_wrong(release, tools, path, value, said):
    assert sbom(release, tools).returncode == 0
    document = read_sbom(release)
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    assert [problem for problem in spdx.problems(document) if said in problem]


def test_sbom_of_the_same_files_is_the_same(release, tools, tmp_path):
    assert sbom(release, tools).returncode == 0
    first = (release / f"preflight-{VERSION}.spdx.json").read_bytes()
    assert sbom(release, {**tools, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"}).returncode == 0
    assert (release / f"preflight-{VERSION}.spdx.json").read_bytes() == first
    (release / NAMES[1]).write_text("other content")
    assert sbom(release, tools).returncode == 0
    assert read_sbom(release)["documentNamespace"] != json.loads(first)["documentNamespace"]


@pytest.mark.parametrize("edit, said", [
    ({"add": "preflight.dmg"}, "nobody knows what this file of the release is"),
    ({"list": "openssl 3.5.7 o/openssl openssl.tar"}, "not NAME VERSION POOL-FOLDER FILE SHA-256"),
    ({"list": "zlib 1.3 z/zlib zlib_1.3.orig.tar.gz " + "0" * 64}, "no license is known"),
    ({"empty": True}, "no archives here"),
])
def test_sbom_tells_what_it_cannot_say(release, tools, tmp_path, edit, said):
    sources = tmp_path / "list"
    sources.write_text(edit.get("list", SOURCES.read_text()))
    if "add" in edit:
        (release / edit["add"]).write_text("")
    if "empty" in edit:
        for name in NAMES:
            (release / name).unlink()
    done = sbom(release, tools, sources=sources)
    assert done.returncode == 1 and said in done.stderr and done.stdout == ""
    assert not list(release.glob("*.json"))


def built(folder, **other):
    """Installed headers that tell the versions of the list, or others."""
    listed = dict(line.split()[:2] for line in SOURCES.read_text().splitlines() if line and line[0] != "#")
    listed.update(other)
    texts = {"include/openssl/opensslv.h": '# define OPENSSL_VERSION_STR "{openssl}"',
             "include/curl/curlver.h": '#define LIBCURL_VERSION "{curl}"',
             "include/ares_version.h": '#define ARES_VERSION_STR "{c-ares}"',
             "lib/cmake/yamlConfigVersion.cmake": 'set(PACKAGE_VERSION "{libyaml}")',
             "include/jansson.h": '#define JANSSON_VERSION "{jansson}"',
             "lib/pkgconfig/libutf8proc.pc": "Version: {utf8proc}"}
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text.format(**listed) + "\n")
    return folder


def test_sbom_refuses_versions_that_were_not_built(release, tools, tmp_path):
    done = sbom(release, tools, "--libraries", built(tmp_path / "same"))
    assert (done.returncode, done.stderr) == (0, "")
    (release / f"preflight-{VERSION}.spdx.json").unlink()
    done = sbom(release, tools, "--libraries", built(tmp_path / "same"), "--libraries",
                built(tmp_path / "other", curl="8.14.0"))
    assert done.returncode == 1 and "8.14.0 of curl was built, the list says" in done.stderr
    assert not list(release.glob("*.json"))


@pytest.mark.parametrize("kind", ["windows", "linux", "macos"])
def test_what_is_built_here_is_what_the_list_says(release, tools, kind):
    deps = TOP / "build" / kind / "deps"
    if not (deps / "stamp").is_file():
        pytest.skip("not built here")
    done = sbom(release, tools, "--libraries", deps)
    assert (done.returncode, done.stderr) == (0, "")
    names = {line.split()[0] for line in SOURCES.read_text().splitlines() if line and line[0] != "#"}
    for name in names:
        assert "opyright" in (deps / "licenses" / name).read_text(), name


# ---- all of it, or nothing ----

@pytest.fixture
def checkout(tmp_path):
    """What `make dist` needs, committed in a repository of its own."""
    def checkout(where):
        folder = tmp_path / where
        folder.mkdir(parents=True)
        for name in ("Makefile", "dist.mk", "CHANGELOG.md", "LICENSE", "README.md", "include", "tools", "deps", "man"):
            (shutil.copytree if (TOP / name).is_dir() else shutil.copy)(TOP / name, folder / name)
        (folder / ".gitignore").write_text("/build/\n__pycache__/\n")
        env = {**os.environ, "GIT_AUTHOR_DATE": f"{EPOCH} +0000", "GIT_COMMITTER_DATE": f"{EPOCH} +0000"}
        for words in (["init", "-q"], ["add", "."],
                      ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "a"]):
            run("git", *words, cwd=folder, env=env, check=True)
        return folder
    return checkout


def make_dist(folder, *words, **env):
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "SOURCE_DATE"))}
    return run("make", "--no-print-directory", "dist", *words, cwd=folder, env={**kept, **env})


def content_of(folder):
    return {path.name: path.read_bytes() for path in (folder / "build" / "dist").iterdir()}


def test_source_archives_are_the_same_everywhere(checkout):
    """The same commit in two folders; what is built lies beside and does not get in."""
    first, second = checkout("a"), checkout("b/folder/of/another/length")
    (second / "build").mkdir()
    (second / "build" / "x.o").write_text("x")
    for folder, zone in ((first, "UTC"), (second, "Asia/Tokyo")):
        done = make_dist(folder, "PARTS=archive-source", TZ=zone)
        assert done.returncode == 0, done.stderr
    assert content_of(first) == content_of(second)
    names = [f"preflight-{VERSION}.spdx.json", f"preflight-{VERSION}.tar.gz"]
    assert sorted(content_of(first)) == ["SHA256SUMS", *names]
    sums = (first / "build" / "dist" / "SHA256SUMS").read_text()
    assert re.findall(r"^[0-9a-f]{64}  (.*)$", sums, re.M) == names
    assert run("sha256sum", "--strict", "-c", "SHA256SUMS", cwd=first / "build" / "dist").returncode == 0
    with tarfile.open(first / "build" / "dist" / names[1]) as archive:
        members = archive.getmembers()
        assert {member.mtime for member in members} == {EPOCH}
        assert {member.name.split("/")[0] for member in members} == {f"preflight-{VERSION}"}
        assert f"preflight-{VERSION}/tools/make-dist" in archive.getnames()
        assert not [name for name in archive.getnames() if "/build/" in name]
    assert list(spdx.problems(read_sbom(first / "build" / "dist"))) == []


def test_what_is_not_committed_is_not_released(checkout):
    folder = checkout("a")
    (folder / "README.md").write_text("changed")
    (folder / "new.c").write_text("new")
    done = make_dist(folder, "PARTS=archive-source")
    assert done.returncode != 0 and " M README.md" in done.stderr and "?? new.c" in done.stderr
    assert not (folder / "build").exists() or os.listdir(folder / "build") == []
    assert make_dist(folder, "PARTS=archive-source", DIST_DIRTY="1").returncode == 0


def test_half_a_release_is_none(checkout):
    folder = checkout("a")
    assert make_dist(folder, "PARTS=archive-source").returncode == 0
    before = content_of(folder)
    done = make_dist(folder, "PARTS=archive-source no-such-part")
    assert done.returncode != 0 and "no-such-part failed; build/dist is as it was" in done.stderr
    (folder / "deps" / "windows-sources.txt").write_text("nonsense\n")
    done = make_dist(folder, "PARTS=archive-source", DIST_DIRTY="1")
    assert done.returncode != 0 and "no SBOM; build/dist is as it was" in done.stderr
    assert content_of(folder) == before and os.listdir(folder / "build") == ["dist"]


# ---- where libraries come from ----

@pytest.fixture
def fetch(tmp_path):
    """Fetches what a list names, without any network."""
    def fetch(lines, **env):
        (tmp_path / "list").write_text("# a comment\n" + "".join(line + "\n" for line in lines))
        for name in ("cache", "work", "out"):
            (tmp_path / name).mkdir(exist_ok=True)
        script = (f"set -eu; top={tmp_path} list={tmp_path}/list cache={tmp_path}/cache work={tmp_path}/work "
                  f"out={tmp_path}/out log={tmp_path}/log cflags= jobs=1; : >$log; . {TOP}/deps/sources.sh; "
                  "fetch_all || fail 'cannot get the sources'")
        return run("unshare", "-n", "sh", "-c", script, env={**os.environ, "LC_ALL": "C", **env})
    return fetch


def test_sources_are_taken_when_their_bytes_are_right(fetch, tmp_path):
    offered = tmp_path / "offered"
    offered.mkdir()
    (offered / "a_1.orig.tar.gz").write_bytes(b"right")
    line = f"a 1 a/a a_1.orig.tar.gz {hashlib.sha256(b'right').hexdigest()}"
    done = fetch([line], SOURCES=f"/nowhere {offered}")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "cache" / "a_1.orig.tar.gz").read_bytes() == b"right"
    shutil.rmtree(offered)
    assert fetch([line]).returncode == 0, "what was fetched once is kept"


def test_sources_with_other_bytes_are_refused(fetch, tmp_path):
    (tmp_path / "offered").mkdir()
    (tmp_path / "offered" / "a_1.orig.tar.gz").write_bytes(b"wrong")
    right, wrong = (hashlib.sha256(text).hexdigest() for text in (b"right", b"wrong"))
    done = fetch([f"a 1 a/a a_1.orig.tar.gz {right}"], SOURCES=tmp_path / "offered")
    assert done.returncode == 1
    assert f"a_1.orig.tar.gz: SHA-256 {wrong}, but deps/windows-sources.txt wants {right}" in done.stderr
    assert "a_1.orig.tar.gz (a 1) cannot be had" in done.stderr and "the whole log: log" in done.stderr
    assert os.listdir(tmp_path / "cache") == []


# ---- a whole release that was made ----

@pytest.fixture(scope="module")
def whole():
    if "PREFLIGHT_RELEASE" not in os.environ:
        pytest.skip("make dist-check makes one")
    return pathlib.Path(os.environ["PREFLIGHT_RELEASE"]).resolve()


def test_whole_release(whole):
    assert run("sha256sum", "--strict", "-c", "SHA256SUMS", cwd=whole).returncode == 0
    listed = {line.split()[1] for line in (whole / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(os.listdir(whole)) - {"SHA256SUMS"}
    assert {f"preflight-{VERSION}.tar.gz", f"preflight-{VERSION}-windows-x86_64.exe",
            f"preflight-{VERSION}-windows-x86_64.zip", f"preflight-{VERSION}.spdx.json"} <= listed


def test_whole_sbom(whole):
    document = read_sbom(whole)
    assert list(spdx.problems(document)) == []
    described = {package["packageFileName"] for package in document["packages"]
                 if package["SPDXID"] in document["documentDescribes"]}
    assert described == {name for name in os.listdir(whole) if name.startswith("preflight") and not
                         name.endswith((".json", ".rb"))}
    for name in described:
        binary = name != f"preflight-{VERSION}.tar.gz"
        assert (len(linked(document, name)) >= 6) == binary, name


def test_whole_windows_archive(whole):
    exe = (whole / f"preflight-{VERSION}-windows-x86_64.exe").read_bytes()
    assert len(exe) <= 8 << 20
    with zipfile.ZipFile(whole / f"preflight-{VERSION}-windows-x86_64.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(["preflight.exe", "rules.yaml", "README.txt", "README.ja.txt",
                                             "CHANGELOG.txt", "LICENSE.txt", *(
                                                 f"LICENSES/{name}.txt" for name in (
                                                     "openssl", "curl", "c-ares", "libyaml", "jansson", "utf8proc",
                                                     "gcc", "mingw-w64"))])
        assert archive.read("preflight.exe") == exe
        assert archive.read("rules.yaml") == (TOP / "rules.yaml").read_bytes()
        for name, words in (("openssl", "Apache License"), ("curl", "Daniel Stenberg"), ("gcc", "GCC RUNTIME LIBRARY"),
                            ("mingw-w64", "mingw-w64 project"), ("utf8proc", "UNICODE"), ("libyaml", "Kirill"),
                            ("jansson", "Petri Lehtinen"), ("c-ares", "Massachusetts Institute")):
            assert words.lower() in archive.read(f"LICENSES/{name}.txt").decode("utf-8-sig").lower(), name
