"""The lab itself: the healthy world works, and each fault breaks what it says and nothing else."""

import json
import os
import re
import signal
import subprocess

import pytest

import faults
import net
import servers
from lab import HERE, STATE, Lab
from symptoms import (BAD_CERTIFICATE, MIO, NO_CONNECT, NO_NAME, OK, RECEIVE, SEC, SYMPTOMS, TIMEOUT, TLS_FAILED, code, curl,
                      dig, healthy_ike, healthy_tls, ike, installed, os_release, portal, udp_443)


def test_every_fault_has_a_symptom():
    assert set(SYMPTOMS) == set(faults.names())


@pytest.mark.parametrize("name", faults.names())
def test_fault_is_seen_and_mended(lab_for_fault, name):
    lab = lab_for_fault
    lab.apply(name)
    assert SYMPTOMS[name](lab)
    lab.revert()
    assert any(SYMPTOMS["healthy"](lab) for _ in range(3))  # those who look have little patience


def test_expectations_are_complete():
    for name in faults.names():
        expect = faults.load(name)["expect"]
        assert expect["exit"] in (0, 1, 3), name
        assert expect["exit"] == 0 or expect["causes"], name


def test_names(lab):
    assert dig(lab, SEC) == ("NOERROR", [net.SEC_IP])
    assert dig(lab, MIO) == ("NOERROR", [net.MIO_IP])
    assert dig(lab, "xyzzy.ccr.ncc.go.jp") == ("NXDOMAIN", [])
    assert dig(lab, "portal.internal.gtol.ncc.go.jp") == ("NXDOMAIN", [])
    assert dig(lab, SEC, "AAAA") == ("NOERROR", [])
    assert dig(lab, SEC, "+tcp")[1] == [net.SEC_IP]


def test_gateway(lab):
    exit_code, _, status, body = curl(lab, SEC)
    assert (exit_code, status) == (OK, 200)
    assert '<config-auth client="vpn"' in body
    assert udp_443(lab) == "TimeoutError"


def test_ike(lab):
    for port in (500, 4500):
        answers = ike(lab, port, "v3", "bad", "good", "big")
        assert answers["v3"]["notifies"] == ["INVALID_MAJOR_VERSION"]
        assert answers["bad"]["notifies"] == ["NO_PROPOSAL_CHOSEN"]
        assert answers["good"]["payloads"][:3] == [33, 34, 40]
        assert answers["big"]["answer"] == "ike"
        assert answers["good"]["client_nat"] and not answers["good"]["server_nat"]


def test_ike_limit_and_reset(lab):
    answers = [ike(lab, 500, "good")["good"].get("notifies") for _ in range(4)]
    assert answers[3] == ["COOKIE"]
    lab.reset_ike()
    assert ike(lab, 500, "good")["good"]["payloads"][0] == 33


def test_nothing_leads_out(lab):
    for node in net.NODES:
        links = json.loads(lab.world[node].route("-j", "link", "show"))
        names = {link["ifname"] for link in links}
        assert names <= {"lo", "eth0", "lan0", "wan0", "inside0", "to-dns", "to-sec", "to-mio"}, node
    assert lab.run(["ping", "-c1", "-W1", "1.1.1.1"]).returncode != 0


def test_terminal_is_its_own(lab):
    assert os_release(lab)["VERSION_ID"] == "13"
    assert installed(lab, "firefox-esr") and not installed(lab, "nginx")
    user = lab.run(["id", "-un"], user="nobody").stdout.strip()
    assert user == "nobody"


def test_binds_and_tmpfs(lab, tmp_path):
    (tmp_path / "x").write_text("here\n")
    done = lab.run(["sh", "-c", "cat /etc/hostname; df --output=size -k /opt; echo $WORD"], env={"WORD": "said"},
                   binds={"/etc/hostname": tmp_path / "x"}, tmpfs={"/opt": "64k"})
    assert done.stdout.split() == ["here", "1K-blocks", "64", "said"]


def test_capture(lab):
    with lab.capture() as seen:
        curl(lab, MIO)
        ike(lab, 500, "big")
    assert seen.sent() == {("udp", net.DNS_IP, 53), ("tcp", net.MIO_IP, 443), ("udp", net.SEC_IP, 500)}
    assert seen.count() > 6


def broken(lab, **actions):
    lab.revert()
    faults.apply(lab, {"break": [{verb: value} for verb, value in actions.items()]})


def test_routes_tables_and_kernel_settings(lab):
    before = lab.run(["sh", "-c", "ip rule; ip route; ip -6 route"]).stdout
    broken(lab, ip={"at": "terminal", "do": ["route add unreachable $sec", "rule add to $mio lookup 99"]},
           sysctl={"at": "facility", "values": {"net.netfilter.nf_conntrack_udp_timeout": 3}})
    assert "No route to host" in lab.run(["ip", "route", "get", net.SEC_IP]).stderr
    assert f"to {net.MIO_IP} lookup 99" in lab.run(["ip", "rule"]).stdout
    assert lab.world[net.FACILITY].sysctl_value("net.netfilter.nf_conntrack_udp_timeout") == "3"
    lab.revert()
    assert lab.run(["sh", "-c", "ip rule; ip route; ip -6 route"]).stdout == before
    assert lab.world[net.FACILITY].sysctl_value("net.netfilter.nf_conntrack_udp_timeout") != "3"


def test_one_session_at_a_time(lab):
    one = "set one {\n type ipv4_addr . inet_service\n flags dynamic,timeout\n timeout 60s\n size 1\n }"
    broken(lab, nft={"at": "facility", "define": one, "chain": "forward",
                     "rule": ["udp dport 4500 update @one { ip saddr . udp sport } accept", "udp dport 4500 drop"]})
    assert [each["answer"] for each in ike(lab, 4500, "v3", "bad").values()] == ["ike", "silent"]


@pytest.mark.parametrize("clat, by_ipv4", [(False, NO_CONNECT), (True, OK), ("dead", TIMEOUT)])
def test_mobile_line(lab, clat, by_ipv4):
    lab.apply({"break": [{"nat64": {"clat": clat}}]})
    found = lab.run(["getent", "ahosts", MIO]).stdout.split()[0]
    assert found == "64:ff9b::85a2:5269"
    assert lab.run(["curl", "-s", f"https://{MIO}/"]).returncode == OK
    assert code(lab, net.MIO_IP, "-k") == by_ipv4
    lab.revert()
    assert healthy_tls(lab)


def test_peculiar_dns_servers(lab):
    def ask(ways, *options):
        broken(lab, dns={"mode": ways})
        return dig(lab, MIO, *options)

    assert ask({"aaaa": "refused"}, "AAAA") == ("REFUSED", []) and dig(lab, MIO) == ("NOERROR", [net.MIO_IP])
    assert ask({"aaaa": "a"}, "AAAA")[1] == [net.MIO_IP]
    assert ask({"edns": "formerr"})[0] == "FORMERR" and dig(lab, MIO, "+noedns")[1] == [net.MIO_IP]
    assert ask({"edns": "silent"})[0] == "silent"
    assert ask({"tcp": "closed"}, "+tcp")[0] == "closed" and dig(lab, MIO)[1] == [net.MIO_IP]
    assert ask({"fails": {"from": 2, "count": 1, "code": "servfail"}})[0] == "NOERROR"
    assert [dig(lab, MIO)[0] for _ in range(2)] == ["SERVFAIL", "NOERROR"]
    assert ask({"delay_ms": 1500})[0] == "silent" and dig(lab, MIO, "+time=2")[1] == [net.MIO_IP]
    assert ask({"a": ["203.0.113.9"], "only": [MIO]})[1] == ["203.0.113.9"] and dig(lab, SEC)[1] == [net.SEC_IP]


def test_odd_web_server(lab):
    def ask(**ways):
        broken(lab, web={"site": "mio", **ways})
        done = lab.run(["curl", "-s", "-i", "-m", "5", f"https://{MIO}/"])
        return done.returncode, done.stdout

    assert "Date:" not in ask(answer={"date": "none"})[1]
    assert "Age: 60" in ask(answer={"age": 60})[1]
    assert "HTTP/1.1 503" in ask(answer={"status": 503})[1]
    assert ask(answer={"end": "reset"})[0] == RECEIVE
    assert ask(versions="1.1")[0] == TLS_FAILED
    assert ask(cert="expired", times=1)[0] == BAD_CERTIFICATE and code(lab, MIO) == OK
    assert ask(cert="expired", after=1)[0] == OK and code(lab, MIO) == BAD_CERTIFICATE
    lab.revert()
    assert healthy_tls(lab)


def test_killed_vpn_client(lab):
    lab.apply({"break": [{"vpn": "killed"}]})
    left = lab.run(["sh", "-c", "ip -4 route; cat /etc/resolv.conf"]).stdout
    assert "default" not in left and f"{net.SEC_IP} via" in left and net.INSIDE_DNS_IP in left
    lab.revert()
    assert healthy_tls(lab)


def test_vpn(lab):
    lab.vpn_up()
    assert portal(lab) == OK
    assert curl(lab, "https://mio.intra.ccr.ncc.go.jp/ikss/")[2] == 200
    assert code(lab, net.MIO_IP) == TIMEOUT
    assert dig(lab, MIO)[0] == "NXDOMAIN"
    log = (lab.work / "openconnect.log").read_text()
    assert "SSL connected and DTLS connected" in log
    lab.vpn_down()
    assert healthy_tls(lab)
    assert portal(lab) == NO_NAME


@pytest.fixture(scope="module")
def relayed():
    with Lab(relay={"rtt_ms": 50}) as lab:
        yield lab


def pings(lab, count=40, interval=0.01):
    out = lab.run(["ping", "-q", "-i", interval, "-c", count, net.SEC_IP]).stdout
    least, mean = (float(x) for x in re.search(r"= ([\d.]+)/([\d.]+)/", out).groups())
    return least, mean, int(re.search(r"(\d+) received", out)[1])


def test_relay_delay(relayed):
    least, mean, received = pings(relayed)
    assert 50 <= least <= mean and received == 40  # how much later is the machine's load, not the relay's doing
    assert healthy_tls(relayed) and healthy_ike(relayed)


def test_relay_changes_while_running(relayed):
    relayed.set_relay(rtt_ms=10)
    assert 10 <= pings(relayed)[0] < 50
    relayed.set_relay(rtt_ms=10, jitter_ms=5)
    least, mean, _ = pings(relayed, 200)
    assert least >= 10 and mean > 13
    relayed.set_relay()


def test_relay_loses_the_same_packets_again(relayed):
    def lost():
        relayed.set_relay(rtt_ms=0, loss=10, seed=7)
        before = relayed.relay_stats()
        pings(relayed, 300, 0.002)
        after = relayed.relay_stats()
        return after[1] - before[1], after[3] - before[3]

    first = lost()
    assert all(10 < number < 60 for number in first)
    assert lost() == first
    relayed.set_relay()


def test_relay_bursts_directions_and_order(relayed):
    def answers():
        out = relayed.run(["ping", "-i", "0.005", "-c", "300", "-W", "1", net.SEC_IP]).stdout
        return [int(number) for number in re.findall(r"icmp_seq=(\d+) ", out)]

    def lost(**ways):
        before = relayed.relay_stats()
        relayed.set_relay(rtt_ms=0, seed=3, **ways)
        seen = answers()
        after = relayed.relay_stats()
        return after[1] - before[1], after[3] - before[3], seen

    out, back, seen = lost(loss=10, burst=8)
    gaps = [b - a - 1 for a, b in zip([0, *seen], seen) if b > a + 1]
    assert 10 < out + back < 150 and max(gaps) >= 4
    out, back, _ = lost(loss=10, directions=1)
    assert 10 < out < 60 and back == 0
    out, back, seen = lost(duplicated=20)
    assert out == back == 0 and len(seen) > 330
    relayed.set_relay(rtt_ms=0, overtaking=40, jitter_ms=30)
    assert (seen := answers()) != sorted(seen)
    relayed.set_relay(rtt_ms=0, kbit=128)
    out = relayed.run(["ping", "-c", "1", "-s", "1200", net.SEC_IP]).stdout
    assert 130 < float(re.search(r"time=([\d.]+)", out)[1]) < 400  # 1228 bytes, twice
    relayed.set_relay()


def test_two_labs_at_once(lab):
    with Lab(nat=False) as other:
        assert other.prefix != lab.prefix
        other.apply("tcp-443-dropped")
        assert code(other) == TIMEOUT
        assert healthy_tls(lab)
        assert not ike(other, 500, "good")["good"]["client_nat"]
    assert healthy_tls(lab)


def leftovers(prefix):
    return [name for name in os.listdir("/run/netns") if name.startswith(prefix + "-")] + [
        name for name in os.listdir("/etc/netns") if name.startswith(prefix + "-")] + [
        name for name in os.listdir(STATE) if name == prefix]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_killed_lab_leaves_nothing(lab, sign):
    demo = subprocess.Popen([HERE / "demo", "--", "sh", "-c", "echo up; exec sleep 60"], stdout=subprocess.PIPE, text=True)
    assert demo.stdout.readline() == "up\n"
    prefix = f"pf{demo.pid}"
    assert leftovers(prefix)
    demo.send_signal(sign)
    demo.wait(10)
    if sign == signal.SIGKILL:
        with Lab():
            pass
    assert leftovers(prefix) == []


def test_demo_passes_the_exit_code_on(lab):
    done = subprocess.run([HERE / "demo", "--fault", "dns-nxdomain", "--", "sh", "-c", "cat; exit 7"], input="through\n",
                          capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (7, "through\n")


def test_names_of_the_inside_stay_inside(lab):
    assert not set(servers.INSIDE_NAMES) & set(servers.PUBLIC_NAMES)
