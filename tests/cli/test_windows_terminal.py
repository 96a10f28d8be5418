"""
Terminals as a Windows' registry shows them, planted under Wine (tests/wine/plant.py): installed software in all its
places, every item of the list of conflicting software, and which Windows it is.

What cannot be planted here:
  items 12 and 16    are devices in the network: a person answers for them, on every system
  mobile-hotspot     is a state that is in no place of the registry, and no rule asks for it
  base providers     of Winsock are Windows' own and in every catalogue: the program leaves them out
  windows-11-partial is a file with gaps; the registry of a terminal has none
  windows-8-1-rt     is one for 32-bit ARM, where this program cannot run
Winsock's catalogue and the names of adapters are the registry's too, though not in Wine: the program under test has
tests/wine/stand_in.c in their place.
"""
import datetime
import json
import pathlib
import re
import sys

import pytest
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "wine"))
from plant import KERNEL_DRIVER, ON_DEMAND, OWN_PROCESS, UNINSTALL, Windows  # noqa: E402
from support_dates import AS_OF_TODAY  # noqa: E402

pytestmark = pytest.mark.only_on_windows
FOLDER = TOP / "tests" / "inventories"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text())
SOFTWARE = yaml.safe_load((TOP / "rules.yaml").read_text())["software"]
SAVED = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
NAMES = [name for name, saved in SAVED.items() if saved["os"]["family"] == "windows"
         and name not in ("windows-11-partial", "windows-8-1-rt")]
IN_NETWORK = {12, 16}
DISABLED, AUTOMATIC, SHARE_PROCESS, FILE_SYSTEM_DRIVER, USER_SERVICE = 4, 2, 0x20, 0x2, 0x50


@pytest.fixture
def windows(program, exe, tmp_path):
    return Windows(tmp_path / "wine", program=exe)


def inventory(windows):
    done = windows.run("inventory")
    assert done.returncode == 0 and done.stderr == b"", done
    return json.loads(done.stdout)


def report(windows, *words, codes=(0, 1)):
    done = windows.run("--format", "json", *AS_OF_TODAY, *words)
    assert done.returncode in codes and done.stderr == b"", done
    return json.loads(done.stdout)


def key(entry):
    """What the registry says of an entry; that of a store package names no publisher."""
    kind = entry["kind"]
    more = (entry.get("version", ""), entry.get("publisher", "")) if kind == "program" else ()
    return (kind, entry["name"], *more, *([entry.get("version", "")] if kind in ("store", "state") else []))


def software(document):
    return {key(entry) for entry in document["software"]}


def found_in(report):
    found = {}
    for hit in next(check for check in report["checks"] if check["type"] == "software")["facts"]["found"]:
        if found.get(hit["id"]) != "exact":
            found[hit["id"]] = "exact" if hit["exact"] else "other"
    return found


def verdict(check):
    return check["verdict"] + (f" {check['cause']}" if check["cause"] else "")


def of_today(days):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return [text for day, text in sorted(days.items()) if day <= today][-1]


@pytest.fixture(scope="session")
def bare(program, exe, tmp_path_factory):
    """What Wine's own registry holds."""
    with Windows(tmp_path_factory.mktemp("bare") / "wine", program=exe) as windows:
        return {entry for entry in software(inventory(windows)) if entry[0] != "state"}


# ---- saved terminals ----

def plant_system(windows, system):
    version = {"7": "6.1", "8": "6.2", "8.1": "6.3"}.get(system["version"], "10.0")
    more = {name: system[member] for name, member in (("DisplayVersion", "release"), ("UBR", "revision"))
            if system.get(member)}
    windows.system(system["build"], version, system.get("service_pack", 0), EditionID=system["edition"], **more)


def is_seen(entry):
    return not (entry["kind"] == "lsp" and entry["name"].startswith("MSAFD ") or entry["name"] in (
        "VMCI sockets DGRAM", "mobile-hotspot"))


@pytest.mark.parametrize("name", NAMES)
def test_saved_terminal(windows, bare, name):
    """Its software is listed as it was saved, and judged as expected.yaml says."""
    saved, expected = SAVED[name], EXPECTED[name]
    plant_system(windows, saved["os"])
    for entry in saved["software"]:
        assert windows.entry(entry) or entry["name"] == "mobile-hotspot", entry
    with windows:
        now = inventory(windows)
        judged = report(windows, "--only", "term-os", "--only", "term-software")
    wanted = {key(entry) for entry in saved["software"] if is_seen(entry)}
    names = {entry[1] for entry in wanted}
    seen = {entry for entry in software(now) - (bare - wanted)
            if not (entry[0] == "adapter" and (entry[1].startswith("other") or entry[1] == "Shared adapter"))}
    if "internet-explorer" not in names:  # Wine has one
        seen = {entry for entry in seen if entry[1] != "internet-explorer"}
    assert seen == wanted
    assert set(now["complete"]) == {"program", "service", "driver", "adapter", "lsp", "store", "state"}
    for member in ("family", "version", "build", "edition", "channel", "release"):
        assert now["os"].get(member, "") == saved["os"].get(member, ""), member
    checks = {check["id"]: verdict(check) for check in judged["checks"]}
    assert checks == {"term-os": of_today(expected["os"]), "term-software": expected["checks"]["term-software"]}
    assert found_in(judged) == expected["found"]


# ---- the list of conflicting software ----

def filled(glob, star=" 2"):
    """A text that a pattern fits."""
    return glob.replace("?", "7").replace("*", star) if glob else None


def matchers(*kinds):
    return [(product, match) for product, entry in SOFTWARE.items() for match in entry["match"]
            if match["os"] == "windows" and match["kind"] in kinds]


def first_name(match):
    """Of several names the first; all of them are tried by tests/inventories/names.py."""
    names = match.get("name")
    return names[0] if isinstance(names, list) else names


def planted(match, number):
    """Name and version to look for in what is found."""
    version = match.get("version", "99.1").split("|")[0].strip()
    return filled(first_name(match)) or f"Product without its name {number}", filled(version, "1")


def hits(windows):
    """{(product, kind, name, version): exact} of one run that names them all."""
    judged = report(windows, "--only", "term-software", codes=(1,))
    found, text = judged["checks"][0]["facts"]["found"], judged["causes"][0]["evidence"]["en"]
    for hit in found:
        assert hit["name"].strip() in text, (hit, text)
    return {(hit["id"], hit["kind"], hit["name"], hit["version"]): hit["exact"] for hit in found}


@pytest.mark.parametrize("view", sorted(UNINSTALL))
def test_every_program_of_the_list_in_every_place(windows, view):
    """In the list of 64-bit programs, in that of 32-bit ones, and in the user's own."""
    wanted = {}
    for n, (product, match) in enumerate(matchers("program")):
        name, version = planted(match, n)
        windows.program(name, version, filled(match.get("publisher")), match.get("code"), view)
        wanted[product, "program", name, version] = not match.get("other")
    with windows:
        assert hits(windows) == wanted
    assert len(wanted) > 40


def test_products_by_their_upgrade_code(windows):
    """The uninstall entry has the product code, which nobody knows beforehand, and a name in another language."""
    codes = [(n, product, match) for n, (product, match) in enumerate(matchers("program")) if "code" in match]
    for n, _, match in codes:
        product = f"{{{n:08X}-1234-5678-9ABC-DEF012345678}}"
        windows.program(f"別の言語での名前 {n}", "1.0", "発行元", product)
        windows.upgrade(match["code"], product)
    windows.upgrade("{11111111-2222-3333-4444-555555555555}", "{00000099-1234-5678-9ABC-DEF012345678}")
    windows.key(r"HKLM\Software\Classes\Installer\UpgradeCodes\no code", **{"x" * 300: "", "short": ""})
    with windows:
        found = hits(windows)
    assert len(codes) >= 8
    assert set(found) == {(product, "program", f"別の言語での名前 {n}", "1.0") for n, product, _ in codes}


def test_every_service_driver_store_package_adapter_and_provider_of_the_list(windows):
    wanted, kinds = {}, ("service", "driver", "store", "adapter", "lsp")
    for product, match in matchers(*kinds):
        name, version = planted(match, 0)
        assert windows.entry({"kind": match["kind"], "name": name, "version": version})
        wanted[product, match["kind"], name, version if match["kind"] == "store" else ""] = not match.get("other")
    with windows:
        assert hits(windows) == wanted
    assert {kind for _, kind, *_ in wanted} == set(kinds)


def test_every_state_of_the_list(windows):
    for _, match in matchers("state"):
        assert windows.entry({"kind": "state", "name": match["name"], "version": filled(match.get("version"), "1")})
    with windows:
        assert hits(windows) == {("internet-explorer-8", "state", "internet-explorer", "8.1"): True,
                                 ("internet-connection-sharing", "state", "internet-connection-sharing", ""): True}
    assert len(matchers("state")) == 2


def test_all_items_but_those_in_the_network_have_an_entry_here(program):
    items = {entry["item"] for entry in SOFTWARE.values()
             if any(match["os"] == "windows" for match in entry["match"])}
    assert items == set(range(1, 22)) - IN_NETWORK


# ---- what is not there, or not in use ----

def test_services_by_type_and_start(windows):
    for name, kind, start in (("Bonjour Service", OWN_PROCESS, DISABLED), ("VBoxNetLwf", KERNEL_DRIVER, DISABLED),
                              ("ekrn", SHARE_PROCESS, AUTOMATIC), ("odClientService", OWN_PROCESS | 0x100, ON_DEMAND),
                              ("vmnetbridge", FILE_SYSTEM_DRIVER, 0), ("OneSyncSvc_1a2b3", USER_SERVICE, AUTOMATIC)):
        windows.service(name, kind, start)
    windows.key(r"HKLM\System\CurrentControlSet\Services\TracSrvWrapper", Type="16", Start="2")  # no numbers
    windows.key(r"HKLM\System\CurrentControlSet\Services\VenturiClient\Parameters", x="y")
    windows.key(r"HKLM\System\CurrentControlSet\Services\mfefire", Type=OWN_PROCESS)  # never started
    with windows:
        found = hits(windows)
        names = {(kind, name) for kind, name, *_ in software(inventory(windows))}
    assert set(found) == {("eset-nod32", "service", "ekrn", ""), ("juniper-odyssey", "service", "odClientService", ""),
                          ("vmware", "driver", "vmnetbridge", "")}
    assert ("service", "OneSyncSvc_1a2b3") in names


def test_providers_of_both_catalogues_but_not_the_base_ones(windows):
    windows.provider("Base over [nothing]", chain=1)
    windows.provider("Layer over [MSAFD Tcpip [TCP/IP]]", chain=2)
    windows.provider("Venturi", chain=0)
    windows.provider("Old over [MSAFD Tcpip [UDP/IP]]", chain=3, catalog="Catalog_Entries")
    with windows:
        found = hits(windows)
    assert set(found) == {("layered-service-provider", "lsp", "Layer over [MSAFD Tcpip [TCP/IP]]", ""),
                          ("evdo-venturi", "lsp", "Venturi", ""),
                          ("layered-service-provider", "lsp", "Old over [MSAFD Tcpip [UDP/IP]]", "")}


@pytest.mark.parametrize("scope, address, shared", [
    (None, "192.168.137.1/24", True), (None, "192.168.137.2/24", False), (None, "192.168.0.1/24", False),
    ("192.168.0.1", "192.168.0.1/24", True), ("192.168.0.1", "192.168.137.1/24", False),
    ("nonsense", "192.168.137.1/24", True)])
def test_connection_sharing_by_its_address(windows, scope, address, shared):
    """The address that Windows gives to the shared side, or the one that was set instead of it."""
    windows.adapter("Intel(R) Wi-Fi 6 AX201", address)
    if scope:
        windows.key(r"HKLM\System\CurrentControlSet\Services\SharedAccess\Parameters", ScopeAddress=scope)
    with windows:
        states = {entry[1] for entry in software(inventory(windows)) if entry[0] == "state"}
    assert ("internet-connection-sharing" in states) == shared


HOSTILE = [
    "\x1b[31mred\x1b]0;title\x07", "a\r\nb\tc", "<script>alert(1)</script>", "50% %s %n", "x" * 5000, "\u202eexe.txt",
    "\u0000", "\ud800 alone", "𠮷野家 😀", "ﾎﾞﾝｼﾞｭｰﾙ", "", " ", "C:\\new\\table", '"quoted"', "｢あ｣\u3000Ａ"]


def test_hostile_names(windows):
    """Nothing of them acts as markup or as a terminal's control, whatever they are in the registry."""
    for n, name in enumerate(HOSTILE):
        windows.program(name, name, name, f"hostile {n}")
        windows.program(f"HP ProtectTools {name}", "1", "HP", f"hostile match {n}")
    windows.key(f"{UNINSTALL['64']}\\no text", DisplayName=7, Publisher=b"\1\2\3")
    windows.key(f"{UNINSTALL['64']}\\expanded", DisplayName=(2, "%SystemRoot% in %NoSuchName%"))
    windows.key(f"{UNINSTALL['64']}\\" + "k" * 255, DisplayName="long key")
    windows.program("ESET NOD32 Antivirus", "18", "ESET")
    with windows:
        listed = windows.run("inventory")
        shown = windows.run("--only", "term-software", "--lang", "en")
        judged = report(windows, "--only", "term-software", codes=(1,))
    assert listed.returncode == 0 and shown.returncode == 1 and shown.stderr == b""
    names = [entry["name"] for entry in json.loads(listed.stdout)["software"]]
    assert {"𠮷野家 😀", "ﾎﾞﾝｼﾞｭｰﾙ", "C:\\new\\table", '"quoted"', "｢あ｣\u3000Ａ", "long key",
            "C:\\windows in %NoSuchName%"} <= set(names)
    assert {"eset-nod32", "hp-protecttools"} <= set(found_in(judged))
    for text in (listed.stdout, shown.stdout):
        assert not set(text.decode()) & set("\x1b\x07\r\0\u202e")


def test_no_near_name_matches_alone(windows):
    """Each in a place of its own; a true name beside them is found."""
    for n, entry in enumerate(SAVED["near-names"]["software"]):
        if entry["kind"] == "program":
            windows.program(entry["name"], entry["version"], entry["publisher"], f"near {n}",
                            sorted(UNINSTALL)[n % len(UNINSTALL)])
        else:
            windows.entry(entry)
    windows.program("Bonjour", "3.1.0.1", "Apple Inc.", view="32")
    with windows:
        assert set(hits(windows)) == {("bonjour", "program", "Bonjour", "3.1.0.1")}


# ---- which Windows it is ----

PRO, ENTERPRISE = "home-pro", "enterprise"
EVER = "2026-11-21"  # the day from which an expectation without another one holds


def fail(day):
    """Support ended on the day before."""
    return {day: "fail os.end-of-life"}


# name: registry, channel, and verdicts of term-os from that day on (the dates of rules.yaml, written down apart)
SYSTEMS = {
    "Windows 7 Pro SP1": ({"version": "6.1", "build": 7601, "service_pack": 1, "EditionID": "Professional"}, PRO,
                          fail("2020-01-15")),
    "Windows 8.1 Home": ({"version": "6.3", "build": 9600, "EditionID": "Core"}, PRO, fail("2023-01-11")),
    "Windows 10 Home 1903": ({"build": 18362, "EditionID": "Core", "ReleaseId": "1903"}, PRO, fail("2020-12-09")),
    "Windows 10 Pro 20H2": ({"build": 19042, "EditionID": "Professional", "ReleaseId": "2009",
                             "DisplayVersion": "20H2"}, PRO, fail("2022-05-11")),
    "Windows 10 Home 22H2": ({"build": 19045, "EditionID": "CoreSingleLanguage", "DisplayVersion": "22H2"}, PRO,
                             {"2025-10-15": "warn os.extended", **fail("2028-10-11")}),
    "Windows 10 Enterprise 22H2": ({"build": 19045, "EditionID": "Enterprise", "DisplayVersion": "22H2"}, ENTERPRISE,
                                   {"2025-10-15": "warn os.extended", **fail("2028-10-11")}),
    "Windows 10 Enterprise LTSC 21H2": ({"build": 19044, "EditionID": "EnterpriseS", "DisplayVersion": "21H2"}, "ltsc",
                                        {EVER: "warn os.ending-soon", **fail("2027-01-13")}),
    "Windows 10 IoT Enterprise LTSC 21H2": ({"build": 19044, "EditionID": "IoTEnterpriseS", "DisplayVersion": "21H2"},
                                            "iot-ltsc", {EVER: "pass", "2031-07-17": "warn os.ending-soon",
                                                         **fail("2032-01-14")}),
    "Windows 11 Pro 24H2": ({"build": 26100, "EditionID": "Professional", "DisplayVersion": "24H2"}, PRO,
                            fail("2026-10-14")),
    "Windows 11 Education 24H2": ({"build": 26100, "EditionID": "Education", "DisplayVersion": "24H2"}, ENTERPRISE,
                                  {EVER: "pass", "2027-04-15": "warn os.ending-soon", **fail("2027-10-13")}),
    "Windows 11 Home 25H2": ({"build": 26200, "EditionID": "Core", "DisplayVersion": "25H2"}, PRO,
                             {EVER: "pass", "2027-04-15": "warn os.ending-soon", **fail("2027-10-13")}),
    "Windows 11 SE 23H2": ({"build": 22631, "EditionID": "CloudEdition", "DisplayVersion": "23H2"}, PRO,
                           fail("2025-11-12")),
    "Windows Server 2022 21H2": ({"build": 20348, "EditionID": "ServerStandard", "DisplayVersion": "21H2",
                                  "product": "ServerNT"}, "server",
                                 {EVER: "pass", "2031-04-18": "warn os.ending-soon", **fail("2031-10-15")}),
    "Windows Server 2016 1607": ({"build": 14393, "EditionID": "ServerStandard", "ReleaseId": "1607",
                                  "product": "LanmanNT"}, "server",
                                 {EVER: "warn os.ending-soon", "2027-01-13": "warn os.extended",
                                  **fail("2030-01-13")}),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_which_windows_it_is(windows, name):
    """By build number and edition: ProductName stayed at "Windows 10" on 11, and may be in another language."""
    registry, channel, verdicts = SYSTEMS[name]
    windows.system(**registry, UBR=4317, ProductName="Windows 10 Pro")
    with windows:
        now, judged = inventory(windows)["os"], report(windows, "--only", "term-os")
    assert (now["name"], now["channel"]) == (name, channel)
    assert (now["build"], now["revision"], now["service_pack"], now["edition"]) == (
        registry["build"], 4317, registry.get("service_pack", 0), registry["EditionID"])
    assert now["version"] == re.match(r"Windows (?:Server )?(\S+)", name)[1]
    assert now.get("release", "") == (re.search(r"(\d\dH\d|1\d0\d)$", name) or [""])[0]
    assert judged["terminal"]["os"] == name
    assert verdict(judged["checks"][0]) == of_today({datetime.date.fromisoformat(day): text
                                                     for day, text in verdicts.items()})


@pytest.mark.parametrize("required", [0, 1, None])
def test_s_mode(windows, required):
    """A fact for the service desk; who could start this program has a way out of it."""
    windows.system(26200, EditionID="Core", DisplayVersion="25H2")
    if required is not None:
        windows.key(r"HKLM\System\CurrentControlSet\Control\CI\Policy", SkuPolicyRequired=required)
    with windows:
        judged = report(windows, "--only", "term-os")
    assert judged["checks"][0]["facts"].get("s_mode", False) == (required == 1)


def test_a_registry_that_says_nothing(windows):
    """What cannot be known is not guessed: without an edition nobody can say which support applies."""
    windows.drop(r"HKLM\Software\Microsoft\Windows NT\CurrentVersion")
    windows.system(26100)
    with windows:
        now, judged = inventory(windows)["os"], report(windows, "--only", "term-os", codes=(0, 1, 3))
    assert (now["name"], now["version"], now["edition"], now.get("channel", "")) == ("Windows 11", "11", "", "")
    assert verdict(judged["checks"][0]) == "unknown os.unknown"


def test_values_of_the_wrong_kind(windows):
    windows.system(26200, EditionID=7, DisplayVersion=b"\1\2", UBR="4317", ReleaseId="x" * 70000)
    windows.key(r"HKLM\System\CurrentControlSet\Control\CI\Policy", SkuPolicyRequired="1")
    with windows:
        now = inventory(windows)["os"]
    assert (now["name"], now["edition"], now.get("release", ""), now.get("revision", 0)) == ("Windows 11", "", "", 0)
