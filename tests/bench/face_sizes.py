#!/usr/bin/env python3
"""What each folder costs in a face: FACE.wasm, linked with names, and FACE.js as it is staged.

    cmake --preset wasm -DALCOVE_FACE_NAMES=ON && cmake --build --preset wasm --target customer
    python3 tests/bench/face_sizes.py build/wasm/faces/customer.wasm build/web/customer.js
    cmake --preset wasm -DALCOVE_FACE_NAMES=OFF

Prints a table: functions, bytes, and bytes after brotli. The whole program is optimised as one, so what is inlined counts
where it is called. A folder's functions are compressed alone; the results are scaled to the size of the whole.
"""
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

# What a function's name begins with, as the linker writes it.
FOLDERS = {
    "ui": "wasm-widget/ui",
    "strings": "wasm-widget/ui",
    "platform": "wasm-widget/platform",
    "conversation": "wasm-widget/conversation",
    "customer": "wasm-widget/customer",
    "console": "wasm-widget/console",
    "gallery": "wasm-widget/gallery",
    "client": "wasm-widget/client",
    "wire": "functions/wire",
}
EXPORTS = re.compile(r"^(on_|text_rasterised|text_pixels|add_words|main|__original_main)")
REST = "the standard library, and what was merged"


def leb(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def sections(data):
    if data[:4] != b"\0asm":
        raise SystemExit("not a WebAssembly program")
    at = 8
    while at < len(data):
        kind = data[at]
        size, at = leb(data, at + 1)
        yield kind, data[at:at + size]
        at += size


def imported_functions(body):
    count, at = leb(body, 0)
    functions = 0
    for _ in range(count):
        for _ in range(2):
            size, at = leb(body, at)
            at += size
        kind = body[at]
        at += 1
        if kind == 0:
            functions += 1
            _, at = leb(body, at)
        elif kind == 1:
            flags = body[at + 1]
            _, at = leb(body, at + 2)
            if flags & 1:
                _, at = leb(body, at)
        elif kind == 2:
            flags = body[at]
            _, at = leb(body, at + 1)
            if flags & 1:
                _, at = leb(body, at)
        else:
            at += 2
    return functions


def names(body):
    """Of a custom section named "name"; {} of another."""
    size, at = leb(body, 0)
    if body[at:at + size] != b"name":
        return {}
    at += size
    result = {}
    while at < len(body):
        kind = body[at]
        size, at = leb(body, at + 1)
        end = at + size
        if kind == 1:
            count, at = leb(body, at)
            for _ in range(count):
                index, at = leb(body, at)
                length, at = leb(body, at)
                result[index] = body[at:at + length].decode()
                at += length
        at = end
    return result


def brotli(data):
    return len(subprocess.run(["brotli", "-q", "11", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout)


def folder_of(name):
    if EXPORTS.match(name):
        return FOLDERS["platform"]
    # Without its parameters, which are of other folders; a lambda belongs to who wrote it.
    own = name.replace("(anonymous namespace)", "_").split("(")[0]
    ours = re.findall(r"alcove::(\w+)", name if "FunctionRef" in own else own)
    if re.search(r"\b(Im[A-Z]|stbrp)", own):
        return "Dear ImGui"
    if not ours or own.startswith("std::"):
        return REST
    return FOLDERS.get(ours[-1] if "FunctionRef" in own else ours[0], REST)


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    path = Path(sys.argv[1])
    data = path.read_bytes()
    named, code, first = {}, b"", 0
    kept = data[:8]  # the program without its names
    groups = defaultdict(list)
    for kind, body in sections(data):
        if kind == 0:
            named.update(names(body))
        if kind == 2:
            first = imported_functions(body)
        if kind == 10:
            code = body
        if kind == 11:
            groups["data: tables, texts, icons"].append(body)
        if kind != 0:
            kept += bytes([kind]) + body
    if not named:
        raise SystemExit(f"{path} has no names: see the top of this file")
    count, at = leb(code, 0)
    for index in range(count):
        size, at = leb(code, at)
        groups[folder_of(named.get(first + index, ""))].append(code[at:at + size])
        at += size
    script = Path(sys.argv[2]).read_bytes()
    program = brotli(kept)
    alone = {name: brotli(b"".join(parts)) for name, parts in groups.items()}
    scale = program / sum(alone.values())
    rows = [(name, len(parts), sum(map(len, parts)), round(alone[name] * scale)) for name, parts in groups.items()]
    rows.append(("JavaScript (wasm-widget/platform/js)", 0, len(script), brotli(script)))
    print("| part | functions | bytes | brotli |\n|---|--:|--:|--:|")
    for name, functions, size, small in sorted(rows, key=lambda row: -row[3]):
        print(f"| {name} | {functions or ''} | {size:,} | {small:,} |")
    print(f"| all | | {sum(row[2] for row in rows):,} | {sum(row[3] for row in rows):,} |")


if __name__ == "__main__":
    main()
