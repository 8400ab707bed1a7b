"""Addresses that change with content: the pages name each other's files with ?v=HASH, so that a browser keeps them.

The board says of such addresses that they hold for good (lib/datalogger/web/pages.py): a second visit asks for
index.html only. References are written in full, as '/parts/chart.js', or relative in an import.
"""

import hashlib
import posixpath
import re

_ATTRIBUTE = re.compile(rb'(<(?:link|script|img)\b[^>]*? (?:href|src)=")(/[\w./-]+)(")')
_LITERAL = re.compile(rb"""((?<![\w.])['"])(\.{0,2}/[\w./-]+)(['"])""")
_PATTERNS = {".html": _ATTRIBUTE, ".js": _LITERAL}


def add(contents: dict[str, bytes]) -> dict[str, bytes]:
    """Return the contents, by name below www/, with a version in each reference to one of them.

    Files that refer to each other in a circle can't have versions; the reference that closes it stays as it is.
    """
    done, under_way = {}, set()

    def versioned(name: str) -> bytes:
        if name not in done:
            under_way.add(name)
            done[name] = rewrite(name)
            under_way.discard(name)
        return done[name]

    def rewrite(name: str) -> bytes:
        pattern = _PATTERNS.get(posixpath.splitext(name)[1])
        if not pattern:
            return contents[name]

        def reference(match):
            before, address, after = match.groups()
            path = posixpath.join("/" + posixpath.dirname(name), address.decode())
            target = posixpath.normpath(path).lstrip("/")
            if target not in contents or target in under_way:
                return match[0]
            digest = hashlib.sha256(versioned(target)).hexdigest()[:8]
            return before + address + b"?v=" + digest.encode() + after

        return pattern.sub(reference, contents[name])

    return {name: versioned(name) for name in contents}
