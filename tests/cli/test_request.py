"""
preflight request: the letters as people get them (golden texts in tests/fixtures/request, written anew
with UPDATE_GOLDEN set), the CSV as a spreadsheet reads it, the page as a browser does, and reports whose
texts try to be more than text. The reports are the lab's, without what the letters do not need.
"""
import copy
import csv
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import unicodedata
import xml.etree.ElementTree as ET

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = TOP / "tests" / "fixtures" / "request"
REPORTS = ["udp-500-dropped", "tcp-443-rejected", "no-internet", "healthy"]
GOLDEN = [("profile", [])] + [(name, [FIXTURES / f"{name}.json"]) for name in REPORTS]
XHTML_NAMES = {"html", "head", "meta", "title", "style", "body", "section", "div", "p", "h1", "h2", "h3", "ul",
               "li", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"}


def run(program, *words, code=0, lang="ja", folder=TOP):
    """Standard output as bytes. The clock of the reader is Japan's."""
    env = {"PATH": "/usr/bin:/bin", "TZ": "JST-9",
           **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")}}
    done = subprocess.run([shutil.which("unshare"), "-n", program, "request", "--lang", lang, *map(str, words)],
                          env=env, cwd=folder, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == code, (done.returncode, done.stderr.decode())
    run.stderr = done.stderr.decode()
    return done.stdout


def unwrapped(program, *words, code=0):
    return run(program, *words, code=code).decode().replace("\n", "")


def rows_of(program, *words, lang="en"):
    text = run(program, "--format", "csv", *words, lang=lang)
    assert text.startswith(b"\xef\xbb\xbf") and text.endswith(b"\r\n")
    assert b"\n" in text and b"\r" not in text.replace(b"\r\n", b"")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def load(name):
    return json.loads((FIXTURES / f"{name}.json").read_text())


def write(folder, report, name="report.json"):
    path = folder / name
    path.write_text(json.dumps(report, ensure_ascii=False))
    return path


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def traffic(row):
    return row["Protocol"], row["Port"], row["Destination host"], row["IP address"]


# ---- what people read ----

@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name,words", GOLDEN, ids=[name for name, _ in GOLDEN])
def test_golden(program, name, words, lang):
    text = run(program, *words, lang=lang).decode()
    golden = FIXTURES / f"{name}.{lang}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()
    assert max(columns(line) for line in text.splitlines()) <= 76
    assert not any(line != line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_text_is_missing(program, lang):
    """Ids of the catalogue and names of values never show."""
    for _, words in GOLDEN:
        for kind in ("text", "html", "csv"):
            text = run(program, "--format", kind, *words, lang=lang).decode()
            assert not re.search(r"request\.[a-z]", text) and "{" not in re.sub(r"<style>.*?</style>", "", text, flags=re.S)


# ---- the profile ----

SEC = ("sec.ccr.ncc.go.jp", "219.97.232.64")


def test_profile_names_what_the_documents_name(program):
    rows = [row for row in rows_of(program) if row["To"] == "network administrator"]
    assert [traffic(row) for row in rows] == [
        ("TCP", "443", "mio.ccr.ncc.go.jp", "133.162.82.105"), ("TCP", "443", *SEC), ("UDP", "500", *SEC),
        ("UDP", "4500", *SEC), ("UDP", "443", *SEC), ("ESP (IP protocol 50)", "", *SEC),
        ("UDP/TCP", "53", "the DNS servers set on the terminal", "")]
    assert [row["Importance"] for row in rows].count("recommended") == 1
    assert {row["Direction"] for row in rows[:5]} == {"outbound"} and rows[5]["Direction"] == "both ways"
    assert {row["Source port"] for row in rows if row["Port"]} == {"any"}


def test_rows_name_their_requirements_and_documents(program):
    rows = rows_of(program)
    assert {row["Basis"] for row in rows} >= {"C2", "C5", "T6, T7"}
    for row in rows:
        assert row["Basis"] and "§" in row["Documents"] and row["Purpose"]
    udp500 = next(row for row in rows if row["Port"] == "500")
    assert "2017-03-07" in udp500["Documents"] and "about 2021" in udp500["Documents"]


def test_the_carrier_is_asked_about_ipsec(program):
    rows = [row for row in rows_of(program) if row["To"] == "line carrier or ISP"]
    assert [(row["Protocol"], row["Port"]) for row in rows] == [("UDP", "500"), ("UDP", "4500")]


def test_hosts_inside_the_vpn_are_left_out_with_a_note(program):
    assert not [row for row in rows_of(program) if re.search("internal|intra", row["Destination host"])]
    assert "portal2.internal.gtol.ncc.go.jp" in run(program).decode()
    text = unwrapped(program, "--profile", "gtol")
    assert "すべて VPN の中を通ります" in text and "様" not in text
    assert rows_of(program, "--profile", "gtol") == []


def test_other_profiles(program):
    rows = rows_of(program, "--profile", "orca")
    assert [traffic(row)[:3] for row in rows] == [
        ("TCP", "443", "ctrl.glcmo.orcamo.jp"), ("UDP/TCP", "53", "the DNS servers set on the terminal")]
    text = run(program, "--profile", "orca").decode()
    assert "日レセクラウドを利用するための" in text and "回線業者" not in text
    assert "preflight --profile orca" in text
    old = [traffic(row)[:2] for row in rows_of(program, "--profile", "ccr-2017") if row["To"][0] == "n"]
    assert ("UDP", "443") not in old and ("ESP (IP protocol 50)", "") in old
    both = run(program, "--profile", "registry", "--profile", "orca").decode()
    assert "がん登録オンライン、日レセクラウドを利用するための" in both


def test_rules_and_settings_are_honoured(program, tmp_path):
    rules = tmp_path / "more.yaml"
    rules.write_text("""version: 1
requirements:
  C90: {text: {ja: あ, en: a}, source: {ja: 文書甲, en: Paper A}, ask: desk, note: {ja: 注意乙, en: Mind B}}
hosts: {extra: {name: extra.example.jp, use: {ja: 試験, en: trial}}}
checks:
  net-extra: {check: tls, host: extra, port: 8443, phase: before-vpn, source: [C90], title: {ja: 甲, en: A}}
""")
    rows = rows_of(program, "--rules", rules, "--set", "hosts.extra.addresses=192.0.2.9")
    own = [row for row in rows if row["Destination host"] == "extra.example.jp"]
    assert [row["To"] for row in own] == ["network administrator", "service desk"]
    assert {traffic(row) for row in own} == {("TCP", "8443", "extra.example.jp", "192.0.2.9")}
    assert {row["Purpose"] for row in own} == {"trial"} and {row["Documents"] for row in own} == {"Paper A"}
    assert "注意乙" in run(program, "--rules", rules).decode()


# ---- reports ----

def test_only_what_is_blocked(program):
    rows = rows_of(program, FIXTURES / "udp-500-dropped.json")
    assert [(row["To"], *traffic(row)) for row in rows] == [
        ("network administrator", "UDP", "500", *SEC), ("line carrier or ISP", "UDP", "500", *SEC)]
    assert {row["Request"] for row in rows} == {"allow the traffic", "see whether it is restricted"}
    rows = rows_of(program, FIXTURES / "tcp-443-rejected.json")
    assert [traffic(row)[:3] for row in rows] == [
        ("TCP", "443", "mio.ccr.ncc.go.jp"), ("TCP", "443", "sec.ccr.ncc.go.jp")]
    assert all("tcp.prohibited" in row["What was found"] for row in rows)
    assert rows_of(program, FIXTURES / "healthy.json") == []


def test_times_are_those_of_the_reader(program):
    started = load("udp-500-dropped")["started"]
    assert started.startswith("2026-11-21T16:")
    assert "2026-11-22 01:" in run(program, FIXTURES / "udp-500-dropped.json").decode()


def test_a_carrier_sees_no_address_of_the_facility(program, tmp_path):
    text = (FIXTURES / "udp-500-dropped.json").read_text()
    report = json.loads(text)
    cause = report["causes"][0]
    cause["evidence"] = {"ja": "192.168.10.1 から", "en": "from 192.168.10.1"}
    check = next(check for check in report["checks"] if check["id"] == "sec-udp-500")
    check["facts"].update(offender="192.168.10.1", offender_is="gateway", address="10.1.2.3")
    path = write(tmp_path, report)
    network, carrier = unwrapped(program, path).split("[2/2]")
    assert "192.168.10.1（施設のルータ）" in network and "伏せた" not in network
    assert "192.168" not in carrier and "private-1（施設のルータ）" in carrier and "伏せた" in carrier
    assert "192.168.10.1 から" in network and "private-1 から" in carrier
    for letter in (network, carrier):
        assert "10.1.2.3" not in letter and "219.97.232.64" in letter


def test_what_is_lost_on_the_line_is_the_carriers_matter_too(program, tmp_path):
    report = load("udp-500-dropped")
    report["causes"][0].update(code="udp.prohibited", actors=["network"], segments=["facility", "line"])
    assert {row["To"] for row in rows_of(program, write(tmp_path, report))} == {
        "network administrator", "line carrier or ISP"}
    report["causes"][0].update(segments=["facility"])
    assert {row["To"] for row in rows_of(program, write(tmp_path, report))} == {"network administrator"}
    report["causes"][0].update(actors=["carrier"], segments=["line"])
    text = run(program, write(tmp_path, report)).decode()
    assert "回線業者" in text and "送ってください" not in text, "nobody else is to be asked first"


def test_whoever_has_to_look_first_is_named(program, tmp_path):
    report = load("udp-500-dropped")
    report["causes"][0].update(code="net.no-route", actors=["it", "network"])
    text = run(program, write(tmp_path, report)).decode()
    assert text.splitlines()[1:3] == ["[1/1] ネットワーク管理者 様", "端末の側に原因が見つからないときに送ってください。"]


def test_what_fails_inside_the_vpn_is_no_letter(program, tmp_path):
    report = load("udp-500-dropped")
    inside = next(check for check in report["checks"] if check["id"] == "portal-tcp-443")
    outside = next(check for check in report["checks"] if check["id"] == "sec-udp-500")
    inside.update(verdict="fail", cause="tcp.silent", state="finished", skip_reason=None, root=0)
    outside.update(verdict="skip", cause=None, state="skipped", skip_reason="vpn-up", root=None)
    report["causes"][0].update(code="tcp.silent", checks=[inside["id"]])
    text = unwrapped(program, write(tmp_path, report))
    assert "VPN の中のものです" in text and "様" not in text


def test_other_asks_than_to_allow(program, tmp_path):
    report = load("tcp-443-rejected")
    for code, ask in [("tls.intercepted", "TLS"), ("udp.fragments", "fragments"), ("http.captive-portal", "sign-in"),
                      ("dns.nxdomain", "names"), ("tcp.reset", "allow the traffic")]:
        report["causes"][0]["code"] = code
        assert all(ask in row["Request"] for row in rows_of(program, write(tmp_path, report))), code


def test_the_service_desk_gets_its_letter(program, tmp_path):
    report = load("udp-500-dropped")
    report["causes"][0].update(actors=["desk"], segments=["service"])
    text = run(program, write(tmp_path, report)).decode()
    assert text.startswith("＿＿＿＿年") and "サービス窓口 ご担当者 様" in text and "管理者 様" not in text


def test_warnings_are_not_blocked_but_for_a_firewalls_word(program, tmp_path):
    report = load("healthy")
    assert [cause["code"] for cause in report["causes"]] == ["dtls.silent"]
    assert rows_of(program, write(tmp_path, report)) == []
    check = next(check for check in report["checks"] if check["id"] == "sec-udp-443")
    report["causes"][0]["code"] = check["cause"] = "udp.prohibited"
    assert [traffic(row)[:2] for row in rows_of(program, write(tmp_path, report))][0] == ("UDP", "443")


def undecided(report):
    """One required check is open, and nothing failed."""
    check = next(check for check in report["checks"] if check["id"] == "sec-udp-500")
    check.update(verdict="unknown", state="deadline", cause="run.deadline")
    report["counts"]["pass"] -= 1
    report["counts"]["unknown"] += 1
    report.update(verdict="unknown", exit_code=3)
    return report


def test_no_letter_says_why(program, tmp_path):
    text = unwrapped(program, FIXTURES / "healthy.json")
    assert text == "この結果では、遮断されている通信は見つかりませんでした。依頼書は必要ありません。"
    text = unwrapped(program, write(tmp_path, undecided(load("healthy"))), code=3)
    assert "必須の通信を確認できていません" in text and "様" not in text
    report = load("healthy")
    for check in report["checks"]:
        check.update(verdict="skip", skip_reason="vpn-up", state="skipped", cause=None, root=None)
    report["counts"] = {**dict.fromkeys(report["counts"], 0), "skip": len(report["checks"])}
    report.update(causes=[])
    text = unwrapped(program, write(tmp_path, report), code=3)
    assert "通信の確認が含まれていません" in text


def test_what_the_terminal_itself_blocks_is_no_letter(program, tmp_path):
    report = load("udp-500-dropped")
    report["causes"][0].update(code="net.local-denied", actors=["it"], segments=["terminal"])
    check = next(check for check in report["checks"] if check["id"] == "sec-udp-500")
    check["cause"] = "net.local-denied"
    text = unwrapped(program, write(tmp_path, report))
    assert "この端末の側で対応してください" in text and "（net.local-denied）" in text and "様" not in text


# ---- hostile reports ----

HOSTILE = "=cmd|'/C calc'!A0 <script>alert(1)</script> \"q\" ]]> &amp; \\u001b[31m, \u202e end"


def hostile_report():
    report = copy.deepcopy(load("udp-500-dropped"))
    text = {"ja": HOSTILE, "en": HOSTILE}
    report["causes"][0].update(title=text, evidence=text, remedy={
        "ja": "ネットワーク管理者: " + HOSTILE, "en": "Network administrator: " + HOSTILE})
    check = next(check for check in report["checks"] if check["id"] == "sec-udp-500")
    check.update(why=text)
    check["facts"].update(offender=HOSTILE, offender_is=HOSTILE)
    for profile in report["profiles"]:
        profile.update(id="x; rm -rf /", title=text)
    return report


def test_hostile_texts_stay_text(program, tmp_path):
    path = write(tmp_path, hostile_report())
    text = run(program, path).decode()
    assert "\x1b" not in text and "\u202e" not in text and "\\xE2\\x80\\xAE" in text
    assert "preflight --profile" not in text and "rm -rf" not in text
    page = run(program, "--format", "html", path).decode()
    root = ET.fromstring(page.replace("<!DOCTYPE html>", ""))
    assert {element.tag for element in root.iter()} <= XHTML_NAMES
    assert {name for element in root.iter() for name in element.attrib} <= {
        "lang", "charset", "http-equiv", "content", "name", "class"}
    shown = "".join(root.itertext())
    assert "<script>alert(1)</script>" in shown and "\u202e" not in shown
    for row in rows_of(program, path, lang="ja"):
        assert not any(re.match(r"[=+\-@\t\r＝＋－＠]", cell) for cell in row.values())
        assert row["用途"].startswith("'=cmd|") and "<script>" in row["用途"] and "\u202e" not in row["用途"]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(program, tmp_path, first):
    report = load("udp-500-dropped")
    check = next(check for check in report["checks"] if check["id"] == "sec-udp-500")
    check["why"] = {"ja": first + "1+1", "en": first + "1+1"}
    assert {row["Purpose"] for row in rows_of(program, write(tmp_path, report))} == {"'" + first + "1+1"}


# ---- files and wrong usage ----

def test_page_is_self_contained(program):
    page = run(program, "--format", "html").decode()
    root = ET.fromstring(page.replace("<!DOCTYPE html>", ""))
    policy = next(meta.get("content") for meta in root.iter("meta") if meta.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert not re.search(r"https?://|url\(|@import|<script|<link|<img", page)
    assert len(root.findall("body/section")) == 2 and root.get("lang") == "ja"
    cells = [cell.text for cell in root.find("body/section/table[@class='rows']").iter("td")]
    assert "sec.ccr.ncc.go.jp" in cells and "219.97.232.64" in cells
    assert "@page{size:A4" in page and "@media print" in page


def test_files_by_ending(program, tmp_path):
    names = ["letter.txt", "letter.html", "table.csv"]
    out = run(program, *[word for name in names for word in ("-o", name)], folder=tmp_path)
    assert (tmp_path / "letter.txt").read_bytes() == out
    assert (tmp_path / "letter.html").read_bytes() == run(program, "--format", "html")
    assert (tmp_path / "table.csv").read_bytes() == run(program, "--format", "csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_wrong_usage(program, tmp_path):
    report = FIXTURES / "healthy.json"
    for words, told in [
            (["--profile", "registry", report], "--profile: a report has its profiles"),
            (["--profile", "nothing"], "nothing"), (["none.json"], "none.json"), (["--format", "json"], "json"),
            (["-o", "letter.pdf"], "letter.pdf"), ([report, report], "")]:
        assert run(program, *words, code=2, folder=tmp_path) == b""
        assert told in run.stderr
    run(program, "-o", "no/such/letter.txt", code=3, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
