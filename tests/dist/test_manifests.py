"""contrib/fill: the Homebrew formula and the winget manifests of a release, against the documented schema 1.6.0."""
import hashlib
import os
import pathlib
import re
import subprocess

import pytest
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
VERSION = "1.2.3"
BASE = "https://example.org/preflight/releases/1.2.3"
HOME = "https://example.org/preflight"
FILES = {f"preflight-{VERSION}.tar.gz": b"source", f"preflight-{VERSION}-windows-x86_64.exe": b"program"}
NAMES = {"preflight.rb", *(f"PreflightContributors.Preflight{ending}.yaml" for ending in
                           ("", ".installer", ".locale.ja-JP", ".locale.en-US"))}

# Of each type: name -> (required, pattern or bounds of the length)
IDENTITY = {"PackageIdentifier": (True, r'[^.\s\\/:*?"<>|]{1,32}(\.[^.\s\\/:*?"<>|]{1,32}){1,7}'),
            "PackageVersion": (True, r'[^\\/:*?"<>|]{1,128}'), "ManifestVersion": (True, r"1\.6\.0")}
LOCALE = {**IDENTITY, "PackageLocale": (True, r"[a-zA-Z]{2,3}(-[a-zA-Z]{1,8})*"), "Publisher": (True, (2, 256)),
          "PackageName": (True, (2, 256)), "PackageUrl": (False, r"https?://.{1,2040}"), "License": (True, (3, 512)),
          "Copyright": (False, (3, 512)), "ShortDescription": (True, (3, 256)), "Description": (False, (3, 10000)),
          "Tags": (False, None)}
SCHEMA = {
    "version": {**IDENTITY, "DefaultLocale": (True, r"ja-JP"), "ManifestType": (True, "version")},
    "installer": {**IDENTITY, "ManifestType": (True, "installer"), "Platform": (False, None),
                  "MinimumOSVersion": (False, r"\d{1,5}(\.\d{1,5}){0,3}"), "InstallerType": (True, "portable"),
                  "Commands": (False, None), "ReleaseDate": (False, r"\d{4}-\d\d-\d\d"), "Installers": (True, None)},
    "defaultLocale": {**LOCALE, "Moniker": (False, (1, 40)), "ManifestType": (True, "defaultLocale")},
    "locale": {**LOCALE, "ManifestType": (True, "locale")},
}


def fill(folder, **changes):
    environment = {"PATH": os.environ["PATH"], "BASE_URL": BASE, "HOMEPAGE": HOME, **changes}
    return subprocess.run([TOP / "contrib" / "fill", "--version", VERSION, "--epoch", "1767225600", folder],
                          env={name: text for name, text in environment.items() if text is not None},
                          capture_output=True, text=True, check=False)


@pytest.fixture(name="folder")
def folder_fixture(tmp_path):
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.fixture(name="release")
def release_fixture(folder):
    done = fill(folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


def digest(name):
    return hashlib.sha256(FILES[name]).hexdigest()


def problems(manifest):
    """What the schema does not allow."""
    rules = SCHEMA[manifest["ManifestType"]]
    found = [name for name in manifest if name not in rules]
    for name, (required, form) in rules.items():
        text = manifest.get(name)
        if text is None:
            found += [name] if required else []
        elif isinstance(form, tuple):
            found += [] if isinstance(text, str) and form[0] <= len(text) <= form[1] else [name]
        elif form is not None:
            found += [] if isinstance(text, str) and re.fullmatch(form, text) else [name]
    tags = manifest.get("Tags", [])
    if len(tags) > 16 or len(set(tags)) != len(tags) or not all(1 <= len(tag) <= 40 for tag in tags):
        found.append("Tags")
    return found


def read(path):
    """As strings, as the schema wants dates and versions."""
    return yaml.load(path.read_text(), Loader=yaml.BaseLoader)


def test_files(release):
    assert {path.name for path in release.iterdir()} - set(FILES) == NAMES


def test_winget_manifests_fit_the_schema(release):
    kinds = set()
    for path in release.glob("*.yaml"):
        manifest = read(path)
        assert problems(manifest) == [], path.name
        assert (manifest["PackageIdentifier"], manifest["PackageVersion"]) == ("PreflightContributors.Preflight",
                                                                              VERSION)
        first = path.read_text().splitlines()[0]
        assert f"winget-manifest.{manifest['ManifestType']}.1.6.0.schema.json" in first
        kinds.add(manifest["ManifestType"])
    assert kinds == set(SCHEMA)
    japanese = read(release / "PreflightContributors.Preflight.locale.ja-JP.yaml")
    english = read(release / "PreflightContributors.Preflight.locale.en-US.yaml")
    assert japanese["ManifestType"] == "defaultLocale" and english["ManifestType"] == "locale"
    assert japanese["PackageUrl"] == english["PackageUrl"] == HOME


def test_the_schema_of_this_test_refuses(release):
    manifest = read(release / "PreflightContributors.Preflight.installer.yaml")
    for name, wrong in [("PackageIdentifier", "preflight"), ("ManifestVersion", "2.0"), ("InstallerType", "zip"),
                        ("MinimumOSVersion", "10.x"), ("Extra", "1")]:
        assert problems({**manifest, name: wrong}) == [name]
    del manifest["PackageVersion"]
    assert problems(manifest) == ["PackageVersion"]


def test_winget_installer(release):
    manifest = read(release / "PreflightContributors.Preflight.installer.yaml")
    name = f"preflight-{VERSION}-windows-x86_64.exe"
    assert manifest["Installers"] == [{"Architecture": "x64", "InstallerUrl": f"{BASE}/{name}",
                                       "InstallerSha256": digest(name).upper()}]
    assert manifest["Commands"] == ["preflight"] and manifest["ReleaseDate"] == "2026-01-01"


def test_homebrew_formula(release):
    formula = release / "preflight.rb"
    checked = subprocess.run(["ruby", "-wc", formula], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "Syntax OK\n", "")
    name = f"preflight-{VERSION}.tar.gz"
    fields = dict(re.findall(r'^  (homepage|url|sha256|license) "(.*)"$', formula.read_text(), re.M))
    assert fields == {"homepage": HOME, "url": f"{BASE}/{name}", "sha256": digest(name), "license": "MIT"}
    description = re.search(r'desc "(.*)"', formula.read_text())[1]
    assert len(description) <= 80 and not re.match(r"(?i)an? |preflight", description) and description[-1] != "."
    assert set(re.findall(r'depends_on "([^"]+)" => :build$', formula.read_text(), re.M)) == {"make", "pkgconf"}
    libraries = set(re.findall(r'depends_on "([^"]+)"$', formula.read_text(), re.M))
    assert libraries == {"c-ares", "curl", "jansson", "libyaml", "openssl@3", "utf8proc"}


@pytest.mark.parametrize("changes, told", [
    ({"BASE_URL": None}, "BASE_URL is not set"), ({"HOMEPAGE": None}, "HOMEPAGE is not set"),
    ({"BASE_URL": ""}, "BASE_URL is not set"), ({"BASE_URL": BASE + "/"}, "without a slash"),
    ({"BASE_URL": "http://example.org"}, "must be an https address"), ({"BASE_URL": "@BASE_URL@"}, "BASE_URL=@BASE"),
    ({"HOMEPAGE": 'https://example.org/"; system("x'}, "HOMEPAGE="), ({"HOMEPAGE": HOME + "\nx: y"}, "HOMEPAGE="),
    ({"HOMEPAGE": "https://example.org/#{1}"}, "HOMEPAGE="), ({"WINGET_ID": "preflight"}, "Publisher.Package"),
])
def test_wrong_values_are_refused(folder, changes, told):
    done = fill(folder, **changes)
    assert done.returncode == 1 and told in done.stderr and done.stdout == ""
    assert {path.name for path in folder.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_missing_files_are_told(folder, name):
    (folder / name).unlink()
    done = fill(folder)
    assert done.returncode == 1 and name in done.stderr
    assert len(list(folder.iterdir())) == 1


def test_a_placeholder_that_nobody_fills_is_refused(folder, tmp_path_factory):
    copy = tmp_path_factory.mktemp("contrib")
    subprocess.run(["cp", "-R", *(TOP / "contrib" / name for name in ("fill", "homebrew", "winget")), copy], check=True)
    with (copy / "winget" / "version.yaml").open("a") as file:
        file.write("Channel: @CHANNEL@\n")
    done = subprocess.run([copy / "fill", "--version", VERSION, "--epoch", "0", folder], capture_output=True, text=True,
                          check=False, env={"PATH": os.environ["PATH"], "BASE_URL": BASE, "HOMEPAGE": HOME})
    assert done.returncode == 1 and "@CHANNEL@" in done.stderr
    assert {path.name for path in folder.iterdir()} == set(FILES)
