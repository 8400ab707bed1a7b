"""The rooms of the project as a picture in CONTRIBUTING.md: what each is for and what it imports."""

import ast
import re
import textwrap
from pathlib import Path

from . import imports

FILE = "CONTRIBUTING.md"
START, END = "<!-- rooms: made by scripts/generate.py -->\n", "<!-- end of rooms -->\n"

_WRAP = 28
# (heading, what belongs to it); a file is in the first that fits.
_PARTS = (
    ("On the board", ("boot.py", "code.py", "safemode.py", "lib/")),
    ("In the browser", ("www/",)),
    ("On the computer", ("scripts/",)),
)
# Programs that run inside others; each is a file on its own, not a part of a room.
_LEFT_OUT = ("/device/", "/board_modules/")


def text(root: Path) -> str:
    """Return the text of CONTRIBUTING.md with the picture of the project at `root`."""
    before, start, rest = (root / FILE).read_text("utf-8").partition(START)
    end, after = rest.partition(END)[1:]
    if not (start and end):
        raise ValueError(f"{FILE} lacks the lines {START.strip()} and {END.strip()}")
    return before + start + _pictures(root) + end + after


def sources(root: Path) -> list[str]:
    """Return the files that the picture shows, as paths below `root`."""
    found = [
        file.relative_to(root).as_posix()
        for _, prefixes in _PARTS
        for prefix in prefixes
        for file in ([root / prefix] if prefix.endswith(".py") else (root / prefix).rglob("*.*"))
        if file.suffix in (".py", ".js") and file.is_file()
    ]
    return sorted(name for name in found if not any(one in name for one in _LEFT_OUT))


def _pictures(root: Path) -> str:
    files = sources(root)
    found = imports.find(root, files)
    room_of = _rooms(files, found)
    pieces = []
    for heading, prefixes in _PARTS:
        inside = [name for name in files if name.startswith(prefixes)]
        pieces.append(f"\n**{heading}**\n\n{_picture(root, inside, found, room_of)}")
    return "".join(pieces) + "\n"


def _rooms(files: list[str], found: list[imports.Import]) -> dict[str, str]:
    """Return {file: room}. Most rooms are folders. A file is a room of its own at the top, in lib/ and www/, and where it wires
    the rooms of its folder: nothing else in there imports it."""
    folders = {name: name.rpartition("/")[0] for name in files}
    with_rooms = {folder.rpartition("/")[0] for folder in folders.values()} - {"scripts"}
    needed = {one.target for one in found if one.source.startswith(folders[one.target] + "/")}
    needed |= {name for name in files if name.endswith("__init__.py")}
    rooms = {}
    for name, folder in folders.items():
        alone = folder in ("", "lib", "www") or (folder in with_rooms and name not in needed)
        rooms[name] = name if alone else folder
    return rooms


def _picture(root: Path, files: list[str], found: list[imports.Import], room_of: dict) -> str:
    lines = ["flowchart TD"]
    for room in sorted({room_of[name] for name in files}):
        lines.append(f'  {_id(room)}["{_label(root, room)}"]')
    arrows: dict[tuple[str, str], bool] = {}
    for one in found:
        pair = room_of[one.source], room_of[one.target]
        if one.source in files and one.target in files and pair[0] != pair[1]:
            arrows[pair] = arrows.get(pair, True) and one.later
    for (source, target), later in sorted(arrows.items()):
        lines.append(f"  {_id(source)} {'-.->' if later else '-->'} {_id(target)}")
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def _id(room: str) -> str:
    return room.replace("/", "_").replace(".", "_")


def _label(root: Path, room: str) -> str:
    """Return the room's name and, for a package, the first sentence of its docstring."""
    name = room.removeprefix("lib/").removeprefix("scripts/").removeprefix("www/")
    package = root / room / "__init__.py"
    if not package.is_file():
        return name
    docstring = ast.get_docstring(ast.parse(package.read_text("utf-8"))) or ""
    sentence = re.split(r"[.:;]\s|\.$|\n\n", docstring.replace('"', "'"))[0]
    return "<br>".join([f"<b>{name}</b>", *textwrap.wrap(sentence, _WRAP, break_on_hyphens=False)])
