"""Makes a world in a lab, asks preflight, asks the clients, and holds one against the other."""

import json
import subprocess
import threading
import time


import clients
import compare
from compare import CHANCE, FALSE_READY, LAB, Result, Said
from world import BEFORE

import judge
import net
import windows
from lab import Labs

LIMIT = 150  # seconds for preflight
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "auto_proxy", "socks_server")


class Worlds(Labs):
    """Labs whose gateway also takes certificates; after an error of a lab the next world gets another."""

    def play(self, world, program):
        start = time.monotonic()
        try:
            with self.healthy({"break": world.actions()}, program) as lab:
                prepare(lab)
                result = play(lab, world, program)
        except Exception as error:  # of the lab: told, counted apart, and the others go on
            self.close()
            result = Result(LAB, note=f"{type(error).__name__}: {str(error)[:600]}")
        result.seconds = time.monotonic() - start
        return result

    def close(self):
        for lab in self.open.values():
            lab.close()
        self.open = {}


def prepare(lab):
    gateway = lab.servers["ike"]
    if not gateway.defaults["certificates"]:
        gateway.defaults.update(certificates=True, tunnel=True)
        gateway.change(certificates=True, tunnel=True)


def fresh(lab, world):
    """All on the way forget what was asked before: translators, limits, what was learnt of paths, half-open IKE."""
    for node in net.NODES:
        name = lab.world[node].name
        if world.phase == BEFORE:
            net.run(["ip", "netns", "exec", name, "conntrack", "-F"], check=False)
        lab.world[node].ip("route flush cache", "-6 route flush cache", "tcp_metrics flush")
        if node in lab.ruled():
            lab.world[node].fault_rules([(chain, rule) for at, chain, rule in lab.rules if at == node])
    for name in ("dns", "dns2", "inside-dns", "home-dns"):  # stand-ins count and remember
        if not lab.servers[name].settings["down"] and lab.servers[name].settings["mode"] != "normal":
            lab.servers[name].restart()
    if world.phase == BEFORE:
        lab.reset_ike()


# Preflight

def ask(lab, world, program):
    fresh(lab, world)
    start = time.monotonic()
    argv = [program, "--format", "json", *judge.AGELESS, *world.options()]
    try:
        done = lab.run(argv, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return Said("none in time", seconds=LIMIT)
    seconds = time.monotonic() - start
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        return Said(f"{done.returncode}, no report", lines=clients.last(done.stderr), seconds=seconds)
    left = set(windows.table()["never"]) if windows.runs(program) else set()
    codes = {wanted: [code for code in judge.causes(report, wanted) if code not in left] for wanted in (False, True)}
    warnings = [code for code in codes[True] if code not in judge.USUAL_WARNINGS]
    return Said(done.returncode, codes[False], warnings, [cause_line(cause) for cause in report["causes"]],
                round(seconds, 1))


def cause_line(cause):
    return f"{cause['code']} ({cause['verdict']}; {', '.join(cause['segments'])}): {cause['evidence']['en'] or ''}"[:400]


# Clients

def wanted(world):
    """Who must be served; a browser too where there are proxy settings, which it has ways of its own to read."""
    found = list(clients.required(world))
    variables = {name.lower() for action in world.actions() for name in action.get("env", {})}
    if "page:mio" in found and variables & set(PROXIES):
        found.append("browser:mio")
    return found


def groups(names):
    """Those that may run side by side: of each group one after the other."""
    kinds = [("name",), ("page",), ("browser",), ("anyconnect",), ("ike-500", "ike-4500")]
    return [[name for name in names if name.partition(":")[0] in kind] for kind in kinds]


def run_group(terminal, names, outcomes, errors, early):
    try:
        if names and names[0].startswith("browser:"):
            outcomes += clients.browse(terminal, [name.partition(":")[2] for name in names])
        for name in names if not names[0].startswith("browser:") else []:
            outcomes.append(clients.ask(terminal, name))
            if early and not outcomes[-1].ok:
                break
        if early and any(not outcome.ok for outcome in outcomes):
            terminal.stop.set()
    except clients.Stopped:
        pass
    except Exception as error:  # of the lab or of a client, not of the network: told by whoever joins
        errors.append(error)
        terminal.stop.set()


def first_round(lab, world, early):
    """All of them side by side; with `early` it ends when one of them fails."""
    fresh(lab, world)
    terminal = clients.Terminal(lab, world)
    names, *others = groups(wanted(world))
    outcomes, errors = [], []
    run_group(terminal, names, outcomes, errors, early)
    threads = [threading.Thread(target=run_group, args=(terminal, group, outcomes, errors, early))
               for group in others if group and not terminal.stop.is_set()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return outcomes


def alone(lab, world, name):
    """One that failed, on a network of its own and with more patience; for a page, a browser may be served as well."""
    fresh(lab, world)
    outcome = clients.ask(clients.Terminal(lab, world, patience=2.5), name)
    if not outcome.ok and name.startswith("name:"):  # a failure of the moment is over by now; what is fresh has it again
        return clients.ask(clients.Terminal(lab, world, patience=2.5), name)
    if not outcome.ok and name.startswith("page:"):
        fresh(lab, world)
        shown = clients.ask(clients.Terminal(lab, world, patience=2.5), name.replace("page:", "browser:"))
        if shown.ok:
            return shown
    return outcome


def second_round(lab, world, outcomes):
    return [outcome if outcome.ok else alone(lab, world, outcome.client) for outcome in outcomes]


# Both

def play(lab, world, program):
    lab.apply({"break": world.actions()})
    said = ask(lab, world, program)
    outcomes = first_round(lab, world, early=said.exit != compare.READY)
    result = held(world, said, outcomes)
    if result.outcome == FALSE_READY:
        outcomes = second_round(lab, world, outcomes)
        result = held(world, said, outcomes)
    if result.disagrees():
        again = held(world, ask(lab, world, program), outcomes)
        if again.outcome != result.outcome and not again.disagrees():
            again.note = f"{result.outcome} at first ({said.line()}), then {again.outcome} ({again.said.line()})"
            again.outcome = CHANCE
        return again
    return result


def held(world, said, outcomes):
    outcome, note = compare.judge(world, said, [each.client for each in outcomes if not each.ok])
    return Result(outcome, said, outcomes, note=note)


