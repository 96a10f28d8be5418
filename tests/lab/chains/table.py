"""Chains that servers can send, after the categories of public test suites for path validation (names, validity, basic
constraints, path length, key usage, name constraints, key identifiers, cryptography, path building), and what is to be
said of each.

A row is a function that makes a chain for a host; its name is the row's, `_` for `-`. It returns what is sent, the
server's own certificate first, and what the terminal trusts. The decorator says the cause (None: it passes), what must
be named in its evidence, and, where the program is stricter than OpenSSL at security level 2 on purpose, the reason.
"""

from dataclasses import dataclass
from typing import Callable

from make import UNKNOWN_OID, damaged

ROWS = []
BROWSERS = "browsers refuse it, and the pages inside the VPN are read with one"


@dataclass
class Row:
    name: str
    category: str
    make: Callable
    cause: str
    shown: tuple = ()
    stricter: str = ""
    serve: dict = None  # how: ciphers, signatures, dh (bits), tls (the newest version)


def row(category, cause=None, shown=(), stricter="", **serve):
    def add(make):
        ROWS.append(Row(make.__name__.replace("_", "-"), category, make, cause, tuple(shown), stricter, serve))
        return make
    return add


class World:
    """What most rows have in common: a root, an authority below it, a server below that."""

    def __init__(self, maker, host, tag):
        self.maker, self.host, self.tag = maker, host, tag

    def root(self, **more):
        name = more.pop("name", "Root")
        return self.maker.certificate(f"{name} {self.tag}", **{"ca": True, "days": (-100, 3650), "number": name, **more})

    def middle(self, issuer, **more):
        name = more.pop("name", "Issuing")
        return self.maker.certificate(f"{name} {self.tag}", issuer,
                                      **{"ca": True, "days": (-50, 1800), "number": name, **more})

    def leaf(self, issuer, **more):
        subject = more.pop("subject", self.host)
        return self.maker.certificate(subject, issuer, **{"names": [self.host], "purposes": ["server"], "number": "leaf",
                                                          **more})

    def three(self, root={}, middle={}, leaf={}):
        root = self.root(**root)
        middle = self.middle(root, **middle)
        return [self.leaf(middle, **leaf), middle], [root]


# ---- what is right ----

@row("path")
def plain(w):
    return w.three()


@row("path")
def directly_below_the_root(w):
    root = w.root()
    return [w.leaf(root)], [root]


@row("path")
def four_authorities(w):
    root = w.root()
    chain = [root]
    for number in range(4):
        chain.insert(0, w.middle(chain[0], name=f"Issuing {number}"))
    return [w.leaf(chain[0]), *chain[:-1]], [root]


@row("path")
def root_sent_along(w):
    sent, trusted = w.three()
    return [*sent, *trusted], trusted


@row("path")
def out_of_order(w):
    root = w.root()
    first = w.middle(root, name="First")
    second = w.middle(first, name="Second")
    return [w.leaf(second), first, root, second], [root]


@row("path")
def sent_twice(w):
    sent, trusted = w.three()
    return [sent[0], sent[1], sent[1], sent[0]], trusted


@row("path")
def strangers_sent_along(w):
    sent, trusted = w.three()
    other = w.root(name="Somebody Else", number="other")
    return [sent[0], w.middle(other, name="Of Somebody Else"), sent[1], other], trusted


@row("path")
def weak_and_expired_stranger_sent_along(w):
    sent, trusted = w.three()
    return [*sent, w.root(name="Old", key="RSA-1024", digest="sha1", days=(-900, -100))], trusted


@row("path")
def self_signed_but_trusted(w):
    leaf = w.leaf(None)
    return [leaf], [leaf]


@row("path")
def cross_signed_with_a_good_root(w):
    """The authority below two roots, one of which nobody trusts."""
    root, other = w.root(), w.root(name="Other", number="other")
    good, bad = w.middle(root), w.middle(other)
    return [w.leaf(good), good, bad], [root]


@row("path", "tls.untrusted")
def cross_signed_with_a_good_root_sent_last(w):
    """OpenSSL follows the first one only."""
    root, other = w.root(), w.root(name="Other", number="other")
    good, bad = w.middle(root), w.middle(other)
    return [w.leaf(good), bad, good], [root]


@row("path")
def cross_root_expired_and_a_good_one(w):
    """As in 2021: the new root, also signed by an old one that has expired; the terminal has both."""
    old = w.root(name="Old Root", number="old", days=(-3000, -30))
    new = w.root(name="New Root", number="new")
    crossed = w.maker.certificate(f"New Root {w.tag}", old, ca=True, number="new", days=(-2000, 500))
    middle = w.middle(new)
    return [w.leaf(middle), middle, crossed], [new, old]


@row("path")
def cross_certificate_expired_and_the_root_known(w):
    old = w.root(name="Old Root", number="old", days=(-3000, 30))
    new = w.root(name="New Root", number="new")
    crossed = w.maker.certificate(f"New Root {w.tag}", old, ca=True, number="new", days=(-2000, -5))
    middle = w.middle(new)
    return [w.leaf(middle), middle, crossed], [new, old]


@row("path")
def renewed_authority_sent_with_the_expired_one(w):
    root = w.root()
    old = w.middle(root, days=(-900, -10))
    new = w.middle(root)
    return [w.leaf(new), old, new], [root]


@row("path")
def without_key_identifiers(w):
    return w.three(root={"key_ids": False}, middle={"key_ids": False}, leaf={"key_ids": False})


@row("extensions")
def unknown_extension_not_critical(w):
    return w.three(leaf={"more": [(UNKNOWN_OID.dotted_string, False, b"\x05\x00")]})


@row("extensions")
def basic_constraints_not_critical(w):
    return w.three(middle={"basic": "plain"})


@row("extensions")
def leaf_without_basic_constraints(w):
    return w.three(leaf={"basic": "none"})


@row("extensions")
def root_without_key_usage(w):
    return w.three(root={"usage": ()})


@row("extensions")
def leaf_without_usage(w):
    return w.three(leaf={"usage": (), "purposes": None})


@row("extensions")
def leaf_is_an_authority(w):
    return w.three(leaf={"ca": True, "usage": ("digital_signature", "key_cert_sign")})


@row("path length")
def path_length_just_enough(w):
    root = w.root(pathlen=1)
    middle = w.middle(root, pathlen=0)
    return [w.leaf(middle), middle], [root]


@row("validity")
def valid_for_thirty_years(w):
    return w.three(leaf={"days": (-10, 11000)})


@row("validity")
def until_tomorrow(w):
    return w.three(leaf={"days": (-10, 1)})


# ---- names ----

@row("names")
def one_of_many_names(w):
    return w.three(leaf={"names": ["a.example", "*.b.example", w.host, "IP:192.0.2.1"]})


@row("names")
def name_in_capitals(w):
    return w.three(leaf={"names": [w.host.upper()]})


@row("names")
def wildcard(w):
    return w.three(leaf={"names": ["*." + w.host.partition(".")[2]]})


@row("names")
def no_subject_and_critical_names(w):
    return w.three(leaf={"subject": "", "organisation": "", "names_critical": True})


@row("names", "tls.wrong-name", ["www.example.jp"])
def another_name(w):
    return w.three(leaf={"names": ["www.example.jp"], "subject": "www.example.jp"})


@row("names", "tls.wrong-name")
def name_in_the_subject_only_and_others(w):
    return w.three(leaf={"names": ["www.example.jp"]})


@row("names", "tls.no-names", stricter=BROWSERS)
def name_in_the_subject_only(w):
    return w.three(leaf={"names": None})


@row("names", "tls.no-names", stricter=BROWSERS)
def mail_address_only(w):
    return w.three(leaf={"names": ["email:somebody@example.jp"]})


@row("names", "tls.wrong-name")
def name_of_the_domain(w):
    return w.three(leaf={"names": [w.host.partition(".")[2]]})


@row("names", "tls.wrong-name")
def name_of_the_domain_with_a_dot(w):
    return w.three(leaf={"names": ["." + w.host.partition(".")[2]]})


@row("names", "tls.wrong-name")
def wildcard_a_level_above(w):
    return w.three(leaf={"names": ["*." + w.host.split(".", 2)[2]]})


@row("names", "tls.wrong-name")
def wildcard_a_level_below(w):
    return w.three(leaf={"names": ["*." + w.host]})


@row("names", "tls.wrong-name")
def bare_wildcard(w):
    return w.three(leaf={"names": ["*"]})


@row("names", "tls.wrong-name", stricter="browsers and curl take whole labels only (RFC 9525 section 6.3)")
def wildcard_in_a_label(w):
    label, _, rest = w.host.partition(".")
    return w.three(leaf={"names": [f"{label[0]}*.{rest}"]})


@row("names", "tls.wrong-name")
def wildcard_behind_the_first_label(w):
    label, _, rest = w.host.partition(".")
    return w.three(leaf={"names": [f"{label}.*.{rest.partition('.')[2]}"]})


@row("names", "tls.wrong-name", stricter=BROWSERS)
def address_only_and_the_name_in_the_subject(w):
    return w.three(leaf={"names": ["IP:127.0.0.1"]})


# ---- validity ----

@row("validity", "tls.expired", ["{leaf_until}"])
def leaf_expired(w):
    return w.three(leaf={"days": (-90, -30)})


@row("validity", "tls.not-yet-valid", ["{leaf_from}"])
def leaf_not_yet_valid(w):
    return w.three(leaf={"days": (30, 90)})


@row("validity", "tls.chain-expired", ["Issuing", "{middle_until}"])
def authority_expired(w):
    return w.three(middle={"days": (-900, -20)})


@row("validity", "tls.chain-expired", ["Issuing"])
def authority_not_yet_valid(w):
    return w.three(middle={"days": (20, 900)})


@row("validity", "tls.root-expired", ["Root", "{root_until}"])
def root_expired(w):
    return w.three(root={"days": (-3000, -15)})


@row("validity", "tls.root-expired", ["Root"])
def root_expired_directly(w):
    root = w.root(days=(-3000, -15))
    return [w.leaf(root)], [root]


@row("validity", "tls.root-expired", ["Root"])
def root_expired_and_sent_along(w):
    sent, trusted = w.three(root={"days": (-3000, -15)})
    return [*sent, *trusted], trusted


@row("validity", "tls.root-expired", ["Root"])
def root_not_yet_valid(w):
    return w.three(root={"days": (15, 3000)})


@row("validity", "tls.expired")
def leaf_and_authority_expired(w):
    return w.three(leaf={"days": (-90, -30)}, middle={"days": (-900, -20)})


@row("validity", "tls.chain-expired")
def authority_and_root_expired(w):
    return w.three(root={"days": (-3000, -15)}, middle={"days": (-900, -20)})


@row("validity", "tls.wrong-name")
def expired_and_another_name(w):
    return w.three(leaf={"days": (-90, -30), "names": ["www.example.jp"]})


# ---- who vouches for it ----

@row("path", "tls.untrusted", ["Issuing"])
def unknown_root(w):
    return w.three()[0], []


@row("path", "tls.untrusted")
def unknown_root_sent_along(w):
    sent, trusted = w.three()
    return [*sent, *trusted], []


@row("path", "tls.untrusted")
def unknown_root_and_expired(w):
    sent, trusted = w.three(leaf={"days": (-90, -30)})
    return [*sent, *trusted], []


@row("path", "tls.self-signed")
def self_signed(w):
    return [w.leaf(None)], []


@row("path", "tls.self-signed")
def self_signed_and_expired(w):
    return [w.leaf(None, days=(-900, -100))], []


@row("path", "tls.self-signed")
def self_signed_without_names(w):
    return [w.leaf(None, names=None, purposes=None)], []


@row("path", "tls.self-signed")
def self_signed_authority(w):
    return [w.leaf(None, ca=True, usage=("digital_signature", "key_cert_sign"))], []


@row("path", "tls.incomplete-chain", ["Issuing"])
def authority_not_sent(w):
    sent, trusted = w.three(leaf={"access": True})
    return sent[:1], trusted


@row("path", "tls.untrusted")
def authority_not_sent_and_nowhere_to_be_had(w):
    sent, trusted = w.three()
    return sent[:1], trusted


@row("path", "tls.incomplete-chain")
def second_authority_not_sent(w):
    root = w.root()
    first = w.middle(root, name="First")
    second = w.middle(first, name="Second", access=True)
    return [w.leaf(second), second], [root]


@row("path", "tls.incomplete-chain")
def root_in_place_of_the_authority(w):
    """The root is there, and has nothing to do with the certificate that was not sent."""
    sent, trusted = w.three(leaf={"access": True})
    other = w.middle(trusted[0], name="Another")
    return [sent[0], other], trusted


@row("path")
def trusted_authority_without_its_root(w):
    """curl and GnuTLS take any certificate of the store as an end."""
    sent, trusted = w.three()
    return sent[:1], [sent[1]]


@row("path", "tls.untrusted")
def cross_signed_with_unknown_roots_only(w):
    one, two = w.root(name="One", number="one"), w.root(name="Two", number="two")
    first, second = w.middle(one), w.middle(two)
    return [w.leaf(first), first, second], []


@row("path", "tls.chain-expired", ["New Root"])
def cross_certificate_expired_and_the_root_unknown(w):
    old = w.root(name="Old Root", number="old", days=(-3000, 30))
    new = w.root(name="New Root", number="new")
    crossed = w.maker.certificate(f"New Root {w.tag}", old, ca=True, number="new", days=(-2000, -5))
    middle = w.middle(new)
    return [w.leaf(middle), middle, crossed], [old]


@row("path", "tls.root-expired", ["Old Root"])
def old_root_expired_and_the_new_one_unknown(w):
    old = w.root(name="Old Root", number="old", days=(-3000, -30))
    new = w.root(name="New Root", number="new")
    crossed = w.maker.certificate(f"New Root {w.tag}", old, ca=True, number="new", days=(-2000, 500))
    middle = w.middle(new)
    return [w.leaf(middle), middle, crossed], [old]


# ---- authorities that are none ----

@row("constraints", "tls.invalid")
def authority_is_no_authority(w):
    return w.three(middle={"ca": False, "usage": ("digital_signature", "key_cert_sign")})


@row("constraints", "tls.invalid")
def authority_without_basic_constraints(w):
    return w.three(middle={"basic": "none"})


@row("constraints", "tls.invalid", ["Issuing"])
def authority_may_not_sign_certificates(w):
    return w.three(middle={"usage": ("crl_sign", "digital_signature")})


@row("constraints", "tls.invalid", ["Root"])
def root_may_not_sign_certificates(w):
    return w.three(root={"usage": ("crl_sign",)})


@row("constraints", "tls.invalid")
def issued_by_another_server(w):
    root = w.root()
    middle = w.middle(root)
    server = w.leaf(middle, subject="Server", names=["www.example.jp"], number="server")
    return [w.leaf(server), server, middle], [root]


@row("path length", "tls.invalid")
def path_length_of_the_authority(w):
    root = w.root()
    first = w.middle(root, name="First", pathlen=0)
    second = w.middle(first, name="Second")
    return [w.leaf(second), second, first], [root]


@row("path length", "tls.invalid")
def path_length_of_the_root(w):
    root = w.root(pathlen=0)
    first = w.middle(root)
    return [w.leaf(first), first], [root]


@row("path length", "tls.invalid")
def path_length_two_below(w):
    root = w.root(pathlen=1)
    first = w.middle(root, name="First")
    second = w.middle(first, name="Second")
    return [w.leaf(second), second, first], [root]


# ---- what it is for ----

@row("purpose", "tls.invalid")
def for_clients(w):
    return w.three(leaf={"purposes": ["client"]})


@row("purpose", "tls.invalid")
def for_mail(w):
    return w.three(leaf={"purposes": ["mail"]})


@row("purpose", "tls.invalid")
def for_anything_but_by_name(w):
    return w.three(leaf={"purposes": ["any"]})


@row("purpose")
def for_clients_and_servers(w):
    return w.three(leaf={"purposes": ["client", "server"]})


@row("purpose", "tls.invalid")
def authority_for_clients(w):
    return w.three(middle={"purposes": ["client"]})


@row("purpose")
def authority_for_servers(w):
    return w.three(middle={"purposes": ["server"]})


@row("purpose", "tls.invalid")
def key_for_signing_certificates_only(w):
    return w.three(leaf={"usage": ("key_cert_sign",)})


@row("extensions", "tls.invalid")
def unknown_critical_extension(w):
    return w.three(leaf={"more": [(UNKNOWN_OID.dotted_string, True, b"\x05\x00")]})


@row("extensions", "tls.invalid")
def unknown_critical_extension_of_the_authority(w):
    return w.three(middle={"more": [(UNKNOWN_OID.dotted_string, True, b"\x05\x00")]})


# ---- name constraints ----

@row("name constraints")
def permitted(w):
    return w.three(middle={"permitted": [w.host.partition(".")[2]]})


@row("name constraints")
def excluded_elsewhere(w):
    return w.three(middle={"excluded": ["example.com"]})


@row("name constraints")
def permitted_addresses_beside_names(w):
    return w.three(middle={"permitted": ["IP:192.0.2.0/24", w.host]})


@row("name constraints", "tls.invalid")
def permitted_elsewhere(w):
    return w.three(middle={"permitted": ["example.com"]})


@row("name constraints", "tls.invalid")
def excluded(w):
    return w.three(middle={"excluded": [w.host.partition(".")[2]]})


@row("name constraints", "tls.invalid")
def permitted_and_excluded(w):
    return w.three(middle={"permitted": [w.host.partition(".")[2]], "excluded": [w.host]})


@row("name constraints", "tls.invalid")
def root_permits_elsewhere(w):
    return w.three(root={"permitted": ["example.com"]})


@row("name constraints", "tls.invalid")
def one_name_of_two_not_permitted(w):
    return w.three(middle={"permitted": [w.host]}, leaf={"names": [w.host, "www.example.com"]})


@row("name constraints", "tls.invalid")
def address_not_permitted(w):
    return w.three(middle={"permitted": [w.host, "IP:192.0.2.0/24"]}, leaf={"names": [w.host, "IP:198.51.100.1"]})


# ---- signatures and identifiers ----

@row("signature", "tls.invalid")
def signature_damaged(w):
    sent, trusted = w.three()
    return [damaged(sent[0]), sent[1]], trusted


@row("signature", "tls.invalid")
def signature_of_the_authority_damaged(w):
    sent, trusted = w.three()
    return [sent[0], damaged(sent[1])], trusted


@row("signature", "tls.invalid", ["Issuing"])
def authority_of_the_same_name_with_another_key(w):
    root = w.root()
    good, other = w.middle(root), w.middle(root, number="another")
    return [w.leaf(good), other], [root]


@row("signature", "tls.invalid")
def signed_by_another_key_without_identifiers(w):
    root = w.root(key_ids=False)
    good, other = w.middle(root, key_ids=False), w.middle(root, number="another", key_ids=False)
    return [w.leaf(good, key_ids=False), other], [root]


@row("signature", "tls.untrusted")
def root_of_a_trusted_name_with_another_key(w):
    real, forged = w.root(), w.root(number="forged")
    middle = w.middle(forged)
    return [w.leaf(middle), middle, forged], [real]


# ---- strength ----

@row("strength")
def rsa_2048(w):
    return w.three(root={"key": "RSA-2048"}, middle={"key": "RSA-2048"}, leaf={"key": "RSA-2048"})


@row("strength")
def rsa_3072_sha384(w):
    return w.three(root={"key": "RSA-3072"}, middle={"key": "RSA-2048", "digest": "sha384"}, leaf={"digest": "sha512"})


@row("strength")
def p384_and_p521(w):
    return w.three(root={"key": "P-521"}, middle={"key": "P-384", "digest": "sha512"}, leaf={"key": "P-384"})


@row("strength")
def ed25519_authority(w):
    return w.three(root={"key": "Ed25519"}, middle={"key": "Ed25519"})


@row("strength")
def pss_with_sha256(w):
    return w.three(root={"key": "RSA-2048"}, middle={"key": "RSA-2048", "padding": "pss"}, leaf={"padding": "pss"})


@row("strength")
def sha224(w):
    return w.three(middle={"digest": "sha224"})


@row("strength")
def root_signs_itself_with_sha1(w):
    return w.three(root={"key": "RSA-2048", "digest": "sha1"})


@row("strength")
def root_signs_itself_with_md5_and_is_sent(w):
    sent, trusted = w.three(root={"key": "RSA-2048", "digest": "md5"})
    return [*sent, *trusted], trusted


def weak(place, shown, **how):
    def make(w):
        return w.three(**{place: how} if place == "leaf" else
                       {"root": {"key": "RSA-2048"}, "middle": {"key": "RSA-2048"}, **{place: how}})
    words = "-".join(str(value).lower() for value in how.values())
    make.__name__ = f"{place}_{words}"
    row("strength", "tls.too-weak", shown)(make)


NAMES = {"root": "Root", "middle": "Issuing", "leaf": ""}
for bits in (1024, 1536):
    weak("leaf", [f"RSA {bits} bit"], key=f"RSA-{bits}")
for bits in (512, 768, 1024, 1536):
    weak("middle", ["Issuing", f"RSA {bits} bit"], key=f"RSA-{bits}")
    weak("root", ["Root", f"RSA {bits} bit"], key=f"RSA-{bits}")
for place in ("root", "middle"):
    weak(place, [NAMES[place], "EC 192 bit"], key="P-192")
for digest in ("sha1", "md5", "ripemd160"):
    weak("middle", ["Issuing", digest[:3].upper()], key="RSA-2048", digest=digest)


@row("strength", "tls.too-weak", ["RSA-SHA1"])
def leaf_sha1(w):
    return w.three(middle={"key": "RSA-2048"}, leaf={"digest": "sha1"})


@row("strength", "tls.too-weak", ["SHA1"])
def leaf_sha1_by_ecdsa(w):
    return w.three(leaf={"digest": "sha1"})


@row("strength", "tls.too-weak", ["SHA1"])
def leaf_pss_with_sha1(w):
    return w.three(middle={"key": "RSA-2048"}, leaf={"digest": "sha1", "padding": "pss"})


@row("strength", "tls.too-weak", ["Issuing", "SHA1"])
def middle_pss_with_sha1(w):
    return w.three(root={"key": "RSA-2048"}, middle={"digest": "sha1", "padding": "pss"})


@row("strength", "tls.too-weak", ["First", "RSA 1024 bit"])
def one_of_two_authorities_weak(w):
    root = w.root()
    first = w.middle(root, name="First", key="RSA-1024")
    second = w.middle(first, name="Second")
    return [w.leaf(second), second, first], [root]


@row("strength")
def weak_cross_certificate_and_a_strong_root(w):
    """The terminal's own root ends the chain before the weak one that was sent."""
    old = w.root(name="Old Root", key="RSA-1024")
    new = w.root(name="New Root", number="new")
    crossed = w.maker.certificate(f"New Root {w.tag}", old, ca=True, number="new", digest="sha1")
    middle = w.middle(new)
    return [w.leaf(middle), middle, crossed, old], [new]


# ---- handshakes ----

@row("handshake", tls="1.2")
def tls_1_2(w):
    return w.three(leaf={"key": "RSA-2048"})


@row("handshake", ciphers="DHE-RSA-AES128-GCM-SHA256", dh=2048, tls="1.2")
def dh_2048(w):
    return w.three(leaf={"key": "RSA-2048"})


@row("handshake", "tls.too-weak", ["DH 1024 bit"], ciphers="DHE-RSA-AES128-GCM-SHA256", dh=1024, tls="1.2")
def dh_1024(w):
    return w.three(leaf={"key": "RSA-2048"})


@row("handshake", "tls.too-weak", ["SHA1"], signatures="RSA+SHA1", tls="1.2")
def signed_with_sha1(w):
    return w.three(leaf={"key": "RSA-2048"})


@row("handshake", "tls.too-weak", ["SHA1"], signatures="ECDSA+SHA1", tls="1.2")
def signed_with_sha1_by_ecdsa(w):
    return w.three()


@row("handshake", ciphers="AES128-GCM-SHA256", tls="1.2")
def key_sent_by_rsa(w):
    return w.three(leaf={"key": "RSA-2048", "usage": ("digital_signature", "key_encipherment")})


@row("handshake", groups="ffdhe2048", tls="1.3")
def only_finite_fields_in_tls_1_3(w):
    return w.three()


@row("handshake", "tls.protocol", tls="1.1")
def tls_1_1(w):
    return w.three(leaf={"key": "RSA-2048"})
