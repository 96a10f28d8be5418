"""What the web servers answer, how, and when."""

from dimensions import _tools as t

DIMENSION = "http"
LATER = ["http.*"]


def site(rng):
    """mio outside, the portal and mio inside."""
    which = rng.choice(["mio", "mio", "portal", "mio-intra"])
    return which, ({"profiles": t.PROFILES["mio"], "phases": ["before-vpn"]} if which == "mio" else
                   {"profiles": ["registry", "gtol"] if which == "portal" else ["registry"], "phases": ["in-vpn"]})


def causes(which, *more):
    return [*more, "http.*", *(["vpn.portal-down"] if which == "portal" else [])]


def made(rng, what, answer, breaks, *more, **web):
    which, where = site(rng)
    return {"name": f"{which}-{what}", "break": [{"web": {"site": which, "answer": answer, **web}}],
            "causes": causes(which, *more) if breaks else [], "touches": [f"{which}-http", f"{which}-tls", "web-inside"], **where}


def dates(rng):
    """The time in answers, and caches on the way."""
    form = rng.choice(["usual", "rfc850", "asctime", "none", "offset", "garbage"])
    age = rng.choice([None, None, 0, 30, 1800, 86400, 30 * 86400])
    ahead = rng.choice([0, 0, 0, 90, -120])
    return made(rng, f"date-{form}-age-{age}-ahead-{ahead}", {"date": form, "age": age, "seconds": ahead}, False)


def status(rng):
    """What kind of answer it is."""
    code = rng.choice([200, 201, 202, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 410, 429, 451, 500, 502, 503, 504, 511, 599])
    headers = [["Content-Type", "text/html"]] + rng.choice([[], [["Retry-After", "120"]], [["Server", "BigIP"]],
                                                             [["WWW-Authenticate", 'Basic realm="x"']]])
    return made(rng, f"status-{code}", {"status": code, "reason": rng.choice(["OK", "Error", ""]), "headers": headers}, code >= 300)


def maintenance(rng):
    """The site is closed for maintenance, and says so in one way or another."""
    code = rng.choice([200, 503, 503, 302])
    text = "<!DOCTYPE html><meta charset=utf-8><title>メンテナンス中</title><p>ただいまメンテナンス中です。"
    headers = [["Content-Type", "text/html; charset=utf-8"], ["Retry-After", "3600"]]
    if code == 302:
        headers.append(["Location", rng.choice(["/maintenance.html", "https://sorry.example.jp/", "//sorry.example.jp/mio"])])
    return made(rng, f"maintenance-{code}", {"status": code, "body": text, "headers": headers}, code != 200)


def redirect(rng):
    """Where the first page leads."""
    code = rng.choice([301, 302, 303, 307, 308])
    place = rng.choice(["/login", "login/", "?lang=ja", "https://$self/", "http://$self/", "https://www.example.jp/", "/", "//$self/x",
                        "https://$self:8443/", "HTTPS://$SELF/", "", "#top", "https://login.b2clogin.com/x", "javascript:alert(1)",
                        "ftp://$self/", "https://ganjoho.jp/"])
    which, where = site(rng)
    host = {"mio": t.MIO, "portal": "portal.internal.gtol.ncc.go.jp", "mio-intra": "mio.intra.ccr.ncc.go.jp"}[which]
    target = place.replace("$self", host).replace("$SELF", host.upper())
    return {"name": f"{which}-{code}-to-{place.replace('$', '')}", "break": [{"web": {"site": which, "answer": {
        "status": code, "reason": "Found", "headers": [["Location", target], ["Content-Type", "text/html"]]}}}],
        "causes": causes(which, "tcp.*"), "touches": [f"{which}-http", f"{which}-tls", "web-inside"], **where}


def redirect_once(rng):
    """The usual server leads on to a page of its own, or elsewhere."""
    name, host, where = rng.choice([("mio", t.MIO, {"profiles": t.PROFILES["mio"]}),
                                    ("inside", "portal.internal.gtol.ncc.go.jp", {"phases": ["in-vpn"], "profiles": ["registry", "gtol"]})])
    target, works = rng.choice([("/start/", True), (f"https://{host}/start/", True), ("/a", True), ("http://" + host + "/start/", False),
                                ("https://www.example.jp/", False)])
    body = (f"location = / {{ return {rng.choice([301, 302, 303, 307])} {target}; }} location = /a {{ return 302 /b; }} "
            'location / { return 200 "<!DOCTYPE html><title>Start</title>"; }')
    return {"name": f"{name}-leads-to-{target}", "break": [{"server": {"name": name, "site": host, "body": body}}],
            "causes": [] if works else ["http.*", "vpn.portal-down"], "touches": ["mio-http" if name == "mio" else "portal-http"], **where}


def late(rng):
    """The first byte, or the handshake, comes late; or the page comes in drops."""
    kind, seconds = rng.choice(["wait_first", "wait_first", "wait_accept", "wait_rest"]), rng.choice([0.5, 2, 4, 6, 8, 10, 14, 20, 45])
    seconds = min(seconds, 20) if kind == "wait_rest" else seconds
    return made(rng, f"{kind.replace('_', '-')}-{seconds}", {kind: seconds, "body": "<!DOCTYPE html><title>Sign in</title>" + "x" * 300},
                True, "tls.silent", "tcp.*")


def form(rng):
    """How the answer is put."""
    answer = rng.choice([{"chunked": True}, {"no_length": True}, {"version": "1.0"}, {"version": "1.0", "no_length": True}, {"early": True},
                         {"body": ""}, {"body": "x" * 60000}, {"body": "not HTML at all"}, {"reason": ""}, {"reason": "良好"},
                         {"headers": [["X-Long", "y" * 7000]]}, {"headers": [["Set-Cookie", f"a{n}=1"] for n in range(60)]},
                         {"headers": []}, {"headers": [["Content-Encoding", "identity"]]}, {"chunked": True, "body": ""},
                         {"headers": [["Strict-Transport-Security", "max-age=63072000"], ["Alt-Svc", 'h3=":443"']]},
                         {"headers": [["Refresh", "0; url=https://www.example.jp/"]]}])
    return made(rng, "form-" + "-".join(f"{key}-{str(value)[:20]}" for key, value in answer.items()), answer, False)


def ended(rng):
    """No answer: the connection is closed, reset, or held."""
    how = rng.choice(["closed", "reset", "silent"])
    when = rng.choice([{}, {}, {"after": 1}])
    return made(rng, f"{how}{''.join(f'-{key}-{value}' for key, value in when.items())}", {"end": how}, True, "tls.*", **when)


def settings(rng):
    """Harmless settings of the usual server."""
    body = rng.choice(["keepalive_timeout 0;", "keepalive_requests 1;", "gzip on; gzip_min_length 1;",
                       "add_header Cache-Control no-store always;", "error_page 404 = /;", "etag off;", "server_tokens on;"])
    page = 'location / { return 200 "<!DOCTYPE html><title>Hospital connection service</title>"; }'
    return {"name": f"mio-{body.strip(';').replace(' ', '-').replace(';', '')}", "break": [{"server": {
        "name": "mio", "site": t.MIO, "body": f"{body} {page}"}}], "causes": [], "touches": ["mio-http"],
        "profiles": t.PROFILES["mio"]}


INGREDIENTS = [dates, dates, status, maintenance, redirect, redirect_once, late, late, form, ended, settings]
