"""settings.toml as CircuitPython reads it: one `KEY = value` a line, comments, no tables, no multi-line texts."""

import json
import re

_ASSIGNMENT = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=\s*(.*?)\s*$")
_TEXT = re.compile(r'^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$')
_BARE = re.compile(r"^([^\s#\"]+)\s*(?:#.*)?$")


def key_of(line: str) -> str | None:
    """Return the key that a line sets; None for comments and empty lines."""
    match = _ASSIGNMENT.match(line)
    return match.group(1) if match else None


def values(text: str) -> dict:
    """Return {key: str, int, float or bool}; what can't be read is left out."""
    found = {}
    for line in text.splitlines():
        match = _ASSIGNMENT.match(line)
        if match:
            value = _value(match.group(2))
            if value is not None:
                found[match.group(1)] = value
    return found


def _value(text: str):
    quoted = _TEXT.match(text)
    if quoted:
        try:
            return json.loads(f'"{quoted.group(1)}"')  # the escapes are those of JSON
        except ValueError:
            return None
    bare = _BARE.match(text)
    if not bare:
        return None
    word = bare.group(1)
    if word in ("true", "false"):
        return word == "true"
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return None


def with_value(line: str, value: str) -> str:
    """Return the line with a text as its value; the comment at its end, if any, is kept."""
    key, _, rest = line.partition("=")
    comment = re.match(r'^\s*(?:"(?:[^"\\]|\\.)*"|[^\s#]*)(\s*#.*)?$', rest)
    tail = comment.group(1) or "" if comment else ""
    return f"{key}= {json.dumps(value, ensure_ascii=False)}{tail}"
