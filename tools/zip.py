#!/usr/bin/python3
"""
Packs a ZIP archive that has the same bytes whenever it is made of the same files: sorted, one time for all, no owners.

    tools/zip.py --epoch SECONDS OUT.zip NAME=FILE...

NAME is the path in the archive. Texts (.txt) get what every Windows' Notepad understands: line ends of two characters
and, unless they are plain ASCII, the mark of UTF-8.
"""
import argparse
import pathlib
import sys
import time
import zipfile


def for_notepad(content):
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\n", "\r\n")
    return text.encode("ascii" if text.isascii() else "utf-8-sig")


def entry(name, epoch):
    info = zipfile.ZipInfo(name, time.gmtime(epoch)[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = (0o100755 if name.endswith(".exe") else 0o100644) << 16
    return info


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--epoch", required=True, type=int)
    options.add_argument("out", type=pathlib.Path)
    options.add_argument("files", nargs="+", metavar="NAME=FILE")
    given = options.parse_args()
    files = {}
    for word in given.files:
        name, equals, path = word.partition("=")
        if not name or not equals or name in files:
            sys.exit(f"zip.py: {word}: not NAME=FILE, or a NAME twice")
        files[name] = pathlib.Path(path).read_bytes()
    with zipfile.ZipFile(given.out, "x") as archive:
        for name in sorted(files):
            content = for_notepad(files[name]) if name.endswith(".txt") else files[name]
            archive.writestr(entry(name, given.epoch), content, compresslevel=9)


if __name__ == "__main__":
    main()
