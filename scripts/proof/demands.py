"""What must be on the drive after a cut, and whether it is."""

import base64
import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field

_UPDATE = "update/"  # where updates wait: nobody promises anything of it
_LOGS = ("log-old.txt", "log.txt")
_JOURNAL = "settings.jnl"  # counts only as far as it is copied over settings.toml
_LOG_KEPT = 8000  # bytes of the log that a new file of it never drops


def digest(content: bytes):
    return hashlib.sha256(content).hexdigest()


@dataclass
class _Version:
    """A content that a file has from some write on: `begins` is the number of writes before any of
    it can be there, `durable` that from which on it must be."""

    begins: int
    durable: int
    digest: str | None
    rows: bytes | None = None  # the content, when it grows out of the one before


@dataclass
class Demands:
    """What an operation has promised. base: {path: content} of the drive before it; together: the
    paths of one update, all of which are old or all new."""

    base: dict
    together: list = field(default_factory=list)
    _versions: dict = field(default_factory=dict)
    _lines: list = field(default_factory=list)  # (durable, text)

    @classmethod
    def of(cls, base, writes):
        demands = cls(base)
        begun = {}
        appended = [0, 0]  # numbers of the last two writes to recordings
        for durable, (position, kind, *values) in writes.durable_events():
            path = values[0] if values else None
            if kind == "begins":
                begun[path] = position
            elif kind == "together":
                demands.together = values[0]
            elif kind == "holds":
                demands._add(path, _Version(begun[path], durable, values[1]))
            elif kind == "rows":
                content = base64.b64decode(values[1])
                if position != appended[1]:
                    appended = [appended[1], position]
                demands._add(path, _Version(appended[0], durable, digest(content), content))
            elif kind == "lines":
                demands._lines.append((durable, path.encode()))
        return demands

    def _add(self, path, version):
        self._history(path).append(version)

    def _history(self, path):
        if path not in self._versions:
            content = self.base.get(path)
            found = None if content is None else digest(content)
            self._versions[path] = [_Version(-1, -1, found, content)]
        return self._versions[path]

    def wanted(self):
        """The paths whose contents are needed to judge."""
        rows = [path for path, versions in self._versions.items() if versions[-1].rows is not None]
        return rows + (list(_LOGS) if self._lines else [])

    def problems(self, written, drive):
        """What is wrong with the drive (a snapshot of device/board_to_cut.py) when the power was
        cut after so many writes: a list of sentences."""
        found = []
        digests = drive["digests"]
        contents = {path: base64.b64decode(content) for path, content in drive["contents"].items()}
        known = set(self.base) | set(self._versions)
        for path in sorted(known | set(digests)):
            if path.startswith(_UPDATE):
                continue
            if path == _JOURNAL or self._lines and path in _LOGS:
                continue
            if path in self._versions:
                problem = self._problem(path, written, digests.get(path), contents.get(path))
            elif path not in known:
                problem = "was never meant to be there"
            elif digests.get(path) != digest(self.base[path]):
                problem = "is not what it was" if path in digests else "is gone"
            else:
                problem = None
            if problem:
                found.append(f"{path} {problem}")
        if self._lines:
            found += self._problems_of_log(written, contents)
        return found + self._torn(digests)

    def _torn(self, digests):
        new = [self._versions[path][-1].digest == digests.get(path) for path in self.together]
        return ["the update is neither there nor not there"] if len(set(new)) > 1 else []

    def _problem(self, path, written, found, content):
        versions = self._versions[path]
        oldest = max(i for i, version in enumerate(versions) if version.durable <= written)
        for index in range(oldest, len(versions)):
            version = versions[index]
            if version.begins > written:
                break
            if found == version.digest:
                return None
            if version.rows is not None and content is not None:
                rows = content.rstrip(b"\n")  # without the blank lines that fill a recording
                before = versions[max(oldest, index - 1)].rows or b""
                if version.rows.startswith(rows) and rows.startswith(before.rstrip(b"\n")):
                    return None
        return "is gone" if found is None else f"is neither old nor new ({_shown(content)})"

    def _problems_of_log(self, written, contents):
        old = b"".join(self.base.get(path, b"") for path in _LOGS)
        times = [durable for durable, _ in self._lines]
        promised = old + b"".join(text for _, text in self._lines[: bisect_right(times, written)])
        everything = old + b"".join(text for _, text in self._lines)
        present = contents.get("log.txt", b"")
        for found in (contents.get("log-old.txt", b"") + present, present):
            at = everything.find(found)
            if at >= 0 and at + len(found) >= len(promised) and len(found) >= _LOG_KEPT:
                return []
        return [f"the log is damaged or lacks lines (it ends in {_shown(present)})"]


def _shown(content):
    return "no content" if content is None else f"{len(content)} bytes, ...{content[-40:]!r}"
