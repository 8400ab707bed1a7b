"""The manifest of a deployment, kept on the drive: the files it put there, so that a later one can remove them.

One line per file, `SHA-256 of its content in hexadecimal, first 16 digits; two spaces; path`, compressed. A path can
have several lines while a deployment is under way. It lies below www/ because that is where both ways of
deploying, by cable and over Wi-Fi, can read and write it.
"""

import hashlib
import zlib
from pathlib import PurePosixPath

import zopfli.gzip

DIGEST_DIGITS = 16
_UNFINISHED = "unfinished\n"
_PASSWORDS_UNSEEN = "unfinished, passwords not shown\n"
_GZIP = 31  # zlib's word for gzip files with the largest window
_MAX_TEXT = 256 * 1024
PATH = PurePosixPath("www/deployed.txt.gz")
# What CircuitPython itself runs: the only files that a deployment puts at the top of the drive.
PROGRAMS = ("boot.py", "code.py", "safemode.py")


def digest(content: bytes) -> str:
    """Return what the manifest knows a content by."""
    return hashlib.sha256(content).hexdigest()[:DIGEST_DIGITS]


def write(
    files: dict[PurePosixPath, bytes],
    earlier: dict[PurePosixPath, set] | None = None,
    passwords_unseen: bool = False,
) -> bytes:
    """Return the manifest of `files`.

    With `earlier`, the manifest that was there, it is the one of a deployment under way; `passwords_unseen` then says that
    this deployment has made passwords, which are shown at its end.
    """
    known = {path: set(digests) for path, digests in (earlier or {}).items()}
    for path, content in files.items():
        if path != PATH:
            known.setdefault(path, set()).add(digest(content))
    lines = [f"{one}  {path}\n" for path in sorted(known) for one in sorted(known[path])]
    if earlier is not None:
        lines.insert(0, _PASSWORDS_UNSEEN if passwords_unseen else _UNFINISHED)
    # zlib's output differs between its versions; zopfli's doesn't.
    return zopfli.gzip.compress("".join(lines).encode(), numiterations=2)


def is_unfinished(content: bytes) -> bool:
    """Whether a manifest says that a deployment was begun and not finished."""
    return _text(content).startswith(_UNFINISHED.rstrip())


def has_unseen_passwords(content: bytes) -> bool:
    """Whether the deployment that was not finished made passwords that nobody has seen yet."""
    return _text(content).startswith(_PASSWORDS_UNSEEN)


def read(content: bytes) -> dict[PurePosixPath, set]:
    """Return {path: digests} of a board's manifest; empty when there is none, or a damaged one.

    Only places where deployments put files count: a damaged manifest must not lead to the user's own.
    """
    return {path: known for path, known in read_any(content).items() if _may_be_deployed(path)}


def read_any(content: bytes) -> dict[PurePosixPath, set]:
    """Return {path: digests} of the manifest of any folder; paths that lead out of it are left out."""
    known: dict[PurePosixPath, set] = {}
    for line in _text(content).splitlines():
        one, separator, name = line.partition("  ")
        path = PurePosixPath(name)
        if separator and len(one) == DIGEST_DIGITS and _is_inside(path):
            known.setdefault(path, set()).add(one)
    return known


def _may_be_deployed(path: PurePosixPath) -> bool:
    in_folder = path.parts[0] in ("lib", "www") and len(path.parts) > 1
    return in_folder or str(path) in PROGRAMS


def _is_inside(path: PurePosixPath) -> bool:
    """Whether the path stays in its folder, also where a backslash or a colon leads elsewhere."""
    if any(character in "\\:" or not character.isprintable() for character in str(path)):
        return False
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _text(content: bytes) -> str:
    """Return what is compressed; empty when it is damaged, or so large that no deployment wrote it."""
    unpacking = zlib.decompressobj(wbits=_GZIP)
    try:
        text = unpacking.decompress(content, _MAX_TEXT)
        return text.decode() if unpacking.eof else ""
    except (zlib.error, UnicodeDecodeError):
        return ""
