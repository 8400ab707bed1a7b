"""The drives on which the power is cut, and what is uploaded to them."""

import base64
import hashlib
from pathlib import Path, PurePosixPath

from toolkit import fat
from toolkit.payload import mpy

_HEADER = b"time (UTC+01:00),first,second,third\n"
_ENTRIES_OF_A_SECTOR = fat.SECTOR // fat.ENTRY
_MAX_RECORDING = 98304
# Beside a large recording, so that nothing must go for another one.
_RESERVE, _SMALL_RESERVE = b"RESERVE_KB = 50", b"RESERVE_KB = 8"
_PASSWORDS = (
    (b'AP_PASSWORD = "datalogger"', b'AP_PASSWORD = "not the shipped one"'),
    (b'ADMIN_PASSWORD = "datalogger"', b'ADMIN_PASSWORD = "nor is this one"'),
)


ACROSS = -1  # for `shift`: new names, and that of the oldest recording, lie in two sectors


def files(payload: Path, large_recording=False, shift=0):
    """{path: content} of a drive that has been in use: the payload, recordings, log files. shift:
    how many empty files each folder gets first, which moves the others on in it."""
    content = {
        path.relative_to(payload).as_posix(): path.read_bytes()
        for path in sorted(payload.rglob("*"))
        if path.is_file()
    }
    for shipped, other in _PASSWORDS:
        assert shipped in content["settings.toml"]
        content["settings.toml"] = content["settings.toml"].replace(shipped, other)
    first, second, size, old_log = 9000, 20000, 3300, 16000
    if large_recording:
        first = second = old_log = 2000  # the whole payload lies there too
        size = _MAX_RECORDING - 300
        assert _RESERVE in content["settings.toml"]
        content["settings.toml"] = content["settings.toml"].replace(_RESERVE, _SMALL_RESERVE)
    for day, its_size in (("2026-11-21", first), ("2026-11-22", second), ("2026-11-23", size)):
        content[f"data/2026-11/{day}.csv"] = _recording(day, its_size)
    content["log-old.txt"] = _log("old", old_log)
    content["log.txt"] = _log("present", 14000)
    return _shifts(content, shift) | content


def _shifts(content, shift):
    """The empty files."""
    counts = dict.fromkeys(
        ("", "www", "lib", "lib/datalogger", "lib/datalogger/rare", "data", "data/2026-11"), shift
    )
    if shift == ACROSS:
        counts = {folder: _up_to_the_last(content, folder) for folder in counts}
        counts["data/2026-11"] = (
            _ENTRIES_OF_A_SECTOR - 2 - 2
        )  # two of a folder's own, two to be left
    return {
        f"{folder}/S{number}".lstrip("/"): b""
        for folder, count in counts.items()
        for number in range(count)
    }


def _up_to_the_last(content, folder):
    """How many entries the folder lacks until only one is left in a sector."""
    depth = len(PurePosixPath(folder).parts)
    names = {
        PurePosixPath(path).parts[depth]
        for path in content
        if not folder or path.startswith(folder + "/")
    }
    entries = sum(fat.directory_entries(name) for name in names) + (2 if folder else 0)
    return (_ENTRIES_OF_A_SECTOR - 1 - entries) % _ENTRIES_OF_A_SECTOR


def _recording(day, size):
    lines = [_HEADER]
    length = len(_HEADER)
    while length < size:
        seconds = len(lines) * 60 % 43200
        time = f"{day} {seconds // 3600:02}:{seconds // 60 % 60:02}:00"
        lines.append(f"{time},{len(lines)}.0,{len(lines)}.000,7\n".encode())
        length += len(lines[-1])
    return b"".join(lines)


def _log(name, size):
    line = "2026-11-22T10:00:00+01:00 info {} line {:05}, as long as they often are.\n"
    count = size // len(line.format(name, 0)) + 1
    return "".join(line.format(name, number) for number in range(count)).encode()[:size]


def write_tree(content, folder: Path):
    """Write {path: content} below the folder."""
    for path, data in content.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def changed(content, size=None):
    """Other content that works like the old: with a comment more, or with bytes behind a compiled
    module, which nobody reads; or `size` bytes of anything."""
    if size is None:
        if content.startswith(mpy.MICROPYTHON):
            return content + b"Deployed anew."
        return b"# Deployed anew.\n" + content
    block = hashlib.sha256(content).digest()
    return (block * (size // len(block) + 1))[:size]


def digest_headers(content):
    """The headers of an upload."""
    text = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return {"content-digest": f"sha-256=:{text}:", "content-length": str(len(content))}
