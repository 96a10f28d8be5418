"""A whole hospital network with its services on one machine, to run a program in.

    with Lab(nat=True, relay={"rtt_ms": 50, "loss": 0}) as lab:
        lab.apply("tcp-443-dropped")
        done = lab.run(["./preflight", "--format", "json"])
        lab.revert()
"""

import atexit
import contextlib
import fcntl
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import faults
import net
import servers
import windows
from capture import Capture
from net import DNS, FACILITY, INSIDE, ISP, MIO, NODES, SEC, TERMINAL
from pki import Pki, trust
from process import Process

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
STATE = Path("/run/preflight-lab")
TRUSTED = ("root", "orca")  # CAs of the lab that the healthy terminal trusts
RELAY = {"rtt_ms": 0, "loss": 0, "jitter_ms": 0, "seed": 1, "every_ms": 0, "down_ms": 0, "burst": 0, "duplicated": 0,
         "overtaking": 0, "kbit": 0, "directions": 3}
PROXY_VARIABLES = {name for base in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy")
                   for name in (base, base.upper())}


class Lab:
    def __init__(self, nat=True, relay=None):
        self.default_nat = nat
        self.preload = None
        self.tunnel = "tun0"
        self.relay = {**RELAY, **relay} if relay is not None else None
        self.captures = 0
        self.vpn = None
        self.processes = []
        self.servers = {}

    # Life

    def __enter__(self):
        if os.geteuid() != 0:
            raise PermissionError("the lab needs root: it makes network namespaces")
        self.claim_place()
        atexit.register(self.close)
        try:
            self.build()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()
        return False

    def claim_place(self):
        """A prefix of its own, locked for as long as the lab lives; one lab at a time cleans up and claims."""
        STATE.mkdir(parents=True, exist_ok=True)
        with open(STATE / "lock", "w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            clean_leftovers()
            self.prefix = f"pf{os.getpid()}"
            while (STATE / self.prefix).exists():
                self.prefix += "x"
            self.state = STATE / self.prefix
            self.state.mkdir()
            self.lock = open(self.state / "lock", "w")
            fcntl.flock(self.lock, fcntl.LOCK_EX)
            self.work = Path(tempfile.mkdtemp(prefix="preflight-lab-"))
            self.work.chmod(0o711)  # other users run the program in a folder of it
            (self.state / "work").write_text(str(self.work))

    def build(self):
        self.world = net.World(self.prefix)
        self.world.create(wan_is_veth=self.relay is None)
        if self.relay is not None:
            self.start_relay()
        self.world.configure()
        self.pki = Pki(self.work / "pki")
        self.prepare_terminal()
        self.start_servers()
        self.reset_terminal()
        self.world.masquerade(self.default_nat)

    def close(self):
        atexit.unregister(self.close)
        for server in self.servers.values():
            server.stop()
        for process in self.processes:
            process.stop()
        remove(self.prefix, self.work)
        self.lock.close()
        self.servers, self.processes = {}, []

    # The parts

    def start_relay(self):
        binary = self.work / "relay"
        net.run(["cc", "-std=c11", "-O2", "-o", str(binary), str(HERE / "relay.c")])
        self.preload = self.work / "nodelay.so"
        net.run(["cc", "-std=c11", "-O2", "-fPIC", "-shared", "-o", str(self.preload), str(HERE / "nodelay.c")])
        process = Process(self.world[FACILITY], [binary, self.world[FACILITY].path, "wan0",
                                                 self.world[net.ISP].path, "wan0"], self.work / "relay.log", pipes=True)
        self.processes.append(process)
        self.relay_process = process
        if process.child.stdout.readline() != "ready\n":
            raise RuntimeError((self.work / "relay.log").read_text())
        self.set_relay()

    def relay_command(self, text):
        self.relay_process.child.stdin.write(text + "\n")
        return self.relay_process.child.stdout.readline().strip()

    def set_relay(self, **parameters):
        """Changes rtt_ms, loss (percent in each direction), jitter_ms, seed, every_ms and down_ms (the line is down for
        so long in each period), burst (packets that are lost in a row, on average), duplicated and overtaking (percent),
        kbit (a second), and the directions in which packets are lost (1: out, 2: in); without arguments, back to the
        start."""
        if self.relay is None:
            raise ValueError("this lab was started without a relay")
        now = {**self.relay, **parameters}
        answer = self.relay_command(f"set {now['rtt_ms'] / 2} {now['jitter_ms']} {now['loss']} {now['seed']} "
                                    f"{now['every_ms']} {now['down_ms']} {now['burst']} {now['duplicated']} {now['overtaking']} "
                                    f"{now['kbit']} {now['directions']}")
        if answer != "ok":
            raise RuntimeError(f"relay: {answer}")

    def relay_stats(self):
        """Packets passed and lost: (out, lost out, in, lost in)."""
        return tuple(int(number) for number in self.relay_command("stats").split())

    def prepare_terminal(self):
        self.etc = Path("/etc/netns") / self.world[TERMINAL].name
        self.etc.mkdir(parents=True)
        self.make_ssl(self.etc / "ssl", TRUSTED)
        (self.etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n")
        facility = Path("/etc/netns") / self.world[FACILITY].name
        facility.mkdir()
        (facility / "resolv.conf").write_text(f"nameserver {net.DNS_IP}\n")

    def make_ssl(self, place, authorities):
        """A copy of /etc/ssl that trusts some CAs of the lab besides."""
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run(["cp", "-a", "/etc/ssl", place], check=True)
        for authority in authorities:
            trust(self.pki.authority(authority), place)

    def trust_only(self, authorities):
        self.trusted = list(authorities)
        self.make_ssl(self.work / "ssl", self.trusted)
        self.binds["/etc/ssl"] = self.work / "ssl"

    def reset_terminal(self):
        self.env = {}
        self.trusted = list(TRUSTED)
        self.directory = None
        self.binds = {"/usr/lib/os-release": HERE / "terminal/os-release",
                      "/var/lib/dpkg/status": HERE / "terminal/dpkg-status"}
        self.tmpfs = {}
        self.windows = windows.healthy()
        self.set_resolvers([net.DNS_IP])
        self.set_hosts({})

    def set_resolvers(self, addresses):
        (self.etc / "resolv.conf").write_text("".join(f"nameserver {address}\n" for address in addresses))

    def set_hosts(self, entries):
        lines = ["127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost", "127.0.1.1\tterminal"]
        lines += [f"{address}\t{name}" for name, address in entries.items()]
        self.hosts = "\n".join(lines) + "\n"
        (self.etc / "hosts").write_text(self.hosts)

    def start_servers(self):
        work, world = self.work, self.world
        self.servers = {
            "dns": servers.Unbound(world[DNS], work / "dns", listen=[net.DNS_IP, net.DNS_IP6],
                                   names=servers.PUBLIC_NAMES),
            "dns2": servers.Unbound(world[DNS], work / "dns2", listen=[net.DNS2_IP], names=servers.PUBLIC_NAMES),
            "inside-dns": servers.Unbound(world[INSIDE], work / "inside-dns", listen=[net.INSIDE_DNS_IP],
                                          names=servers.INSIDE_NAMES),
            "home-dns": servers.Unbound(world[FACILITY], work / "home-dns", names=servers.PUBLIC_NAMES, down=True,
                                        listen=[net.FACILITY_IP, net.FACILITY_IP6]),
            "nat64": servers.Translator(world[ISP], work / "nat64"),
            "clat": servers.Translator(world[TERMINAL], work / "clat", own=True),
            "ike": servers.Charon(world[SEC], work / "ike", self.pki),
            "utm-ike": servers.Charon(world[FACILITY], work / "utm-ike", self.pki, down=True),
            "ike-client": servers.IkeClient(world[TERMINAL], work / "ike-client"),
            "sec": servers.Ocserv(world[SEC], work / "sec", self.pki, preload=self.preload),
            "mio": servers.Nginx(world[MIO], work / "mio", self.pki, sites=servers.mio_sites()),
            "inside": servers.Nginx(world[INSIDE], work / "inside", self.pki, sites=servers.inside_sites()),
            "orca": servers.Orca(world[MIO], work / "orca", self.pki, sites=servers.orca_sites()),
            "orca-inside": servers.Nginx(world[INSIDE], work / "orca-inside", self.pki,
                                         sites=servers.orca_inside_sites()),
            "web-sec": servers.Web(world[SEC], work / "web-sec", self.pki),
            "web-mio": servers.Web(world[MIO], work / "web-mio", self.pki),
            "web-inside": servers.Web(world[INSIDE], work / "web-inside", self.pki),
            "captive": servers.Nginx(world[FACILITY], work / "captive", self.pki, down=True,
                                     sites=servers.captive_sites()),
            "interceptor": servers.Nginx(world[FACILITY], work / "interceptor", self.pki, down=True,
                                         sites=servers.intercepting_sites()),
            "proxy": servers.Tinyproxy(world[FACILITY], work / "proxy"),
        }
        for server in self.servers.values():
            server.launch()
        for server in self.servers.values():
            server.wait()

    # Faults

    def apply(self, fault):
        """Breaks what a fault (its name, or a loaded one) says; returns the loaded fault."""
        fault = faults.load(fault) if isinstance(fault, (str, Path)) else fault
        try:
            faults.apply(self, fault)
        except BaseException:
            self.revert()
            raise
        return fault

    def revert(self):
        """Back to the healthy world, whatever was applied."""
        self.vpn_down()
        for node in NODES:
            if node in self.ruled():
                self.world[node].fault_rules([])
        self.rules = []
        for undo in reversed(self.undo()):
            undo()
        self.undos = []
        for server in self.servers.values():
            server.reset()
        self.reset_terminal()

    rules = ()
    undos = ()

    def ruled(self):
        return {node for node, _, _ in self.rules}

    def undo(self):
        return list(self.undos)

    def add_rule(self, node, chain, rule):
        self.rules = [*self.rules, (node, chain, rule)]
        self.world[node].fault_rules([(c, r) for n, c, r in self.rules if n == node])

    def on_revert(self, function):
        self.undos = [*self.undos, function]

    def reset_ike(self):
        """Forgets half-open IKE_SAs, which would make the gateway go silent after a few runs, and where packets of
        the usual source ports were led before. A VPN that is up keeps its flows: the router would reset its TCP
        connection on the next packet that comes from the gateway."""
        self.servers["ike"].restart()
        if not self.vpn:
            net.run(["ip", "netns", "exec", self.world[net.FACILITY].name, "conntrack", "-F"])

    # The terminal

    def command(self, argv, binds=None, tmpfs=None, user=None):
        """The argument vector that runs a command in the terminal."""
        argv = [str(arg) for arg in argv]
        tmpfs = {**self.tmpfs, **(tmpfs or {})}
        steps = [f"mount --bind {shlex.quote(str(source))} {shlex.quote(str(target))}"
                 for target, source in {**self.binds, **(binds or {})}.items()]
        alone = []
        if windows.runs(argv[0]):
            place, seeds = self.work / "windows", self.work / "windows-seeds"
            tmpfs = {windows.place_of(target, place): wanted for target, wanted in tmpfs.items()}
            windows.prepare(seeds, self.windows, self.hosts)
            steps += windows.steps(place, seeds, tmpfs, user)
            alone = windows.ALONE
        for target, wanted in tmpfs.items():
            steps += tmpfs_steps(target, wanted if isinstance(wanted, dict) else {"size": wanted})
        become = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--init-groups", "--"] \
            if user else []
        if self.directory:
            steps.append(f"cd {shlex.quote(str(self.directory))}")
            argv[0] = str(Path(argv[0]).resolve()) if "/" in argv[0] else argv[0]
        script = " && ".join([*steps, 'exec "$@"'])
        return ["ip", "netns", "exec", self.world[TERMINAL].name, "sh", "-c", script, "sh", *alone, *become, *argv]

    def environment(self, env=None):
        kept = {key: value for key, value in os.environ.items() if key not in PROXY_VARIABLES}
        return {**kept, **self.env, **(env or {})}

    def run(self, argv, env=None, binds=None, tmpfs=None, timeout=60, user=None, **options):
        """Runs a command in the terminal; returns a CompletedProcess with text output."""
        defaults = {"stdin": subprocess.DEVNULL} if "input" not in options else {}
        defaults.update({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True})
        return subprocess.run(self.command(argv, binds, tmpfs, user), env=self.environment(env), timeout=timeout,
                              **{**defaults, **options})

    def capture(self, interface="eth0"):
        self.captures += 1
        return Capture(self.world[TERMINAL], interface, self.work / f"capture-{self.captures}.pcap")

    # The VPN

    def vpn_up(self):
        mark = self.work / "vpn-up"
        mark.unlink(missing_ok=True)
        env = {**self.environment(), "LAB_MARK": str(mark), "LAB_ROUTER": net.FACILITY_IP}
        argv = ["ip", "netns", "exec", self.world[TERMINAL].name, "openconnect", "--protocol=anyconnect",
                f"--interface={self.tunnel}", "--non-inter", "--no-proxy", f"--user={servers.VPN_USER}", "--passwd-on-stdin",
                f"--script={HERE / 'vpn-script'}", "sec.ccr.ncc.go.jp"]
        self.vpn = Process(self.world[TERMINAL], argv, self.work / "openconnect.log", env, stdin=servers.VPN_PASSWORD)
        self.vpn.wait_until(mark.exists, 10)

    def ikev2_up(self):
        """The VPN over IKEv2 instead; only the inside goes through it. It lasts until everything is mended."""
        self.servers["ike"].change(tunnel=True)
        self.servers["ike-client"].change(down=False)
        self.set_resolvers([net.INSIDE_DNS_IP])
        self.on_revert(self.ikev2_down)

    def other_vpn_up(self):
        """A tunnel to somebody else's network, as for remote maintenance: nothing else goes through it."""
        node, device = self.world[TERMINAL], self.tunnel
        node.ip(f"tuntap add dev {device} mode tun", f"link set {device} up", f"addr add 10.99.0.2/24 dev {device}")
        self.on_revert(lambda: node.ip(f"link del {device}"))

    def vpn_killed(self):
        """The client ended without taking back what it had changed; its interface went with it."""
        self.vpn_up()
        self.vpn.stop(signal.SIGKILL)

    def ikev2_down(self):
        self.servers["ike-client"].reset()
        self.world[TERMINAL].ip("rule del table 220")

    def vpn_down(self):
        if not self.vpn:
            return
        self.vpn.stop(signal.SIGTERM)
        self.vpn = None
        self.world[TERMINAL].ip(f"route replace default via {net.FACILITY_IP}", f"route flush {net.SEC_IP}",
                                f"-6 route replace default via {net.FACILITY_IP6}")
        self.set_resolvers([net.DNS_IP])


class Labs:
    """A plain lab, and one with a relay for faults of the line; each is made when it is first asked for."""

    def __init__(self):
        self.open = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for lab in self.open.values():
            lab.close()
        return False

    @contextlib.contextmanager
    def healthy(self, fault, program=None):
        """The lab to break as a fault says, for a program; it is mended at the end."""
        relay = faults.relay_of(fault)
        if relay not in self.open:
            self.open[relay] = Lab(relay={} if relay else None).__enter__()
        lab = self.open[relay]
        lab.tunnel = windows.TUNNEL if program and windows.runs(program) else "tun0"
        lab.reset_ike()
        try:
            yield lab
        finally:
            lab.revert()


def tmpfs_steps(target, wanted):
    """Shell commands that mount a small file system."""
    place = shlex.quote(str(target))
    steps = [f"mount -t tmpfs -o size={wanted['size']} tmpfs {place}"]
    if wanted.get("full"):
        steps.append(f"{{ cat /dev/zero >{place}/filler 2>/dev/null || true; }}")
    if wanted.get("read-only"):
        steps.append(f"mount -o remount,ro {place}")
    return steps


def remove(prefix, work):
    net.destroy(prefix)
    for node in NODES:
        shutil.rmtree(f"/etc/netns/{prefix}-{node}", ignore_errors=True)
    try:
        Path("/etc/netns").rmdir()
    except OSError:
        pass
    if work:
        shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(STATE / prefix, ignore_errors=True)


def clean_leftovers():
    """Removes labs whose program was killed: nobody holds their lock any more."""
    for state in STATE.glob("*/lock"):
        try:
            with open(state) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                work = state.parent / "work"
                remove(state.parent.name, work.read_text() if work.exists() else None)
        except (BlockingIOError, FileNotFoundError):
            continue
