"""The pages: every file of www/ minified and compressed as the board serves it, and the chart library with them."""

import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..build_cache import BuildCache
from ..errors import ToolkitError
from . import bundles, node, versions

MINIFIED = {".html": "html", ".htm": "html", ".css": "css", ".js": "js", ".mjs": "js"}
ALREADY_COMPRESSED = frozenset(
    (".7z", ".avif", ".br", ".gif", ".gz", ".jpeg", ".jpg", ".m4a", ".mp3", ".mp4", ".ogg")
    + (".pdf", ".png", ".webm", ".webp", ".woff", ".woff2", ".zip")
)
CLUTTER = frozenset((".DS_Store", "Thumbs.db", "desktop.ini", "__pycache__"))

# What the pages know it by -> where it is in the npm package, which comes minified already.
CHART_LIBRARY = {
    "uplot/uPlot.js": "dist/uPlot.iife.min.js",
    "uplot/uPlot.css": "dist/uPlot.min.css",
    "uplot/LICENSE.txt": "LICENSE",
}
# The same for the QR code of the board's network.
QR_LIBRARY = {"lean-qr/lean-qr.js": "nano.mjs", "lean-qr/LICENSE.txt": "LICENSE"}

_MINIFIER = Path(__file__).with_name("minify.cjs")


@dataclass(frozen=True)
class Asset:
    """One file as the browser asks for it (`source`) and as it lies on the drive (`target`), below www/."""

    source: PurePosixPath
    target: PurePosixPath
    source_size: int
    minified_size: int
    content: bytes

    @property
    def compressed(self) -> bool:
        return self.source != self.target


def build(www: Path, report) -> list[Asset]:
    """Return everything that goes below www/ on the drive, sorted by name; slow only for what changed."""
    sources = _sources(www)
    for name, file in _libraries(report).items():
        if name in sources:
            raise ToolkitError(
                f"www/{name} would be overwritten by a library of that name; rename it."
            )
        sources[name] = file
    _refuse_clashes(sources)
    contents = bundles.join({name: file.read_bytes() for name, file in sources.items()}, report)
    compressed = _compress(versions.add(contents), report)
    return [
        _asset(PurePosixPath(name), contents[name], compressed.get(name))
        for name in sorted(contents)
    ]


def _asset(source: PurePosixPath, content: bytes, compressed: bytes | None) -> Asset:
    if compressed is None:
        return Asset(source, source, len(content), len(content), content)
    # The last four bytes of a gzip file hold the size of what it unpacks to (RFC 1952, section 2.3.1).
    minified_size = int.from_bytes(compressed[-4:], "little")
    target = source.with_name(source.name + ".gz")
    return Asset(source, target, len(content), minified_size, compressed)


def _sources(www: Path) -> dict[str, Path]:
    if not www.is_dir():
        return {}
    found = {}
    for file in sorted(www.rglob("*")):
        path = file.relative_to(www)
        if any(is_clutter(part) for part in path.parts):
            continue
        refuse_odd_file(file, "www/" + path.as_posix())
        if file.is_file():
            _refuse_odd_name(path.as_posix())
            found[path.as_posix()] = file
    return found


def _refuse_odd_name(name: str) -> None:
    """Raise for a name that the board's page server doesn't serve (lib/datalogger/web/pages.py)."""
    odd = [character for character in name if not re.match(r"[a-zA-Z0-9_./-]", character)]
    if odd:
        raise ToolkitError(
            f"www/{name}: the board serves only names of letters, digits, '-', '_' and '.'; "
            f"{odd[0]!r} is none of them. Rename it."
        )


def is_clutter(name: str) -> bool:
    """Whether operating systems and editors leave files of this name behind."""
    return (
        name in CLUTTER
        or name.startswith(("._", ".#"))
        or name.endswith(("~", ".swp", ".swo", "-swp", ".pyc"))
        or (name.startswith("#") and name.endswith("#"))
    )


def refuse_odd_file(file: Path, name: str) -> None:
    """Raise for what a drive can't hold (a link) or nobody means to publish (a dot-file)."""
    if file.is_symlink():
        raise ToolkitError(
            f"{name} is a symbolic link, which a FAT drive can't hold; put the file there."
        )
    if file.name.startswith("."):
        raise ToolkitError(f"{name} is a hidden file, which is not deployed; rename or remove it.")


def _libraries(report) -> dict[str, Path]:
    packages = node.packages(report) / "node_modules"
    return {
        **{name: packages / "uplot" / place for name, place in CHART_LIBRARY.items()},
        **{name: packages / "lean-qr" / place for name, place in QR_LIBRARY.items()},
    }


def _refuse_clashes(sources: dict) -> None:
    """Two files that a FAT drive, blind to case, or the .gz ending would make one."""
    seen = {}
    for name in sources:
        target = name if _is_stored(name) else name + ".gz"
        other = seen.setdefault(target.lower(), name)
        if other != name:
            raise ToolkitError(
                f"www/{other} and www/{name} would be the same file on the drive; rename one."
            )


def _is_stored(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in ALREADY_COMPRESSED


def _compress(contents: dict[str, bytes], report) -> dict[str, bytes]:
    """Return the gzip files of all that isn't stored as it is."""
    tools = node.lock() + _MINIFIER.read_bytes()
    as_it_is = BuildCache("assets", b"compressed")
    minified = {kind: BuildCache("assets", kind.encode() + tools) for kind in MINIFIED.values()}
    caches = {
        name: minified.get(_kind(name), as_it_is) for name in contents if not _is_stored(name)
    }
    found = {name: cache.find(contents[name]) for name, cache in caches.items()}
    missing = {name: contents[name] for name in found if found[name] is None}
    if missing:
        from zopfli.gzip import compress  # slow to import, and seldom needed

        for name, (text, warnings) in _minify(missing, report).items():
            report(f"Compressing www/{name} ...")
            found[name] = compress(text)
            for warning in warnings:
                report(f"Warning: {warning}")
            if not warnings:  # which each build is to repeat
                caches[name].keep(contents[name], found[name])
    return found


def _kind(name: str) -> str:
    if name in CHART_LIBRARY or name in QR_LIBRARY:
        return ""
    return MINIFIED.get(PurePosixPath(name).suffix.lower(), "")


def _minify(contents: dict[str, bytes], report) -> dict[str, tuple[bytes, list]]:
    """Return {name: (text, warnings)}; what is no HTML, CSS or JavaScript stays as it is."""
    minified = {name: (content, []) for name, content in contents.items()}
    jobs = []
    for name, content in contents.items():
        if _kind(name):
            jobs.append({"name": "www/" + name, "kind": _kind(name), "text": _text(name, content)})
    if not jobs:
        return minified
    report(f"Minifying {len(jobs)} files ...")
    output = node.run(_MINIFIER, [node.packages(report)], json.dumps(jobs), report)
    results = json.loads(output)
    errors = [result["error"] for result in results if "error" in result]
    if errors:
        raise ToolkitError("\n".join(errors))
    for job, result in zip(jobs, results, strict=True):
        name = job["name"].removeprefix("www/")
        minified[name] = result["text"].encode(), result["warnings"]
    return minified


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ToolkitError(f"www/{name} is not UTF-8 text (byte {error.start}).") from None
