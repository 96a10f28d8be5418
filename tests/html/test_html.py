"""The HTML report in Chromium: real runs, and documents whose every text is hostile."""
import copy
import json
import os
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
RUNS = sorted((FIXTURES / "runs").glob("*.json"))
LANGS = ("ja", "en")
TOP = HERE.parent.parent
FIRST = TOP / "build" if "plain" in os.environ.get("PREFLIGHT_BUILDS", "plain") else TOP / "build" / "sanitized"
OWNED = "window.owned=1"

# Each is planted into every text of a document; the token tells one place from another.
HOSTILE = [
    f"<script>{OWNED}</script>",
    f'"><img src=x onerror="{OWNED}">',
    f"'></text></svg><svg onload='{OWNED}'>",
    "</style><style>body{display:none}</style>",
    f"</title></head><body onload={OWNED}>",
    f"javascript:{OWNED}",
    '<a href="http://evil.invalid/">x</a><link rel=stylesheet href=//evil.invalid/>',
    "]]><!-- <![CDATA[ --> <?x ?>",
    "&lt;script&gt;&#60;b&#62;&amp;",
    "\u202egpj.exe\u202c\u2066x\u2069\u200f",
    "\x1b]0;owned\x07\x1b[2J\x7f\u0085",
    "\ufffe\uffff\ufeff",
    "{host} [x] %s %n {{ [[",
    "z" * 700,
    "長" * 300,
    "مرحبا بالعالم",
]
# Members whose values are words of a list; everything else may be any text.
WORDS = {"schema", "schema_version", "verdict", "phase", "severity", "state", "segments", "actors", "ask", "reason"}


def plant(value, texts, name="", kept=WORDS):
    """The document with a text of the list in the place of every string."""
    if isinstance(value, dict):
        return {key: plant(item, texts, key, kept) for key, item in value.items()}
    if isinstance(value, list):
        return [plant(item, texts, name, kept) for item in value]
    return next(texts) if isinstance(value, str) and name not in kept else value


def hostile(document, kept, harmless):
    """The same places hold either hostile or harmless texts, each with a token of its own."""
    def texts():
        for number in range(1 << 20):
            yield f"T{number:05}" + ("" if harmless else HOSTILE[number % len(HOSTILE)])
    document = plant(document, texts(), kept=WORDS | kept)
    for check in document["checks"]:
        check["facts"] = dict(check["facts"], **{("harmless" if harmless else text) + str(i): "x"
                                                 for i, text in enumerate(HOSTILE[:4])})
    return dict(document, support_code="C0DE" if harmless else HOSTILE[0], redacted=True)


def documents():
    """Name to document."""
    found = {path.stem: json.loads(path.read_text()) for path in RUNS}
    found["report-hostile"] = json.loads((FIXTURES / "report-hostile.json").read_text())
    base = found["udp-4500-dropped"]
    # "type", "skip_reason" and "cause" kept: then the drawing and the chart have what they show
    for name, kept in (("all", set()), ("typed", {"type", "skip_reason", "cause", "via", "checks", "symptoms"})):
        for harmless in (False, True):
            found[f"{'harmless' if harmless else 'hostile'}-{name}"] = hostile(copy.deepcopy(base), kept, harmless)
    found["empty"] = dict(base, causes=[], checks=[], profiles=[], rules=[])
    return found


DOCUMENTS = documents()
PAGES = [pytest.param(name, lang, id=f"{name}-{lang}") for name in DOCUMENTS for lang in LANGS
         if not name.startswith("harmless-")]
REAL = [pytest.param(path.stem, lang, id=f"{path.stem}-{lang}") for path in RUNS for lang in LANGS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("html")
    for name, document in DOCUMENTS.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    return folder


def render(build, folder, name, lang):
    done = subprocess.run([build / "tests" / "render-html", folder / f"{name}.json", lang], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, env=dict(os.environ, TZ="Asia/Tokyo"))
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def pages(folder):
    """(name, lang) to the page's bytes, from the first build; the others write the same."""
    return {(name, lang): render(FIRST, folder, name, lang) for name in DOCUMENTS for lang in LANGS}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_build_writes_the_same(build, folder, pages, name):
    for lang in LANGS:
        assert render(build, folder, name, lang) == pages[name, lang]


def read(path):
    return path.read_bytes() if path.exists() else b""


@pytest.fixture(scope="module")
def seen(pages, folder):
    """(name, lang) to what the browser found."""
    files = {}
    for (name, lang), page in pages.items():
        files[name, lang] = folder / f"{name}.{lang}.html"
        files[name, lang].write_bytes(page)
    done = subprocess.run(["node", HERE / "check.mjs", *files.values()], stdout=subprocess.PIPE, timeout=3000, check=True)
    found = json.loads(done.stdout)
    return {key: dict(found[str(path)], pdf=read(path.with_suffix(".pdf"))) for key, path in files.items()}


@pytest.mark.parametrize("name, lang", PAGES)
class TestEveryPage:
    def test_is_well_formed_xml(self, pages, name, lang):
        done = subprocess.run(["xmllint", "--noout", "--nonet", "-"], input=pages[name, lang], stderr=subprocess.PIPE)
        assert done.returncode == 0, done.stderr.decode()

    def test_is_utf8_without_controls(self, pages, name, lang):
        text = pages[name, lang].decode()
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]", text)

    def test_says_which_language(self, pages, name, lang):
        assert f'<html lang="{lang}">' in pages[name, lang].decode()

    def test_runs_and_fetches_nothing(self, seen, name, lang):
        assert seen[name, lang]["executed"] == []
        assert seen[name, lang]["requests"] == []
        assert seen[name, lang]["events"] == []

    @pytest.mark.parametrize("rule", ["structure", "fits", "contrast", "paper"])
    def test_looks(self, seen, name, lang, rule):
        assert seen[name, lang][rule] == []

    def test_prints_on_a4(self, seen, name, lang):
        pdf = seen[name, lang]["pdf"]
        sheets = re.findall(rb"/Type\s*/Page\b[^s]", pdf)
        sizes = {tuple(round(float(n)) for n in size.split()) for size in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf)}
        assert sheets
        assert sizes == {(0, 0, 595, 842)}

    def test_boxes_can_be_ticked_by_pen(self, seen, name, lang):
        wanted = sum(check["verdict"] == "manual" for check in DOCUMENTS[name]["checks"])
        boxes = seen[name, lang]["boxes"]
        assert len(boxes) == wanted
        assert all(box["mm"] >= 3.5 and box["border"] >= 1 for box in boxes)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["all", "typed"])
def test_hostile_texts_stay_text(seen, kind, lang):
    assert seen[f"hostile-{kind}", lang]["skeleton"] == seen[f"harmless-{kind}", lang]["skeleton"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["all", "typed"])
def test_hostile_texts_are_shown(pages, kind, lang):
    """Every place that shows a harmless text shows the hostile one, with its token and its markup escaped."""
    tokens = [set(re.findall(r"T\d{5}", pages[f"{word}-{kind}", lang].decode())) for word in ("hostile", "harmless")]
    assert tokens[0] == tokens[1]
    assert len(tokens[0]) > 200
    for text in ("&lt;script&gt;window.owned=1&lt;/script&gt;", "&quot;&gt;&lt;img src=x", "&lt;/style&gt;&lt;style&gt;",
                 "javascript:window.owned=1", "\\xE2\\x80\\xAE", "\\x1B]0;owned\\x07", "\\xEF\\xBF\\xBE", "z" * 700):
        assert text in pages[f"hostile-{kind}", lang].decode(), text


@pytest.mark.parametrize("name, lang", REAL)
def test_no_page_is_long(seen, name, lang):
    assert len(re.findall(rb"/Type\s*/Page\b[^s]", seen[name, lang]["pdf"])) <= 10


@pytest.mark.parametrize("name, lang", [pytest.param(name, lang, id=f"{name}-{lang}") for lang in LANGS
                                        for name in ("udp-4500-dropped", "dns-silent", "orca-cert-expired")])
def test_first_screen_says_what_where_who_and_what_to_do(seen, name, lang):
    first = seen[name, lang]["first"]
    assert first["verdict"] and first["title"]
    wanted = {"ja": ["場所", "担当", "対応", "根拠"], "en": ["Where", "Who", "What to do", "Evidence"]}
    assert first["rows"][:4] == wanted[lang]


def words(page, part):
    """The text of a section, markup taken away."""
    inside = re.search(rf'<section id="{part}".*?</section>', page.decode(), re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", inside.group(0))) if inside else ""


# name: what the drawing says of terminal, facility, line, service, VPN, inside; None: not drawn
PATHS = {
    "ready": ["動作を確認"] * 4 + ["未接続", "未確認"],
    "ready-in-vpn": ["動作を確認"] * 6,
    "udp-4500-dropped": ["動作を確認", "疑いあり", "疑いあり", "動作を確認", "未接続", "未確認"],
    "two-causes": ["動作を確認", "疑いあり", "疑いあり", "動作を確認", "未接続", "未確認"],
    "dns-silent": ["動作を確認", "疑いあり", "疑いあり", "動作を確認", "未接続", "未確認"],
    "orca-cert-expired": ["原因はここ"] + ["動作を確認"] * 3 + ["未接続", "未確認"],
}


@pytest.mark.parametrize("name", PATHS)
def test_drawing_marks_what_is_broken_and_what_works(pages, name):
    page = pages[name, "ja"].decode()
    for drawing in ("path-wide", "path-tall"):
        inside = re.search(rf'<svg class="{drawing}".*?</svg>', page, re.S).group(0)
        states = re.findall(r'<text class="state[^>]*>. ([^<]*)</text>', inside)
        assert states == PATHS[name], drawing
        for state in states:
            assert state in re.search("<desc.*?</desc>", inside, re.S).group(0)


def test_drawing_shows_how_far_each_kind_of_traffic_gets(pages):
    lanes = re.search(r'<ul class="lanes">(.*?)</ul>', pages["udp-4500-dropped", "ja"].decode(), re.S).group(1)
    lanes = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", lane)).strip() for lane in lanes.split("</li>")]
    assert "✓ 届いています sec UDP 500" in lanes
    assert "× 止まっています sec UDP 4500 施設内ネットワーク または 回線・ISP" in lanes
    assert "? 確認できません sec 大きなUDP 4500" in lanes
    assert "✓ 届いています mio HTTPS 443" in lanes


def test_lanes_end_where_somebody_else_answered(tmp_path):
    """TCP that a portal in the facility answered did not reach the service."""
    document = copy.deepcopy(DOCUMENTS["udp-4500-dropped"])
    document["causes"][0].update(segments=["facility"], code="http.captive-portal")
    for check in document["checks"]:
        if check["id"] == "mio-tls":
            check.update(verdict="fail", root=0)
    (tmp_path / "x.json").write_text(json.dumps(document))
    page = render(FIRST, tmp_path, "x", "ja").decode()
    wide = re.search(r'<svg class="path-wide".*?</svg>', page, re.S).group(0)
    marks = dict(re.findall(r'<text class="lane-name"[^>]*>([^<]*)</text>.*?<circle class="dot is-[a-z]*" cx="(\d+)"', wide, re.S))
    assert marks["mio TCP 443"] == marks["mio HTTPS 443"] == marks["sec UDP 4500"]
    assert int(marks["sec TCP 443"]) > int(marks["mio TCP 443"])


def test_chart_has_the_numbers_of_the_document(pages):
    document = DOCUMENTS["udp-4500-dropped"]
    timings = next(check["timings"] for check in document["checks"] if check["id"] == "mio-tls")
    stages = [timings[name] for name in ("name_ms", "connect_ms", "tls_ms", "first_byte_ms")]
    numbers = " ".join(f"{ms:.0f}" for ms in stages + [sum(stages)])
    text = words(pages["udp-4500-dropped", "en"], "times")
    assert f"mio.ccr.ncc.go.jp TCP 443 {numbers}" in text
    assert re.search(r"sec.ccr.ncc.go.jp UDP 4500 × Fail \d+ – – – –", text)
    widths = re.findall(r'<rect class="k-[a-z]+" x="([\d.]+)" width="([\d.]+)"', pages["udp-4500-dropped", "en"].decode())
    assert max(float(x) + float(width) for x, width in widths) == pytest.approx(1000, abs=1)


def test_chart_tells_a_name_that_was_only_waited_for(pages):
    assert "資料に記載のアドレスに接続しました" in words(pages["dns-silent", "ja"], "times")
    assert "資料に記載のアドレスに接続しました" not in words(pages["ready", "ja"], "times")


@pytest.mark.parametrize("lang", LANGS)
def test_every_fact_is_on_the_page(pages, lang):
    document, page = DOCUMENTS["udp-4500-dropped"], pages["udp-4500-dropped", lang].decode()
    for check in document["checks"]:
        if check["verdict"] in ("skip", "manual") and check["skip_reason"]:
            continue
        for name, value in check["facts"].items() if check["verdict"] != "manual" else ():
            assert f"<dt>{name}</dt>" in page
            if isinstance(value, str):
                assert f"<dd>{value}</dd>" in page


@pytest.mark.parametrize("lang", LANGS)
def test_causes_with_their_remedies(pages, lang):
    document, page = DOCUMENTS["udp-4500-dropped"], pages["udp-4500-dropped", lang].decode()
    for cause in document["causes"]:
        assert cause["title"][lang] in page
        for line in cause["remedy"][lang].split("\n"):
            assert line.replace('"', "&quot;") in page


def test_several_causes_are_listed_first(pages):
    page = pages["two-causes", "ja"].decode()
    overview = re.search(r'<ol class="overview">(.*?)</ol>', page, re.S).group(1)
    causes = [cause for cause in DOCUMENTS["two-causes"]["causes"] if cause["verdict"] != "warn"]
    assert len(causes) == 2
    assert re.findall(r'href="#(cause-\d+)">([^<]*)<', overview) == [
        (f"cause-{number}", cause["title"]["ja"]) for number, cause in enumerate(causes, 1)]
    assert page.index('<ol class="overview">') < page.index('id="cause-1"')
    assert '<ol class="overview">' not in pages["dns-silent", "ja"].decode()


def test_what_is_left_to_do_when_ready(pages):
    page = pages["ready", "ja"].decode()
    left = re.sub("<[^>]*>", "", re.search(r'<ul class="next">(.*?)</ul>', page, re.S).group(1)).split("\n")
    assert [line for line in left if line] == [
        "「注意」の 1 件を確認してください。", "「人による確認」の 4 件について、担当者に確認してください。",
        "VPN内の 12 件は、VPN に接続してから実行すると確認できます。"]
    assert '<ul class="next">' not in pages["dns-silent", "ja"].decode()


def test_no_more_than_one_language(pages):
    assert not re.search("[ぁ-ん]", pages["udp-4500-dropped", "en"].decode())
