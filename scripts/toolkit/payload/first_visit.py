"""What a browser fetches before the first view stands, read off the pages' sources."""

import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path

START = "index.html"

# `import "./a.js"`, `import {x} from "./a.js"`, `export * from "./a.js"`; not `import("./a.js")`, which comes later.
STATIC_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^'"()]*?['"]([^'"]+)['"]""", re.MULTILINE)
_STYLE_REFERENCE = re.compile(r"""(?:@import\s+|url\()\s*['"]?([^'")\s]+)""")


def paths(www: Path) -> list[str]:
    """Return the paths below `www` that index.html needs at once, itself first; empty without it."""
    if not (www / START).is_file():
        return []
    found = [START]
    for path in found:
        for reference in _references(www / path):
            target = resolve(path, reference)
            if target not in found and (www / target).is_file():
                found.append(target)
    return found


def resolve(path: str, reference: str) -> str:
    plain = re.split("[?#]", reference)[0]
    if plain.startswith("/"):
        return posixpath.normpath(plain.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), plain))


def _references(file: Path) -> list[str]:
    if file.suffix not in (".html", ".css", ".js", ".mjs"):
        return []
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        parser = _References()
        parser.feed(text)
        references = parser.found
    else:
        pattern = _STYLE_REFERENCE if file.suffix == ".css" else STATIC_IMPORT
        references = pattern.findall(text)
    return [one for one in references if not re.match(r"[a-z]+:|//|#", one)]


class _References(HTMLParser):
    """Collects what a page loads by itself: scripts, style sheets, icons, pictures that aren't put off."""

    LOADED_LINKS = frozenset(("stylesheet", "icon", "modulepreload", "preload", "manifest"))

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "link" and self.LOADED_LINKS & set((attributes.get("rel") or "").split()):
            self._add(attributes.get("href"))
        elif tag in ("script", "img") and attributes.get("loading") != "lazy":
            self._add(attributes.get("src"))
        elif tag == "use":
            self._add(attributes.get("href"))

    handle_startendtag = handle_starttag

    def _add(self, reference):
        if reference:
            self.found.append(reference)
