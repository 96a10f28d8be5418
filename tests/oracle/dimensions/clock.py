"""The terminal's clock, and its time zone."""

from dimensions import _tools as t

DIMENSION = "clock"


def off(rng):
    """How far the servers are from the terminal; certificates bear some of it."""
    minutes = rng.choice([0.2, 1, 2, 3, 4, 6, 10, 30, 60, 9 * 60, 24 * 60, 5 * 1440])
    minutes *= rng.choice([1, -1])
    return {"name": f"clock-{minutes:+}-minutes", "break": [{"server": {"name": name, "days": minutes / 1440}} for name in ("mio", "sec")],
            "causes": ["clock.skew"] if abs(minutes) > 2 else [], "touches": ["clock", "mio-http", "mio-tls", "sec-tls"],
            "profiles": t.PROFILES["mio"]}


def far_off(rng):
    """So far that no certificate is valid."""
    return {"name": "clock-two-years", "break": [{"server": {"name": "mio", "days": 730, "site": t.MIO, "cert": "two-years-ahead"}},
                                                 {"server": {"name": "sec", "days": 730, "cert": "two-years-ahead"}}],
            "causes": ["clock.skew", "tls.not-yet-valid"], "touches": ["clock", "mio-http", "mio-tls", "sec-tls"],
            "profiles": t.PROFILES["mio"]}


def zone(rng):
    """Time zones and languages of the terminal."""
    zone = rng.choice(["Asia/Tokyo", "UTC", "America/Los_Angeles", "Asia/Kathmandu", "JST-9", "GMT+9", ":/no/such/file", "Pacific/Kiritimati"])
    language = rng.choice(["C", "C.UTF-8", "ja_JP.UTF-8", "ja_JP.eucJP", "POSIX", ""])
    return {"name": f"zone-{zone}-language-{language}", "break": [{"env": {"TZ": zone, "LC_ALL": language}}], "causes": [],
            "touches": ["zone"], "phases": t.BOTH}


INGREDIENTS = [off, off, far_off, zone]
