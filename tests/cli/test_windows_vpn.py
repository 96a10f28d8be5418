"""Windows' own VPN connections, planted (tests/wine/stand_in_ras.c): Wine has no RAS."""
import json
import pathlib
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "wine"))
from plant import RAS, Windows  # noqa: E402

pytestmark = pytest.mark.only_on_windows
IKEV2, L2TP, AUTOMATIC, PHONE = 7, 3, 0, 1
DIALLING, AUTHENTICATING, CONNECTED, DISCONNECTED = 0, 5, 0x2000, 0x2001
OLD, NOW = 1372, 1388  # octets of a RASCONNW, before Windows Vista and since
NO_PHONE_BOOK, INVALID_SIZE, RPC_UNAVAILABLE = 621, 632, 1722


@pytest.fixture
def windows(program, exe, tmp_path):
    return Windows(tmp_path / "wine", program=exe)


def vpn(windows, *words):
    with windows:
        done = windows.run("--format", "json", "--only", "vpn-up", *words)
    assert done.stderr == b"", done
    check = json.loads(done.stdout)["checks"][0]
    return check, {each["name"]: (each["kind"], each["connected"]) for each in check["facts"].get("connections", [])}


@pytest.mark.parametrize("length", [OLD, NOW])
def test_a_connection_that_stands(windows, length):
    windows.key(RAS, Length=length)
    windows.ras("main-gtol-vpn", IKEV2, CONNECTED, "WAN Miniport (IKEv2)")
    windows.ras("sub-gtol-vpn", IKEV2)
    check, found = vpn(windows)
    assert check["verdict"] == "pass" and check["facts"]["expected_connected"] is True
    assert found["main-gtol-vpn"] == ("ikev2", True)
    assert found["sub-gtol-vpn"] == ("ikev2", False)


@pytest.mark.parametrize("state", [None, DIALLING, AUTHENTICATING, DISCONNECTED])
def test_one_that_does_not_stand(windows, state):
    windows.ras("main-gtol-vpn", IKEV2, state, "WAN Miniport (IKEv2)")
    check, found = vpn(windows)
    assert (check["verdict"], check["cause"]) == ("skip", "vpn.not-connected")
    assert found["main-gtol-vpn"] == ("ikev2", False)


def test_it_is_a_failure_where_it_has_to_stand(windows):
    windows.ras("main-gtol-vpn", IKEV2)
    check, _ = vpn(windows, "--phase", "in-vpn")
    assert (check["verdict"], check["cause"]) == ("fail", "vpn.not-connected")


def test_many_entries_of_all_kinds(windows):
    for number in range(40):
        windows.ras(f"事業所 {number:02} への接続", AUTOMATIC)
    windows.ras("L2TP 接続", L2TP, CONNECTED, "WAN Miniport (L2TP)")
    windows.ras("ダイヤルアップ", AUTOMATIC, kind=PHONE)
    check, found = vpn(windows)
    assert len(found) == 41 and "ダイヤルアップ" not in found
    assert found["L2TP 接続"] == ("l2tp", True)
    assert found["事業所 07 への接続"] == ("windows", False)
    assert check["verdict"] == "pass" and check["facts"]["expected_connected"] is False


@pytest.mark.parametrize("error", [NO_PHONE_BOOK, RPC_UNAVAILABLE, INVALID_SIZE])
def test_a_service_that_does_not_run_makes_no_connections(windows, error):
    """Whatever is said of them then; here the service is not there, or was not started."""
    windows.key(RAS, Error=error)
    if error == RPC_UNAVAILABLE:
        windows.service("RasMan")
    check, _ = vpn(windows)
    assert (check["verdict"], check["cause"]) == ("skip", "vpn.not-connected")
