"""The lines of settings.toml, taken apart by the board's own reader: one `KEY = value` a line, comments, nothing else."""

import re

from . import board_code, environment

_toml = board_code.load(environment.ROOT / "lib/datalogger/rare/toml_subset.py")
# Also of a line that can't be read: it is there to be mended, not to be added again.
_KEY = re.compile(r"^[ \t]*([A-Za-z0-9_-]+)[ \t]*=")


def lines(text: str) -> list[str]:
    """Return the lines without their ends. What other programs take for line ends is part of a line."""
    text = text.removeprefix("\ufeff").removesuffix("\n")
    return [line.removesuffix("\r") for line in text.split("\n")] if text else []


def key_of(line: str) -> str | None:
    """Return the key that a line sets; None for comments and empty lines."""
    match = _KEY.match(line)
    return match.group(1) if match else None


def values(text: str) -> dict:
    """Return {key: str, int, float or bool}. Of several lines the first counts; what can't be read is left out."""
    found = {}
    for line in lines(text):
        try:
            parsed = _toml.parse_line(line)
        except ValueError:
            continue
        if parsed:
            found.setdefault(parsed[0], parsed[1])
    return found


def with_value(line: str, value: str | float | bool) -> str:
    """Return the line with another value; the comment at its end, if any, is kept."""
    _, _, start, end = _toml.parse_line(line)
    return line[:start] + _toml.encode(value) + line[end:]
