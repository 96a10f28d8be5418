"""The lab's terminal as a Windows: preflight.exe under Wine, in the terminal's network.

Each run has a Windows of its own: a copy on write of the prefix that tests/wine/setup made, started for it and ended
with it. Planted there are a registry (version, programs), a hosts file and small drives; all else (names, routes,
certificates, environment) Wine takes from the terminal itself. windows.yaml says what is otherwise.
"""

import functools
import shlex
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(TOP / "tests"))
import support_dates  # noqa: E402
WINE = TOP / "tests" / "wine"
PROGRAM = WINE / "preflight"
TUNNEL = "Wintun"  # an adapter's description is its name in Wine, and by it a client's tunnel is known
# Ends all that Windows started when the program ends, or is killed. As it starts, Windows looks its own name up,
# which must not be a question to a DNS server: the hosts file has this one.
ALONE = ["unshare", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc",
         "sh", "-c", 'hostname terminal && "$@"; exit $?', "sh"]
CURRENT_VERSION = r"Software\Microsoft\Windows NT\CurrentVersion"
UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall"


@functools.cache
def table():
    return yaml.safe_load((HERE / "windows.yaml").read_text())


def runs(program):
    """Whether a program is the one that starts preflight.exe."""
    return Path(program).resolve() == PROGRAM


def told(report):
    """Whether a report is of a Windows."""
    return report.get("terminal", {}).get("family") == "windows"


# Faults

def exception(name):
    return table()["faults"].get(name, {})


def skipped(name):
    """Why a fault cannot be shown, or None."""
    entry = exception(name)
    return entry["reason"] if entry.get("skip") else None


def without_never(codes):
    return [code for code in codes if code not in table()["never"]]


def adapt(fault):
    """A fault as it is for the Windows program; one that has no exception stays what it is."""
    if "of" in fault:  # made of faults that were adapted
        return fault
    entry = exception(fault["name"])
    of_system = support_dates.expected(entry["support"]) if "support" in entry else {}
    expect = {**fault["expect"], **of_system, **entry.get("expect", {})}
    for key in ("causes", "warnings"):
        expect[key] = without_never(expect.get(key, []))
    return {**fault, "break": entry.get("break", fault["break"]), "expect": expect}


def problems(names):
    """What is wrong with the table: faults that do not exist, reasons that are missing, entries that say nothing."""
    found = []
    for name, entry in table()["faults"].items():
        if name not in names:
            found.append(f"{name}: there is no such fault")
        if not str(entry.get("reason", "")).strip():
            found.append(f"{name}: without a reason")
        if entry.keys() - {"reason", "skip", "break", "support", "expect"}:
            found.append(f"{name}: unknown keys")
        if len(entry.keys() & {"skip", "break", "expect"}) == 0:
            found.append(f"{name}: nothing is otherwise")
        if entry.get("skip") and len(entry) > 2:
            found.append(f"{name}: skipped, and more")
    return found


def alone(argv, folder):
    """The argument vector that runs the program on a Windows of its own, outside a lab and without any network."""
    place = Path(folder) / "windows"
    script = " && ".join([*steps(place, "", [], None), 'exec "$@"'])
    return ["unshare", "--net", "--mount", "sh", "-c", script, "sh", *ALONE, *argv]


# What is planted

def program_of(package):
    """The entry in the list of programs that takes the place of a Debian package."""
    if package["Package"] not in table()["packages"]:
        raise ValueError(f"windows.yaml has no program for the package {package['Package']}")
    return {**table()["packages"][package["Package"]], "DisplayVersion": package["Version"]}


def escaped(text):
    return "".join(rf"\x{ord(letter):04x}" if ord(letter) > 126 else letter
                   for letter in text.replace("\\", "\\\\").replace('"', '\\"'))


def section(key, values):
    """A key in the form of Wine's own registry files."""
    lines = [f"[{escaped(key)}] 1700000000"]
    for name, value in values.items():
        data = f"dword:{value:08x}" if isinstance(value, int) else f'"{escaped(value)}"'
        lines.append(f'"{escaped(name)}"={data}')
    return "\n".join(lines) + "\n\n"


def system_registry(terminal):
    major, minor = terminal["os"].get("version", (10, 0))
    system = terminal["os"]
    text = section(CURRENT_VERSION, {
        "CurrentBuild": str(system["build"]), "CurrentBuildNumber": str(system["build"]),
        "CurrentMajorVersionNumber": major, "CurrentMinorVersionNumber": minor, "CurrentVersion": f"{major}.{minor}",
        "CSDVersion": f"Service Pack {system['service_pack']}" if "service_pack" in system else "",
        "UBR": system["revision"], "DisplayVersion": system["release"], "EditionID": system["edition"]})
    if "service_pack" in system:
        text += section(r"System\CurrentControlSet\Control\Windows", {"CSDVersion": system["service_pack"] << 8})
    installed = [package for package in terminal["packages"]
                 if package.get("Status", "install ok installed").startswith("install ")]
    programs = [*terminal["programs"], *(program_of(package) for package in installed)]
    return text + "".join(section(rf"{UNINSTALL}\planted-{number}", program)
                          for number, program in enumerate(programs)) + "".join(
        section(key, values) for key, values in terminal["registry"].items())


def healthy():
    return {"os": table()["os"], "programs": table()["programs"], "packages": [], "registry": {}}


def prepare(folder, terminal, hosts):
    """Writes what tests/wine/copy adds to the prefix."""
    folder.mkdir(exist_ok=True)
    (folder / "system.reg").write_text("\n" + system_registry(terminal))
    (folder / "hosts").write_text(hosts.replace("\n", "\r\n"))


def place_of(target, place):
    """Where a folder of the terminal is on drive C: of the Windows at `place`."""
    return f"{place}/prefix/drive_c/{table()['folders'][target]}"


def steps(place, seeds, tmpfs, user):
    """Shell commands that make the Windows, in a mount namespace that goes with the run."""
    quoted = shlex.quote(str(place))
    made = [f"{shlex.quote(str(WINE / 'copy'))} {quoted} {shlex.quote(str(seeds))}",
            f"export PREFLIGHT_WINEPREFIX={quoted}/prefix TMPDIR={quoted}"]
    if user:  # Wine wants a prefix of one's own
        made.append(f"chown {shlex.quote(user)} {quoted}/prefix {quoted}/prefix/*.reg")
    made += [f"mkdir -p {shlex.quote(target)}" for target in tmpfs]
    return made
