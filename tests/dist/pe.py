"""Reads what a Windows program tells the loader about itself: headers, sections, imports, resources."""
import collections
import struct

Section = collections.namedtuple("Section", "name address size offset flags")

MACHINE_AMD64 = 0x8664
SUBSYSTEM_CONSOLE = 3
FILE_RELOCS_STRIPPED, FILE_DEBUG_STRIPPED = 0x0001, 0x0200
DLL_HIGH_ENTROPY_VA, DLL_DYNAMIC_BASE, DLL_NX_COMPAT = 0x0020, 0x0040, 0x0100
EXECUTE, WRITE = 0x20000000, 0x80000000
EXPORTS, IMPORTS, RESOURCES, RELOCATIONS, DEBUG = 0, 1, 2, 5, 6
TYPE_VERSION, TYPE_MANIFEST = 16, 24


class Program:
    def __init__(self, path):
        self.bytes = path.read_bytes()
        assert self.bytes[:2] == b"MZ"
        at = self.unpack("<I", 0x3C)[0]
        assert self.bytes[at:at + 4] == b"PE\0\0"
        self.machine, count, self.time, symbols, _, optional, self.flags = self.unpack("<HHIIIHH", at + 4)
        self.symbols = symbols
        base = at + 24
        assert self.unpack("<H", base)[0] == 0x20B, "not a 64-bit program"
        self.checksum, self.subsystem, self.dll_flags = self.unpack("<IHH", base + 64)
        number = self.unpack("<I", base + 108)[0]
        self.directories = [self.unpack("<II", base + 112 + 8 * i) for i in range(number)]
        self.sections = [self.section(base + optional + 40 * i) for i in range(count)]

    def unpack(self, form, offset):
        return struct.unpack_from(form, self.bytes, offset)

    def section(self, at):
        name, size, address, raw, offset = self.unpack("<8sIIII", at)
        return Section(name.rstrip(b"\0").decode(), address, max(size, raw), offset, self.unpack("<I", at + 36)[0])

    def offset(self, address):
        for section in self.sections:
            if section.address <= address < section.address + section.size:
                return address - section.address + section.offset
        raise ValueError(f"address {address:#x} is in no section")

    def text(self, address):
        at = self.offset(address)
        return self.bytes[at:self.bytes.index(b"\0", at)].decode("ascii")

    def imports(self):
        """The names of the DLLs."""
        names, at = [], self.offset(self.directories[IMPORTS][0])
        while (name := self.unpack("<I", at + 12)[0]):
            names.append(self.text(name))
            at += 20
        return names

    def resources(self, kind):
        """{(id, language): content} of one type."""
        root = self.offset(self.directories[RESOURCES][0])

        def entries(at):
            named, numbered = self.unpack("<HH", at + 12)
            for i in range(named + numbered):
                number, where = self.unpack("<II", at + 16 + 8 * i)
                yield number, root + (where & 0x7FFFFFFF)

        found = {}
        for number, names in entries(root):
            if number == kind:
                for name, languages in entries(names):
                    for language, leaf in entries(languages):
                        address, size = self.unpack("<II", leaf)
                        at = self.offset(address)
                        found[name, language] = self.bytes[at:at + size]
        return found


def version_strings(content):
    """{key: value} of a version resource's StringFileInfo, and its two version numbers as (a, b, c, d)."""
    at = content.index(struct.pack("<I", 0xFEEF04BD))
    high, low, product_high, product_low = struct.unpack_from("<IIII", content, at + 8)
    numbers = [(one >> 16, one & 0xFFFF, two >> 16, two & 0xFFFF)
               for one, two in ((high, low), (product_high, product_low))]
    words = {}
    for key in ("FileVersion", "ProductVersion", "ProductName", "OriginalFilename", "InternalName", "FileDescription"):
        at = content.index(key.encode("utf-16-le") + b"\0\0") + 2 * len(key) + 2
        words[key] = content[at:].decode("utf-16-le", "replace").lstrip("\0").split("\0")[0]
    return words, numbers
