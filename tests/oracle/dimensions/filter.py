"""DNS and web filters that stand in the way of a name, with a page of their own."""

from dimensions import _tools as t

DIMENSION = "filter"
BLOCKS = ["146.112.61.104", "146.112.61.105", "146.112.61.106", "146.112.61.107", "146.112.61.110", "208.91.112.55", "208.91.112.52",
          "156.154.175.215", "103.247.37.77", "198.252.101.9"]
PAGE = 'location / { return 200 "<!DOCTYPE html><title>Access blocked by policy</title>"; }'


def blocked_names(rng):
    """The filter answers with its block address; there nobody is, or a page under some certificate."""
    hosts = rng.choice([["sec"], ["mio"], ["sec", "mio"], ["orca"], ["sec", "mio"]])
    address = rng.choice(BLOCKS)
    page = rng.choice(["nobody", "refused", "own-certificate", "trusted-certificate", "others-certificate"])
    actions = [{"dns": {"names": {t.NAMES[which]: [address] for which in hosts}}}]
    if page == "refused":
        actions.append({"nft": {"at": "facility", "chain": "forward", "rule": f"ip daddr {address} tcp dport 443 reject with tcp reset"}})
    elif page == "nobody":
        actions.append({"nft": {"at": "isp", "chain": "forward", "rule": f"ip daddr {address} drop"}})
    elif page == "others-certificate":  # ganjoho.jp's
        actions.append({"nft": {"at": "isp", "chain": "dstnat", "rule": f"ip daddr {address} tcp dport 443 dnat ip to $info"}})
    else:
        actions += [*([{"trust": "fortigate"}] if page.startswith("trusted") else []), {"server": {"name": "interceptor", "down": False}}]
        actions += [{"server": {"name": "interceptor", "site": t.NAMES[which], "body": PAGE}} for which in hosts]
        actions.append({"nft": {"at": "facility", "chain": "dstnat", "rule": f"iifname lan0 ip daddr {address} tcp dport 443 redirect to :8444"}})
    return {"name": f"{'-'.join(hosts)}-{address}-{page}", "break": actions, "causes": ["dns.*", "tls.intercepted", "http.*"],
            "touches": ["dns-server", "trust", *(f"{which}-{what}" for which in hosts for what in ("address", "tls", "tcp", "http"))],
            "profiles": sorted(set.intersection(*(set(t.PROFILES[which]) for which in hosts)))}


def blocked_pages(rng):
    """A web filter in the router takes connections to itself and shows a page."""
    hosts = rng.choice([["mio"], ["sec"], ["sec", "mio"], ["orca"]])
    trusted = rng.random() < 0.5
    word = {"mio": "$mio", "sec": "$sec", "orca": "$orca_tls"}
    status = rng.choice(["200", "403", "302"])
    body = {"200": PAGE, "403": "location / { return 403; }", "302": "location / { return 302 https://block.example.jp/; }"}[status]
    return {"name": f"{'-'.join(hosts)}-page-{status}{'-trusted' if trusted else ''}",
            "break": [*([{"trust": "fortigate"}] if trusted else []), {"server": {"name": "interceptor", "down": False}},
                      *({"server": {"name": "interceptor", "site": t.NAMES[which], "body": body}} for which in hosts),
                      *({"nft": {"at": "facility", "chain": "dstnat",
                                 "rule": f"iifname lan0 ip daddr {word[which]} tcp dport 443 redirect to :8444"}} for which in hosts)],
            "causes": ["tls.*", "http.*"], "touches": ["trust", *(f"{which}-{what}" for which in hosts for what in ("tls", "tcp", "http"))],
            "profiles": sorted(set.intersection(*(set(t.PROFILES[which]) for which in hosts)))}


def portal(rng):
    """A captive portal, in one of its forms."""
    code = rng.choice(["302", "200"])
    ports = rng.choice(["53", "{ 53, 500, 4500 }"])
    return {"name": f"captive-{code}-open-{ports.replace(' ', '')}", "break": [
        {"dns": {"names": {"portal.hotel.example": ["$router"]}}}, {"server": {"name": "captive", "down": False}},
        {"nft": {"at": "facility", "chain": "dstnat", "rule": "iifname lan0 meta nfproto ipv4 tcp dport 80 redirect to :8080"}},
        {"nft": {"at": "facility", "chain": "dstnat", "rule": "iifname lan0 meta nfproto ipv4 tcp dport 443 redirect to :8443"}},
        {"nft": {"at": "facility", "chain": "forward", "rule": f"iifname lan0 meta l4proto {{ tcp, udp }} th dport != {ports} drop"}}],
        "causes": ["http.captive-portal", "tls.*", "net.*"],
        "touches": ["dns-server", "sec-tls", "mio-tls", "orca-tls", "sec-tcp", "mio-tcp", "orca-tcp", "sec-udp-500", "sec-udp-4500"]}


def search_engines(rng):
    """A filter that takes part, and has nothing against these names: others are blocked."""
    names = {f"ads{rng.randrange(100)}.example.com": [rng.choice(BLOCKS)], "www.example.net": [rng.choice(BLOCKS)]}
    return {"name": "others-blocked", "break": [{"dns": {"names": names}}], "causes": [], "touches": ["dns-server"]}


INGREDIENTS = [blocked_names, blocked_names, blocked_pages, portal, search_engines]
