"""
A Windows with a registry of one's own: a Wine prefix that takes its files from the one that tests/wine/setup made,
and whose registry, user, and network adapters a test plants before it starts. Nothing has to be undone: the prefix
is thrown away, the one below is never written to.

    with Windows(folder, user="山田 太郎") as windows:       # keys before `with`, programs inside
        windows.run("inventory")
"""
import pathlib
import re
import shutil
import struct
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
BASE = TOP / "build" / "windows" / "wine"
PROGRAM = TOP / "tests" / "wine" / "preflight"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

CURRENT_VERSION = r"HKLM\Software\Microsoft\Windows NT\CurrentVersion"
UNINSTALL = {
    "64": r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall",
    "32": r"HKLM\Software\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
    "user": r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall",
}
SERVICES = r"HKLM\System\CurrentControlSet\Services"
STORE = (r"HKCU\Software\Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel\Repository"
         r"\Packages")
UPGRADES = r"HKLM\Software\Classes\Installer\UpgradeCodes"
EXPLORER = r"HKLM\Software\Microsoft\Internet Explorer"
CATALOG = r"HKLM\System\CurrentControlSet\Services\WinSock2\Parameters\Protocol_Catalog9"
ADAPTERS = r"HKLM\System\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}"
RAS = r"HKLM\Software\Planted\RAS"  # for stand_in_ras.c
FILES = {"HKLM": "system.reg", "HKCU": "user.reg"}
OWN_PROCESS, KERNEL_DRIVER, ON_DEMAND = 0x10, 0x1, 3
BASE_PROVIDERS = ("MSAFD ", "VMCI ")  # what else a saved inventory names is layered over one of those

# What runs in the new network namespace first: adapters, one a line (name, address or -).
WORLD = """
set -e
ip link set lo up
number=0
while read -r name address; do
    number=$((number + 1))
    ip link add "$name" type veth peer name "other$number"
    ip link set "other$number" up
    ip link set "$name" up
    [ "$address" = - ] || ip address add "$address" dev "$name"
done < "$ADAPTERS"
[ -z "$PLANTED_GATEWAY" ] || ip route add default via "$PLANTED_GATEWAY"
[ -z "$PLANTED_HOST" ] || hostname "$PLANTED_HOST"
exec "$@"
"""


def escaped(text, special):
    """As Wine's server writes texts into its files: UTF-16 units above ASCII by number."""
    units = text.encode("utf-16-le", "surrogatepass")
    out = ""
    for low, high in zip(units[::2], units[1::2]):
        unit = low | high << 8
        char = chr(unit)
        out += f"\\x{unit:04x}" if not 32 <= unit < 127 else "\\" + char if char in special else char
    return out


def value(data):
    """Texts, numbers (DWORD), bytes; a pair gives the type of the text: 2 is what has %variables% in it."""
    if isinstance(data, int):
        return f"dword:{data:08x}"
    if isinstance(data, bytes):
        return "hex:" + ",".join(f"{byte:02x}" for byte in data)
    if isinstance(data, tuple):
        return f'str({data[0]}):"' + escaped(data[1], '"\\') + '"'
    return '"' + escaped(data, '"\\') + '"'


def packed(code):
    """A product code as the installer's keys have it: {01234567-89AB-…} in another order of digits."""
    parts = code.strip("{}").split("-")
    rest = "".join(parts[3:])
    return ("".join(part[::-1] for part in parts[:3])
            + "".join(rest[i + 1] + rest[i] for i in range(0, len(rest), 2))).upper()


def catalog_item(name, chain):
    """PackedCatalogItem: the library's path, and WSAPROTOCOL_INFOW."""
    protocol = struct.pack("<5I16sIi7I", 0x20066, 0, 0, 0, 8, b"planted provider", 1001, chain, *[0] * 7)
    protocol += struct.pack("<9i2I", 2, 2, 16, 16, 1, 6, 0, 0, 0, 0, 0)
    text = name.encode("utf-16-le")
    return b"%SystemRoot%\\system32\\planted.dll".ljust(260, b"\0") + protocol + text.ljust(512, b"\0")


def finish(process, seconds):
    """
    All output of a program until it ends. Not until its pipes end, as communicate() would: a service of Windows that
    it happened to start keeps them open.
    """
    found, end = {process.stdout: b"", process.stderr: b""}, time.monotonic() + seconds
    for pipe in found:
        os.set_blocking(pipe.fileno(), False)
    ended = False
    while not ended:
        ended = process.poll() is not None  # what it wrote before that is read below
        select.select(list(found), [], [], 0.05)
        for pipe in found:
            found[pipe] += pipe.read() or b""
        if not ended and time.monotonic() > end:
            process.kill()
            raise subprocess.TimeoutExpired(process.args, seconds, *found.values())
    return tuple(found.values())


def hold(command, env=None):
    """
    A shell of Wine's that said that it is up, and waits for commands that never come. On a busy machine Wine's server
    now and then ends before its first client has come; then it is started again.
    """
    for _ in range(3):
        holder = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL)
        said = holder.stdout.readline()
        while said and not said.startswith(b"up"):
            said = holder.stdout.readline()
        if said:
            return holder
        release(holder)
    raise AssertionError("Wine does not start")


def release(holder):
    holder.stdin.close()
    holder.stdout.close()
    holder.wait(60)


def users(base):
    """Whose folders a Wine prefix has."""
    return [path.name for path in (base / "drive_c" / "users").iterdir() if path.name != "Public"]


def own_program(folder):
    """tests/wine/preflight for a Windows of one's own, in which nothing is planted."""
    windows = Windows(folder / "prefix", user=users(BASE)[0])
    windows.make()
    program = folder / "wine" / "preflight"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nPREFLIGHT_WINEPREFIX='{windows.folder}' exec '{PROGRAM}' \"$@\"\n")
    program.chmod(0o755)
    return program


class Windows:
    def __init__(self, folder, user="tanaka", base=BASE, program=None, host="", gateway=""):
        self.folder, self.user, self.base = pathlib.Path(folder), user, pathlib.Path(base)
        self.keys, self.dropped, self.adapters = {}, [], []
        self.holder = None
        exe = {"PREFLIGHT_EXE": str(program)} if program else {}
        self.env = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "USER": user, "HOME": "/",
                    **exe, "PREFLIGHT_WINEPREFIX": str(self.folder), "ADAPTERS": str(self.folder / "adapters"),
                    "PLANTED_HOST": host, "PLANTED_GATEWAY": gateway}

    # ---- what is planted ----

    def key(self, path, **values):
        """Values of a key below HKLM or HKCU; `default` is the one without a name."""
        self.keys.setdefault(path, {}).update(values)

    def drop(self, path):
        """Takes a key away that Wine has of itself."""
        self.dropped.append(path)

    def program(self, name, version=None, publisher=None, code=None, view="64", **more):
        given = {"DisplayName": name, "DisplayVersion": version, "Publisher": publisher, **more}
        self.key(f"{UNINSTALL[view]}\\{code or 'Planted ' + str(len(self.keys))}",
                 **{name: text for name, text in given.items() if text is not None})

    def upgrade(self, code, product):
        """The installer's note that a product came with this upgrade code."""
        self.key(f"{UPGRADES}\\{packed(code)}", **{packed(product): ""})

    def service(self, name, kind=OWN_PROCESS, start=ON_DEMAND):
        self.key(f"{SERVICES}\\{name}", Type=kind, Start=start, ErrorControl=1)

    def store(self, name, version, publisher="8wekyb3d8bbwe"):
        self.key(f"{STORE}\\{name}_{version}_x64__{publisher}", PackageRootFolder="C:\\Program Files\\WindowsApps")

    def provider(self, name, chain=2, catalog="Catalog_Entries64"):
        """Of Winsock. chain: 0 a layer, 1 a base provider, more a chain with a layer in it. Needs stand_in.py."""
        place = f"{CATALOG}\\{catalog}"
        number = sum(path.startswith(place + "\\") for path in self.keys) + 1
        self.key(f"{place}\\{number:012}", PackedCatalogItem=catalog_item(name, chain))

    def adapter(self, name, address="-"):
        """Needs stand_in.py for its name; Wine shows that of the interface below it."""
        interface = f"planted{len(self.adapters)}"
        self.key(f"{ADAPTERS}\\{interface}", DriverDesc=name)
        self.adapters.append((interface, address))

    def ras(self, name, strategy, state=None, device="", kind=2):
        """A VPN connection of Windows' own (kind: RASET_*); state: of one that was dialled. Needs stand_in.py."""
        self.key(f"{RAS}\\{name}", Type=kind, Strategy=strategy, Device=device,
                 **({} if state is None else {"State": state}))

    def explorer(self, version):
        self.key(EXPLORER, svcVersion=version, Version="9.11.0.0")

    def entry(self, entry):
        """One entry of a saved inventory; False for a state that Windows has no such place for."""
        kind, name, version = entry["kind"], entry["name"], entry.get("version") or None
        if kind == "program":
            self.program(name, version, entry.get("publisher") or None, entry.get("code") or None)
        elif kind in ("service", "driver"):
            self.service(name, KERNEL_DRIVER if kind == "driver" else OWN_PROCESS)
        elif kind == "store":
            self.store(name, version)
        elif kind == "adapter":
            self.adapter(name)
        elif kind == "lsp":
            self.provider(name, 1 if name.startswith(BASE_PROVIDERS) else 2)
        elif kind == "state" and name == "internet-explorer":
            self.explorer(version)
        elif kind == "state" and name == "internet-connection-sharing":
            self.adapter("Shared adapter", "192.168.137.1/24")
        else:
            return False
        return True

    def system(self, build, version=None, service_pack=0, product="WinNT", **values):
        """Which Windows it is: what RtlGetVersion and the program read."""
        version = version or "10.0"
        major, minor = version.split(".")
        pack = f"Service Pack {service_pack}" if service_pack else ""
        more = {"CurrentMajorVersionNumber": int(major), "CurrentMinorVersionNumber": int(minor)}
        self.key(CURRENT_VERSION, CurrentVersion=version, CurrentBuild=str(build), CurrentBuildNumber=str(build),
                 CSDVersion=pack, **(more if major == "10" else {}), **values)
        self.key(r"HKLM\System\CurrentControlSet\Control\ProductOptions", ProductType=product)
        self.key(r"HKLM\System\CurrentControlSet\Control\Windows", CSDVersion=service_pack << 8)

    # ---- running ----

    def write(self, hive):
        text = (self.base / FILES[hive]).read_text()
        theirs = users(self.base)[0]
        text = text.replace(f"C:\\\\users\\\\{theirs}", "C:\\\\users\\\\" + escaped(self.user, '"\\'))
        sections = re.split(r"(?m)^(?=\[)", text)
        gone = [path[5:].lower() for path in self.dropped if path.startswith(hive)]
        text = "".join(part for part in sections
                       if part[1:part.find("] ")].replace("\\\\", "\\").lower() not in gone)
        for path, values in self.keys.items():
            if path.startswith(hive + "\\"):
                lines = [("@" if name == "default" else value(name)) + "=" + value(data)
                         for name, data in values.items()]
                text += "\n[" + escaped(path[5:], "[]\\") + "] 1795289560\n" + "\n".join(lines) + "\n"
        (self.folder / FILES[hive]).write_text(text)

    def make(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("userdef.reg", ".update-timestamp"):
            shutil.copy(self.base / name, self.folder / name)
        for hive in FILES:
            self.write(hive)
        drive = self.folder / "drive_c"
        for name in ("Program Files", "Program Files (x86)", "ProgramData", "users/Public", f"users/{self.user}/Temp"):
            (drive / name).mkdir(parents=True, exist_ok=True)
        (drive / "windows").symlink_to(self.base / "drive_c" / "windows")
        (self.folder / "dosdevices").mkdir()
        (self.folder / "dosdevices" / "c:").symlink_to("../drive_c")
        (self.folder / "dosdevices" / "z:").symlink_to("/")
        (self.folder / "adapters").write_text("".join(f"{name} {address}\n" for name, address in self.adapters))

    def command(self, *words):
        return ["/usr/bin/unshare", "-nu", "sh", "-c", WORLD, "sh", PROGRAM, *words]

    def run(self, *words, stdin=subprocess.DEVNULL, cwd=None, **env):
        return subprocess.run(self.command(*words), cwd=cwd or self.folder, env={**self.env, **env}, stdin=stdin,
                              capture_output=True, timeout=120, check=False)

    def network(self):
        """The process that makes the sockets of this Windows while it runs, for a server beside it (nsenter)."""
        wanted = f"WINEPREFIX={self.folder}".encode()
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (process / "comm").read_text().startswith("wineserver") and \
                        wanted in (process / "environ").read_bytes().split(b"\0"):
                    return process.name
            except OSError:
                continue
        raise AssertionError("no server")

    @property
    def home(self):
        return self.folder / "drive_c" / "users" / self.user

    def __enter__(self):
        """
        One program runs from first to last. It holds the server, and with it the network namespace that it was started
        in; and the services that the first one starts have its output, not that of a program under test.
        """
        self.make()
        self.holder = hold(self.command("/k", "echo up"), {**self.env, "PREFLIGHT_EXE": "cmd"})
        return self

    def __exit__(self, *_):
        release(self.holder)
        subprocess.run([PROGRAM, "--stop-wine"], env=self.env, check=False, **QUIET)
