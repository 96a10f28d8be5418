"""Reads what a macOS program tells the loader about itself: load commands, imports, code signature."""
import collections
import hashlib
import struct

Segment = collections.namedtuple("Segment", "name offset size protection")
Import = collections.namedtuple("Import", "name weak lazy library")

FAT_MAGIC, MAGIC_64 = 0xCAFEBABE, 0xFEEDFACF
CPUS = {0x01000007: "x86_64", 0x0100000C: "arm64"}
EXECUTE_FILE = 2
STACK_EXECUTION, PIE = 0x20000, 0x200000
PLATFORM_MACOS = 1
REQUIRED = 0x80000000  # the loader must know this command
SEGMENT, LOAD_LIBRARY, UUID, SIGNATURE, LOADER_INFO, BUILD_VERSION = 0x19, 0xC, 0x1B, 0x1D, 0x22, 0x32
READ, WRITE, RUN = 1, 2, 4
SIGNATURE_MAGIC, DIRECTORY_MAGIC = 0xFADE0CC0, 0xFADE0C02
AD_HOC, SHA256 = 2, 2


def universal(path):
    """{processor: bytes} of a file for several."""
    content = path.read_bytes()
    magic, count = struct.unpack_from(">II", content)
    assert magic == FAT_MAGIC
    slices = {}
    for i in range(count):
        cpu, _, offset, size, align = struct.unpack_from(">5I", content, 8 + 20 * i)
        assert offset % (1 << align) == 0 and offset + size <= len(content)
        slices[CPUS[cpu]] = content[offset:offset + size]
    return slices


class Program:
    """That for one processor."""

    def __init__(self, content):
        self.bytes = content
        magic, cpu, _, self.type, count, _, self.flags, _ = self.unpack("<8I", 0)
        assert magic == MAGIC_64
        self.cpu, self.commands, at = CPUS[cpu], [], 32
        for _ in range(count):
            kind, size = self.unpack("<II", at)
            self.commands.append((kind & ~REQUIRED, at))
            at += size

    def unpack(self, form, offset):
        return struct.unpack_from(form, self.bytes, offset)

    def text(self, at):
        return self.bytes[at:self.bytes.index(b"\0", at)].decode()

    def all(self, kind, form):
        """The fields of every load command of that kind, and where it is."""
        return [(*self.unpack(form, at + 8), at) for found, at in self.commands if found == kind]

    def one(self, kind, form):
        (fields,) = self.all(kind, form)
        return fields[:-1]

    def segments(self):
        return [Segment(name.rstrip(b"\0").decode(), offset, size, protection)
                for name, _, _, offset, size, _, protection, _ in self.all(SEGMENT, "<16s4Q2I")]

    def uuid(self):
        return self.one(UUID, "<16s")[0]

    def build_version(self):
        """The platform, and the oldest version of it as (11, 0, 0)."""
        platform, version = self.one(BUILD_VERSION, "<II")
        return platform, (version >> 16, version >> 8 & 0xFF, version & 0xFF)

    def libraries(self):
        return [self.text(at + name) for name, at in self.all(LOAD_LIBRARY, "<I")]

    # ---- imports ----

    def imports(self):
        """All that the loader looks up, at the start or, if lazy, when it is first used."""
        offsets = self.one(LOADER_INFO, "<10I")
        found = []
        for table, lazy in ((1, False), (2, False), (3, True)):
            offset, size = offsets[2 * table], offsets[2 * table + 1]
            found += self.read_imports(offset, offset + size, lazy)
        return found

    def number(self, at):
        """One of variable length (LEB128), and what follows it."""
        value = shift = 0
        while True:
            byte = self.bytes[at]
            value |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value, at

    def read_imports(self, at, end, lazy):
        """<mach-o/loader.h>, BIND_OPCODE_*. In the lazy table, "done" stands behind each entry."""
        found, name, weak, library = [], None, False, None
        while at < end:
            code, value = self.bytes[at] & 0xF0, self.bytes[at] & 0x0F
            at += 1
            if code == 0x10:  # library
                library = value
            elif code == 0x20:
                library, at = self.number(at)
            elif code == 0x30:
                library = -value
            elif code == 0x40:  # symbol
                name, weak = self.text(at), bool(value & 1)
                at += len(name) + 1
            elif code in (0x60, 0x70, 0x80):  # addend, place
                _, at = self.number(at)
            elif code in (0x90, 0xA0, 0xB0, 0xC0):  # bind
                found.append(Import(name, weak, lazy, library))
                for _ in range({0xA0: 1, 0xC0: 2}.get(code, 0)):
                    _, at = self.number(at)
            else:
                assert code == 0x50 or code == 0 and value == 0, hex(code)
        return found

    # ---- code signature ----

    def signature(self):
        """Where it begins and ends, its code directory's flags, and what is wrong with it."""
        offset, size = self.one(SIGNATURE, "<II")
        magic, _, count = self.unpack(">III", offset)
        assert magic == SIGNATURE_MAGIC
        blobs = dict(self.unpack(">II", offset + 12 + 8 * i) for i in range(count))
        at = offset + blobs[0]
        magic, _, _, flags, hashes, _, _, pages, limit = self.unpack(">9I", at)
        length, kind, _, page = self.unpack(">4B", at + 36)
        assert (magic, kind, length) == (DIRECTORY_MAGIC, SHA256, hashlib.sha256().digest_size)
        wrong = [i for i in range(pages) if self.bytes[at + hashes + length * i:at + hashes + length * (i + 1)]
                 != hashlib.sha256(self.bytes[i << page:min((i + 1) << page, limit)]).digest()]
        if limit != offset or pages != -(-limit >> page):
            wrong.append("what it covers")
        return offset, offset + size, flags, wrong
