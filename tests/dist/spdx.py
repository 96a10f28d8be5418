"""What SPDX 2.3 asks of a document in JSON, as far as ours use it: members, forms of values, references that lead somewhere."""
import re

IDENTIFIER = r"SPDXRef-[A-Za-z0-9.-]+"
RELATIONS = {"DESCRIBES", "STATIC_LINK", "DYNAMIC_LINK", "CONTAINS", "PATCH_APPLIED", "GENERATED_FROM"}
PURPOSES = {"APPLICATION", "FRAMEWORK", "LIBRARY", "CONTAINER", "OPERATING_SYSTEM", "DEVICE", "FIRMWARE", "SOURCE",
            "ARCHIVE", "FILE", "INSTALL", "OTHER"}
LENGTHS = {"SHA1": 40, "SHA256": 64, "SHA512": 128, "MD5": 32}
# Of the SPDX license list, those that we have.
LICENSES = {"MIT", "Apache-2.0", "curl", "Unicode-DFS-2015", "ZPL-2.1", "GPL-3.0-or-later"}
EXCEPTIONS = {"GCC-exception-3.1"}

DOCUMENT = {"spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages",
            "relationships"}
DOCUMENT_TOO = {"documentDescribes", "comment", "externalDocumentRefs", "hasExtractedLicensingInfos", "files",
                "snippets", "annotations"}
PACKAGE = {"SPDXID", "name", "downloadLocation"}
PACKAGE_TOO = {"versionInfo", "packageFileName", "supplier", "originator", "filesAnalyzed", "checksums", "homepage",
               "sourceInfo", "licenseConcluded", "licenseDeclared", "licenseComments", "copyrightText", "summary",
               "description", "comment", "externalRefs", "primaryPackagePurpose", "releaseDate", "builtDate",
               "validUntilDate", "attributionTexts", "annotations", "licenseInfoFromFiles",
               "packageVerificationCode", "hasFiles"}


def members(where, value, needed, allowed):
    yield from (f"{where}: no {name}" for name in sorted(needed - value.keys()))
    yield from (f"{where}: {name} is not a member of it" for name in sorted(value.keys() - needed - allowed))
    yield from (f"{where}: {name} is empty" for name in sorted(value) if value[name] in ("", None, []))


def matches(where, form, text):
    if not isinstance(text, str) or not re.fullmatch(form, text):
        yield f"{where}: {text!r} has not the form {form}"


def license_problems(where, text):
    if text in ("NOASSERTION", "NONE"):
        return
    for term in re.split(r" AND | OR ", text.replace("(", "").replace(")", "")):
        name, _, exception = term.partition(" WITH ")
        if name not in LICENSES or (exception and exception not in EXCEPTIONS):
            yield f"{where}: {text!r}: {term!r} is not on the license list"


def package_problems(package):
    where = package.get("SPDXID", "a package")
    yield from members(where, package, PACKAGE, PACKAGE_TOO)
    yield from matches(where + ".SPDXID", IDENTIFIER, where)
    yield from matches(where + ".downloadLocation", r"NOASSERTION|NONE|(https?|git|git\+https)://\S+",
                       package.get("downloadLocation"))
    for name in ("supplier", "originator"):
        if name in package:
            yield from matches(f"{where}.{name}", r"NOASSERTION|(Person|Organization): \S.*", package[name])
    if package.get("filesAnalyzed", True) and "packageVerificationCode" not in package:
        yield f"{where}: files are analysed, but there is no packageVerificationCode"
    if "primaryPackagePurpose" in package and package["primaryPackagePurpose"] not in PURPOSES:
        yield f"{where}.primaryPackagePurpose: {package['primaryPackagePurpose']}"
    for checksum in package.get("checksums", []):
        length = LENGTHS.get(checksum.get("algorithm"), 0)
        yield from matches(where + ".checksums", f"[0-9a-f]{{{length}}}", checksum.get("checksumValue"))
    for name in ("licenseConcluded", "licenseDeclared"):
        yield from license_problems(f"{where}.{name}", package.get(name, "NOASSERTION"))
    for reference in package.get("externalRefs", []):
        yield from members(where + ".externalRefs", reference,
                           {"referenceCategory", "referenceType", "referenceLocator"}, {"comment"})
        yield from matches(where + ".referenceCategory", "SECURITY|PACKAGE-MANAGER|PERSISTENT-ID|OTHER",
                           reference.get("referenceCategory"))
        if reference.get("referenceType") == "purl":
            yield from matches(where + ".purl", r"pkg:[a-z]+(/[A-Za-z0-9._%~-]+)+@[A-Za-z0-9._%~-]+"
                                                r"(\?[a-z_]+=[A-Za-z0-9._%~-]+(&[a-z_]+=[A-Za-z0-9._%~-]+)*)?",
                               reference.get("referenceLocator"))


def problems(document):
    """Sentences; none when it is as it should be."""
    yield from members("document", document, DOCUMENT, DOCUMENT_TOO)
    yield from matches("spdxVersion", r"SPDX-2\.3", document.get("spdxVersion"))
    yield from matches("dataLicense", r"CC0-1\.0", document.get("dataLicense"))
    yield from matches("SPDXID", "SPDXRef-DOCUMENT", document.get("SPDXID"))
    yield from matches("documentNamespace", r"https?://[^#\s]+", document.get("documentNamespace"))
    made = document.get("creationInfo", {})
    yield from members("creationInfo", made, {"created", "creators"}, {"comment", "licenseListVersion"})
    yield from matches("created", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", made.get("created"))
    for creator in made.get("creators", []):
        yield from matches("creators", r"(Person|Organization): \S.*|Tool: \S+-\S+", creator)

    known = [document.get("SPDXID")] + [package.get("SPDXID") for package in document.get("packages", [])]
    yield from (f"{one} stands there twice" for one in sorted({one for one in known if known.count(one) > 1}))
    for package in document.get("packages", []):
        yield from package_problems(package)
    described = set()
    for relation in document.get("relationships", []):
        yield from members("relationship", relation, {"spdxElementId", "relationshipType", "relatedSpdxElement"},
                           {"comment"})
        if relation.get("relationshipType") not in RELATIONS:
            yield f"relationshipType: {relation.get('relationshipType')}"
        for end in ("spdxElementId", "relatedSpdxElement"):
            if relation.get(end) not in known:
                yield f"{end}: {relation.get(end)} is nowhere"
        if relation.get("relationshipType") == "DESCRIBES":
            described.add(relation.get("relatedSpdxElement"))
    if not described or described != set(document.get("documentDescribes", described)):
        yield "the document does not describe what it says it describes"
    related = {relation.get(end) for relation in document.get("relationships", [])
               for end in ("spdxElementId", "relatedSpdxElement")}
    yield from (f"{one} has nothing to do with the rest" for one in known if one not in related)
