"""Modules that a browser would fetch one after the other, joined into one: each costs the board a request.

A module travels inside another one when nothing but that one imports it and nobody asks for it by name (`load()`, a
script or link element). Five browsers that open the pages at once stay within the connections that the board holds.
"""

import contextlib
import json
import posixpath
import re
from pathlib import Path

from ..build_cache import BuildCache
from ..errors import ToolkitError
from . import first_visit, node

_BUNDLER = Path(__file__).with_name("bundle.cjs")
_MODULES = (".js", ".mjs")


def join(contents: dict[str, bytes], report) -> dict[str, bytes]:
    """Return the contents, by name below www/, with each joined module inside the one that imports it."""
    texts = _texts(contents)
    owners = _owners(texts)
    joined = dict(contents)
    jobs = {}
    for name, owner in owners.items():
        jobs.setdefault(owner, [owner]).append(name)
        del joined[name]
    cache = BuildCache("bundles", node.lock() + _BUNDLER.read_bytes())
    missing = {}
    for owner, names in jobs.items():
        job = {"entry": owner, "modules": {name: texts[name] for name in names}}
        source = json.dumps(job).encode()
        joined[owner] = cache.find(source)
        if joined[owner] is None:
            missing[owner] = job, source
    if missing:
        for owner, text in _bundle([job for job, _ in missing.values()], report).items():
            joined[owner] = text
            cache.keep(missing[owner][1], text)
    return joined


def _owners(texts: dict[str, str]) -> dict[str, str]:
    """Return {module: the module inside which it travels}."""
    importers = {name: set() for name in texts if name.endswith(_MODULES)}
    others = dict(texts)
    for name in importers:
        targets, others[name] = _split(name, texts[name])
        for target in importers.keys() & targets:
            importers[target].add(name)
    candidates = [name for name in importers if not _is_named(name, others.values())]
    owners = {}

    def root(name):
        return root(owners[name]) if name in owners else name

    found = True
    while found:
        found = False
        for name in candidates:
            roots = {root(importer) for importer in importers[name]} - {name}
            if name not in owners and len(roots) == 1:
                owners[name] = roots.pop()
                found = True
    return {name: root(name) for name in owners}


def _split(name: str, text: str) -> tuple[set, str]:
    """Return the names of the modules that a module imports, and its text without these imports."""
    targets = set()

    def take(match):
        if re.search("[?#]", match[1]):
            return match[0]
        targets.add(first_visit.resolve(name, match[1]))
        return ""

    return targets, first_visit.STATIC_IMPORT.sub(take, text)


def _texts(contents: dict[str, bytes]) -> dict[str, str]:
    """The modules, and the pages that may name them; what is not UTF-8 is refused when it is minified."""
    texts = {}
    for name, content in contents.items():
        if name.endswith((*_MODULES, ".html", ".htm")):
            with contextlib.suppress(UnicodeDecodeError):
                texts[name] = content.decode("utf-8-sig")
    return texts


def _is_named(name: str, texts) -> bool:
    """Whether a text has a string that ends like the module's path: whoever loads it by name needs it for itself."""
    pattern = re.compile(r"""['"`/]""" + re.escape(posixpath.basename(name)) + r"""['"`?#\s>]""")
    return any(pattern.search(text) for text in texts)


def _bundle(jobs: list, report) -> dict[str, bytes]:
    report(f"Joining modules into {len(jobs)} ...")
    results = json.loads(node.run(_BUNDLER, [node.packages(report)], json.dumps(jobs), report))
    errors = [result["error"] for result in results if "error" in result]
    if errors:
        raise ToolkitError("\n".join(errors))
    return {
        job["entry"]: result["text"].encode() for job, result in zip(jobs, results, strict=True)
    }
