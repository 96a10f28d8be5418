"""The program with some of its libraries replaced by stand_in*.c, for what Wine cannot be told otherwise."""
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TOOL = "x86_64-w64-mingw32-"
REPLACED = {"ws2_32.dll": "pf_win.dll", "iphlpapi.dll": "pf_win.dll", "crypt32.dll": "pf_win.dll",
            "ncrypt.dll": "pf_win.dll", "rasapi32.dll": "pf_win.dll"}  # a name of the same length, or shorter
OWN = {"WSCEnumProtocols": "stand_in_protocols", "WSCEnumProtocols32": "stand_in_protocols32",
       "GetAdaptersAddresses": "stand_in_adapters", "CryptAcquireCertificatePrivateKey": "stand_in_key",
       "NCryptSignHash": "stand_in_sign", "RasEnumEntriesW": "stand_in_entries",
       "RasGetEntryPropertiesW": "stand_in_properties", "RasEnumConnectionsW": "stand_in_connections",
       "RasGetConnectStatusW": "stand_in_status"}


def imports():
    """{library: [function]} of all that stand_in.c replaces; what is loaded later is in no table of the program."""
    found = {}
    for library in REPLACED:
        path = subprocess.run([f"{TOOL}gcc", f"-print-file-name=lib{library.removesuffix('.dll')}.a"],
                              capture_output=True, text=True, check=True).stdout.strip()
        text = subprocess.run([f"{TOOL}nm", path], capture_output=True, text=True, check=True).stdout
        found[library] = sorted(set(re.findall(r"(?m) T (\S+)$", text)))
    return found


def make(program, folder):
    """A copy of the program, and the library beside it."""
    wanted = imports()
    lines = [f"{name}={OWN[name] if name in OWN else library.removesuffix('.dll') + '.' + name}"
             for library, names in wanted.items() for name in names]
    (folder / "pf_win.def").write_text("EXPORTS\n" + "\n".join(lines) + "\n")
    subprocess.run([f"{TOOL}gcc", "-std=c11", "-O1", "-Wall", "-Wextra", "-shared", "-static", "-o",
                    folder / "pf_win.dll", HERE / "stand_in.c", HERE / "stand_in_ras.c", folder / "pf_win.def", "-liphlpapi", "-lws2_32",
                    "-lcrypt32", "-lncrypt", "-ladvapi32"], check=True)
    content = program.read_bytes()
    for name, other in (("ws2_32.dll".encode("utf-16-le"), "pf_win.dll".encode("utf-16-le")),
                        (b"IPHLPAPI.DLL\0", b"pf_win.dll\0\0\0"),
                        (b"CRYPT32.dll\0", b"pf_win.dll\0\0"), (b"ncrypt.dll\0", b"pf_win.dll\0"),
                        (b"RASAPI32.dll\0", b"pf_win.dll\0\0\0"), (b"WS2_32.dll\0", b"pf_win.dll\0")):
        assert content.count(name) == 1, name
        content = content.replace(name, other)
    (folder / "preflight.exe").write_bytes(content)
    return folder / "preflight.exe"
