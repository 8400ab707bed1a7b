"""What a deployment puts on the drive: pages, libraries, code, and a template of the settings."""

import ast
import os
import re
from pathlib import Path, PurePosixPath

from .. import environment, manifest
from ..errors import ToolkitError
from . import checks, device_libraries, drivers, ladder, mpy, pages

SETTINGS = PurePosixPath("settings.toml")
_NOT_PINNED = (
    "The sensor {kind} imports {library}, which is not listed: name it in scripts/device-requirements.in and run "
    "scripts/lock.py, or install it with circup."
)

_OWN_PACKAGES = ("datalogger", "rescue")
_BETWEEN_TOKENS = re.compile(rb'("(?:[^"\\]|\\.)*")|([,:]) +')


def collect(
    report=None,
    root: Path | None = None,
    form: bytes = mpy.CIRCUITPYTHON,
    settings: bytes | str | None = None,
) -> dict[PurePosixPath, bytes]:
    """Return {path on the drive: content} of everything but the settings, sorted by path.

    `form` is that of the modules (see mpy). `settings` are the board's, which say what sensors need a driver; None: those of
    the template. `report(text)` is called with one line for each step that takes long. Raises
    ToolkitError.
    """
    root = root or environment.ROOT
    if settings is None:
        settings = settings_template(root)
    text = settings if isinstance(settings, str) else settings.decode("utf-8-sig", "replace")
    return _collect(report or _silent, root, form, drivers.chosen(text))


def build(out: Path, form: bytes, report=None, root: Path | None = None) -> list[PurePosixPath]:
    """Make folder `out` what a deployment makes of a drive and return the paths put there.

    Other files in `out` are left alone, except those an earlier build put there that no longer belong
    to the payload. settings.toml comes from the template, and only when `out` has none.
    """
    root = root or environment.ROOT
    files = collect(report, root, form, _content(out / SETTINGS) or None)
    if not (out / SETTINGS).exists():
        files[SETTINGS] = settings_template(root)
    write_tree(out, files, manifest.PATH)
    return list(files)


def settings_template(root: Path | None = None) -> bytes:
    """Return the project's settings.toml, with every setting at its default."""
    return _content((root or environment.ROOT) / SETTINGS)


def write_tree(out: Path, files: dict[PurePosixPath, bytes], manifest_path: PurePosixPath) -> None:
    """Write `files` below `out`, and remove what the manifest in `out` lists and `files` lacks."""
    earlier = manifest.read_any(_content(out / manifest_path))
    for path, content in files.items():
        _write(out / path, content)
    kept = {str(path).lower() for path in files}
    for path in earlier:
        if str(path).lower() not in kept:
            _remove(out, path)


def _collect(report, root: Path, form: bytes, sensors: str) -> dict[PurePosixPath, bytes]:
    checks.refuse_missing(root)
    files = {}
    for asset in pages.build(root / "www", report):
        files[PurePosixPath("www") / asset.target] = asset.content
    own = _own_libraries(root / "lib")
    libraries = device_libraries.device_libraries(report)
    libraries |= {path: own.pop(path) for path in list(own) if path.parent == drivers.PLAIN}
    for kind, library in drivers.unknown(own, libraries, sensors):
        report(_NOT_PINNED.format(kind=kind, library=library))
    needed = drivers.needed(own, libraries, sensors)
    files.update(needed)
    for path in drivers.idle(own, set(libraries) - set(needed), sensors):
        del own[path]
    for path, content in own.items():
        if path in libraries:
            raise ToolkitError(
                f"{path} would overwrite the library of that name from PyPI; rename it."
            )
        files[path] = content
    ladder.complete(files)
    for name in manifest.PROGRAMS:
        if (root / name).is_file():  # all but safemode.py are
            files[PurePosixPath(name)] = (root / name).read_bytes()
    _refuse_case_clashes(files)
    checks.refuse_broken({**_json_pages(root / "www"), **files})
    if checks.SCHEMA in files:
        files[checks.SCHEMA] = _dense(files[checks.SCHEMA])
    files = {path: content for path, content in files.items() if not _says_nothing(path, content)}
    if form == mpy.SOURCE:
        ladder.bare(files)
    files = mpy.compiled(files, form)
    files[manifest.PATH] = manifest.write(files)
    return dict(sorted(files.items()))


def _says_nothing(path: PurePosixPath, content: bytes) -> bool:
    """Return whether the module of a package of ours has at most a docstring: the folder alone makes the package, and
    each file takes at least 512 bytes of the drive."""
    if path.name != "__init__.py" or path.parts[1] not in _OWN_PACKAGES:
        return False
    body = ast.parse(content).body
    return all(isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) for part in body)


def _dense(content: bytes) -> bytes:
    """Return JSON without the spaces between its tokens; its lines stay."""
    return _BETWEEN_TOKENS.sub(lambda found: found[1] or found[2], content)


def _json_pages(www: Path) -> dict[PurePosixPath, bytes]:
    found = {PurePosixPath("www") / file.relative_to(www): file for file in www.rglob("*.json")}
    return {path: file.read_bytes() for path, file in found.items()}


def _own_libraries(lib: Path) -> dict[PurePosixPath, bytes]:
    found = {}
    for file in sorted(lib.rglob("*")):
        path = PurePosixPath("lib") / file.relative_to(lib).as_posix()
        if any(pages.is_clutter(part) for part in path.parts):
            continue
        pages.refuse_odd_file(file, str(path))
        if file.is_file():
            found[path] = file.read_bytes()
    return found


def _refuse_case_clashes(files: dict) -> None:
    seen = {}
    for path in files:
        other = seen.setdefault(str(path).lower(), path)
        if other != path:
            raise ToolkitError(
                f"{other} and {path} differ in case only: one file on a FAT drive; rename one."
            )


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _write(file: Path, content: bytes) -> None:
    if file.is_file() and file.read_bytes() == content:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(file.name + ".new")
    new.write_bytes(content)
    os.replace(new, file)


def _remove(out: Path, path: PurePosixPath) -> None:
    """Remove a file, and the folders that it leaves empty."""
    (out / path).unlink(missing_ok=True)
    for folder in path.parents:
        if (
            folder == PurePosixPath(".")
            or not (out / folder).is_dir()
            or any((out / folder).iterdir())
        ):
            break
        (out / folder).rmdir()


def _silent(_text: str) -> None:
    pass
