"""Certificates and keys for the chains of table.py: in any shape, also those that no authority would make.

Most are made with the Python package cryptography; digests and paddings that it does not know, by signing again with
openssl. Keys are made once for each kind and number, since RSA keys take their time.
"""

import datetime
import ipaddress
import subprocess
import warnings
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

warnings.filterwarnings("ignore", module="cryptography")  # of weak digests, which are wanted here
NOW = datetime.datetime.utcnow().replace(microsecond=0)
CURVES = {"P-192": ec.SECP192R1, "P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1}
DIGESTS = {"sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512,
           "sha1": hashes.SHA1, "md5": hashes.MD5}
PURPOSES = {"server": ExtendedKeyUsageOID.SERVER_AUTH, "client": ExtendedKeyUsageOID.CLIENT_AUTH,
            "any": ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE, "mail": ExtendedKeyUsageOID.EMAIL_PROTECTION}
ISSUER_ACCESS = "http://ca.example.jp/issuing.cer"
UNKNOWN_OID = ObjectIdentifier("1.3.6.1.4.1.55555.1.2.3")


class Certificate:
    """One that was made, its key, and who signed it."""

    def __init__(self, made, key, issuer):
        self.made, self.key, self.issuer = made, key, issuer

    def pem(self):
        return self.made.public_bytes(serialization.Encoding.PEM).decode()

    def key_pem(self):
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                      serialization.NoEncryption()).decode()


def general_name(text):
    """A host name, "IP:" or "email:" and what follows."""
    kind, _, value = text.rpartition(":")
    if kind == "IP":
        return x509.IPAddress(ipaddress.ip_network(value) if "/" in value else ipaddress.ip_address(value))
    return x509.RFC822Name(value) if kind == "email" else x509.DNSName(value)


def key_usage(words):
    fields = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
              "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{field: field in words for field in fields})


class Maker:
    def __init__(self, directory):
        self.directory = Path(directory)
        self.keys = {}
        self.serial = 1000

    def key(self, kind, number=0):
        """kind: a curve, "Ed25519", or "RSA-" and the bits."""
        if (kind, number) not in self.keys:
            if kind in CURVES:
                made = ec.generate_private_key(CURVES[kind]())
            elif kind == "Ed25519":
                made = ed25519.Ed25519PrivateKey.generate()
            else:
                made = rsa.generate_private_key(65537, int(kind.removeprefix("RSA-")))
            self.keys[kind, number] = made
        return self.keys[kind, number]

    def extensions(self, builder, spec, key, issuer):
        ca = spec["ca"]
        if spec["basic"] != "none":
            length = spec["pathlen"]
            builder = builder.add_extension(x509.BasicConstraints(ca, length if ca else None), spec["basic"] == "critical")
        if spec["usage"]:
            builder = builder.add_extension(key_usage(spec["usage"]), True)
        if spec["purposes"]:
            builder = builder.add_extension(x509.ExtendedKeyUsage([PURPOSES[p] for p in spec["purposes"]]), False)
        if spec["names"] is not None:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([general_name(name) for name in spec["names"]]), spec["names_critical"])
        if spec["permitted"] or spec["excluded"]:
            builder = builder.add_extension(x509.NameConstraints(
                [general_name(name) for name in spec["permitted"]] or None,
                [general_name(name) for name in spec["excluded"]] or None), True)
        if spec["key_ids"]:
            builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            if issuer is not None:
                builder = builder.add_extension(
                    x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), False)
        if spec["access"]:
            builder = builder.add_extension(x509.AuthorityInformationAccess([x509.AccessDescription(
                x509.oid.AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(ISSUER_ACCESS))]), False)
        for oid, critical, value in spec["more"]:
            builder = builder.add_extension(x509.UnrecognizedExtension(ObjectIdentifier(oid), value), critical)
        return builder

    def certificate(self, subject, issuer=None, key="P-256", number=None, digest="sha256", days=(-10, 398), ca=False,
                    basic="critical", pathlen=None, usage=None, purposes=None, names=None, names_critical=False,
                    permitted=(), excluded=(), key_ids=True, access=False, more=(), padding=None, organisation="Chains"):
        """issuer: a Certificate, or None for a self-signed one."""
        spec = {"ca": ca, "basic": basic, "pathlen": pathlen, "purposes": purposes, "names": names,
                "names_critical": names_critical, "permitted": permitted, "excluded": excluded, "key_ids": key_ids,
                "access": access, "more": more,
                "usage": usage if usage is not None else (("key_cert_sign", "crl_sign") if ca else ("digital_signature",))}
        own = self.key(key, number if number is not None else subject)
        self.serial += 1
        parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
        name = x509.Name([*parts, *([x509.NameAttribute(NameOID.COMMON_NAME, subject)] if subject else [])])
        builder = x509.CertificateBuilder().subject_name(name).public_key(own.public_key()).serial_number(self.serial)
        again = bool(padding) or digest not in DIGESTS
        builder = builder.issuer_name(issuer.made.subject if issuer and not again else name)
        builder = builder.not_valid_before(NOW + datetime.timedelta(days=days[0]))
        builder = builder.not_valid_after(NOW + datetime.timedelta(days=days[1]))
        builder = self.extensions(builder, spec, own, None if again else issuer)
        signing = issuer.key if issuer and not again else own
        plain = isinstance(signing, ed25519.Ed25519PrivateKey)
        made = builder.sign(signing, None if plain else DIGESTS.get(digest, hashes.SHA256)())
        result = Certificate(made, own, issuer)
        if again:
            result.made = self.sign_again(result, issuer, digest, padding)
        return result

    def sign_again(self, certificate, signer, digest, padding):
        """With openssl, which takes self-signed ones and keeps everything but issuer and signature."""
        place = {name: self.directory / f"again.{name}" for name in ("cert", "ca", "key", "out")}
        place["cert"].write_text(certificate.pem())
        place["ca"].write_text(signer.pem())
        place["key"].write_text(signer.key_pem())
        argv = ["openssl", "x509", "-in", place["cert"], "-CA", place["ca"], "-CAkey", place["key"], "-preserve_dates",
                "-set_serial", str(certificate.made.serial_number), f"-{digest}", "-out", place["out"]]
        if padding == "pss":
            argv += ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
        subprocess.run(argv, check=True, capture_output=True)
        return x509.load_pem_x509_certificate(place["out"].read_bytes())


def damaged(certificate):
    """The same with one bit of its signature turned round."""
    der = bytearray(certificate.made.public_bytes(serialization.Encoding.DER))
    der[-1] ^= 1
    return Certificate(x509.load_der_x509_certificate(bytes(der)), certificate.key, certificate.issuer)
