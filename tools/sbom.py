#!/usr/bin/python3
"""
Writes the software bill of materials of a release, SPDX 2.3 as JSON: what each file of the release is, and which
libraries of which versions are linked into it.

    tools/sbom.py --version 1.2.3 --epoch SECONDS --sources deps/windows-sources.txt [--libraries FOLDER]... RELEASE

RELEASE is the folder with the archives; what they are is told by their names. The versions are those of the pinned
source packages, compared with the headers in FOLDER (build/windows/deps and the like), and of the compilers' packages.
The same files give the same text.
"""
import argparse
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import urllib.parse
import uuid

# The licenses of the libraries, and where an installed library tells its version.
LIBRARIES = {
    "openssl": ("Apache-2.0", "include/openssl/opensslv.h", r'OPENSSL_VERSION_STR "(.*)"'),
    "curl": ("curl", "include/curl/curlver.h", r'LIBCURL_VERSION "(.*)"'),
    "c-ares": ("MIT", "include/ares_version.h", r'ARES_VERSION_STR "(.*)"'),
    "libyaml": ("MIT", "lib/cmake/yamlConfigVersion.cmake", r'PACKAGE_VERSION "(.*)"'),
    "jansson": ("MIT", "include/jansson.h", r'JANSSON_VERSION "(.*)"'),
    "utf8proc": ("MIT AND Unicode-DFS-2015", "lib/pkgconfig/libutf8proc.pc", r"Version: (.*)"),
}

# The compilers' own parts of a program: compiler, the file that is linked, license.
RUNTIMES = {
    "windows": [("x86_64-w64-mingw32-gcc", "libmingwex.a", "ZPL-2.1"),
                ("x86_64-w64-mingw32-gcc", "libgcc.a", "GPL-3.0-or-later WITH GCC-exception-3.1")],
    "linux": [("cc", "libgcc.a", "GPL-3.0-or-later WITH GCC-exception-3.1")],
    "macos": [],
}

# What a file of the release is: the end of its name, the system that it is for, what kind of thing.
KINDS = [
    (r"-windows-\w+\.exe", "windows", "APPLICATION"),
    (r"-windows-\w+\.zip", "windows", "ARCHIVE"),
    (r"-linux-\w+\.tar\.\w+", "linux", "ARCHIVE"),
    (r"\.deb", "linux", "INSTALL"),
    (r"-macos-?\w*\.(tar\.\w+|zip)", "macos", "ARCHIVE"),
    (r"\d\.tar\.\w+", None, "SOURCE"),
]

# What has no program in it: this list of materials, the manifests of package managers.
WRITINGS = {".json", ".rb", ".yaml"}


def fail(text):
    sys.exit(f"sbom.py: {text}")


def read_sources(path):
    """[{name, version, files: [(file, sha256)], revision}] of the list that deps/build-* build from."""
    found = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        words = line.split()
        if len(words) != 5 or not re.fullmatch("[0-9a-f]{64}", words[4]):
            fail(f"{path}:{number}: not NAME VERSION POOL-FOLDER FILE SHA-256")
        name, version, _, file, digest = words
        one = found.setdefault(name, {"name": name, "version": version, "revision": version, "files": []})
        one["files"].append((file, digest))
        if match := re.fullmatch(rf"{re.escape(name)}_(.*)\.debian\.tar\.\w+", file):
            one["revision"] = match.group(1)
    for name in found:
        if name not in LIBRARIES:
            fail(f"{path}: {name}: no license is known, see LIBRARIES in this script")
    return list(found.values())


def compare_with_built(sources, folder):
    """What was built may be older than the list: an SBOM of other versions would be a lie."""
    for source in sources:
        _, file, pattern = LIBRARIES[source["name"]]
        match = re.search(pattern, (folder / file).read_text())
        if not match or match.group(1).strip() not in (source["version"], source["version"] + ".0"):
            fail(f"{folder / file}: {match.group(1).strip() if match else 'no version'} of {source['name']} was built, "
                 f"the list says {source['version']}")


def output_of(*words):
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        fail(f"{' '.join(words)}: {error}")


def debian_package(compiler, file):
    """(source package, its version, package, its version, its architecture) that the compiler's file comes from."""
    path = pathlib.Path(output_of(compiler, f"-print-file-name={file}").strip()).resolve()
    package = output_of("dpkg-query", "-S", str(path)).split(":")[0]
    form = "${source:Package} ${source:Version} ${Package} ${Version} ${Architecture}"
    return output_of("dpkg-query", "-W", "-f", form, package).split()


def purl(name, version, **qualifiers):
    return (f"pkg:deb/debian/{name}@{urllib.parse.quote(version, safe='~')}?"
            + "&".join(f"{key}={value}" for key, value in sorted(qualifiers.items())))


def package(name, version, **more):
    return {"SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", more.pop("id", name)), "name": name,
            "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION", **more}


def reference(text):
    return [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": text}]


def sha256(digest):
    return [{"algorithm": "SHA256", "checksumValue": digest}]


def library_packages(source):
    """A library and, each as a package of its own, Debian's changes to it."""
    license_id = LIBRARIES[source["name"]][0]
    made = []
    for file, digest in source["files"]:
        original = ".orig." in file
        made.append(package(
            source["name"] if original else source["name"] + " (Debian's patches)",
            source["version"] if original else source["revision"],
            id="library-" + source["name"] + ("" if original else "-patches"), packageFileName=file,
            checksums=sha256(digest), licenseDeclared=license_id if original else "NOASSERTION",
            licenseConcluded=license_id if original else "NOASSERTION", supplier="Organization: Debian",
            primaryPackagePurpose="LIBRARY" if original else "SOURCE",
            externalRefs=reference(purl(source["name"], source["revision"], arch="source"))))
    return made


def runtime_package(compiler, file, license_id):
    source, source_version, name, version, machine = debian_package(compiler, file)
    return package(name, version, id="runtime-" + name, licenseDeclared=license_id, supplier="Organization: Debian",
                   sourceInfo=f"{file} of the compiler, built from Debian's source package {source} {source_version}",
                   licenseComments="All its licenses are in the folder LICENSES of the archives.",
                   primaryPackagePurpose="LIBRARY", externalRefs=reference(purl(name, version, arch=machine)))


def artefact(path, version):
    """(the file as a package, the system that it is for)"""
    for pattern, system, purpose in KINDS:
        if re.search(pattern + "$", path.name):
            return package("preflight", version, id=path.name, packageFileName=path.name, licenseConcluded="MIT",
                           licenseDeclared="MIT", checksums=sha256(hashlib.sha256(path.read_bytes()).hexdigest()),
                           supplier="NOASSERTION", primaryPackagePurpose=purpose,
                           externalRefs=reference(f"pkg:generic/preflight@{version}?file_name="
                                                  + urllib.parse.quote(path.name))), system
    fail(f"{path}: nobody knows what this file of the release is, see KINDS in this script")


def relation(one, kind, other):
    return {"spdxElementId": one["SPDXID"], "relationshipType": kind, "relatedSpdxElement": other["SPDXID"]}


def assemble(folder, version, epoch, sources):
    root = {"SPDXID": "SPDXRef-DOCUMENT"}
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS" and path.suffix not in WRITINGS)
    if not files:
        fail(f"{folder}: no archives here")
    artefacts = [artefact(path, version) for path in files]
    libraries = [library_packages(source) for source in sources]
    used = [system for system in RUNTIMES if any(its == system for _, its in artefacts)]
    runtimes = {system: [runtime_package(*row) for row in RUNTIMES[system]] for system in used}

    relations = [relation(root, "DESCRIBES", one) for one, _ in artefacts]
    for one, system in artefacts:
        if system:
            for linked in [made[0] for made in libraries] + runtimes[system]:
                relations.append(relation(one, "STATIC_LINK", linked))
    for one, system in artefacts:
        for other, its in artefacts:
            if one["primaryPackagePurpose"] == "ARCHIVE" and other["primaryPackagePurpose"] == "APPLICATION" \
                    and system == its:
                relations.append(relation(one, "CONTAINS", other))
    if used:
        for made in libraries:
            relations += [relation(patches, "PATCH_APPLIED", made[0]) for patches in made[1:]]

    packages = [one for one, _ in artefacts]
    if used:
        packages += [one for made in libraries for one in made]
    for system in used:
        packages += [one for one in runtimes[system] if one not in packages]
    created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    same = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([packages, relations, created], sort_keys=True))
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"preflight-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/preflight-{version}-{same}",
        "creationInfo": {"created": created, "creators": [f"Tool: preflight-sbom-{version}"]},
        "documentDescribes": [one["SPDXID"] for one, _ in artefacts],
        "packages": packages, "relationships": relations,
    }


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--version", required=True)
    options.add_argument("--epoch", required=True, type=int)
    options.add_argument("--sources", required=True, type=pathlib.Path)
    options.add_argument("--libraries", type=pathlib.Path, action="append", default=[])
    options.add_argument("release", type=pathlib.Path)
    given = options.parse_args()
    sources = read_sources(given.sources)
    for folder in given.libraries:
        compare_with_built(sources, folder)
    document = assemble(given.release, given.version, given.epoch, sources)
    out = given.release / f"preflight-{given.version}.spdx.json"
    out.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
