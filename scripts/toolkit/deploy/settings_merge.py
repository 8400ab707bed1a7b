"""The board's settings.toml: made at the first deployment, kept and completed at later ones."""

import secrets
from dataclasses import dataclass, field

from .. import settings_toml

# What the keys start with that CircuitPython itself reads.
FOR_CIRCUITPYTHON = "CIRCUITPY_"

PASSWORDS = ("AP_PASSWORD", "ADMIN_PASSWORD")
SHIPPED_PASSWORD = "datalogger"

# Small letters and digits that nobody mistakes for one another; 15 of them are 74 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 3, 5


@dataclass
class Merge:
    """The text for the drive, which keys it gained, and the passwords that were made for it."""

    text: str
    added: list[str] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)


def new_password() -> str:
    """Return a random password such as `k3mzp-7wqha-xv2nd`."""
    groups = [
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    ]
    return "-".join(groups)


def merge(template: str, existing: str, make_password=new_password) -> Merge:
    """Complete `existing` with the settings of `template` that it lacks, each with its comment.

    Every line of `existing` stays as it is. A password that is new gets a random value instead of the default.
    """
    present = {settings_toml.key_of(line) for line in settings_toml.lines(existing)} - {None}
    result = Merge("", [key for key, _ in _blocks(template) if key not in present])
    if not result.added:
        result.text = existing
        return result
    if not present and not existing.strip():
        lines = settings_toml.lines(template)
    else:
        lines = _completed(settings_toml.lines(existing), template, present)
    for key in PASSWORDS:
        if key in result.added:
            result.passwords[key] = make_password()
    newline = "\r\n" if "\r\n" in existing else "\n"
    result.text = newline.join(_filled(line, result.passwords) for line in lines) + newline
    return result


def for_circuitpython(template: str) -> str:
    """Return the part of `template` that CircuitPython itself reads, with its comments."""
    blocks = [block for key, block in _blocks(template) if key.startswith(FOR_CIRCUITPYTHON)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _filled(line: str, passwords: dict[str, str]) -> str:
    key = settings_toml.key_of(line)
    return settings_toml.with_value(line, passwords[key]) if key in passwords else line


def _blocks(template: str) -> list[tuple[str, list[str]]]:
    """Return (key, its comment lines and the line itself) in order."""
    blocks, comment = [], []
    for line in settings_toml.lines(template):
        key = settings_toml.key_of(line)
        if key:
            blocks.append((key, [*comment, line]))
            comment = []
        elif line.lstrip().startswith("#"):
            comment.append(line)
        else:
            comment = []
    return blocks


def _completed(lines: list[str], template: str, present: set) -> list[str]:
    """Put each missing block behind the setting that precedes it in the template, or at the end."""
    lines = list(lines)
    previous = None
    for key, block in _blocks(template):
        if key not in present:
            at = _line_of(lines, previous)
            if at is None:
                lines += ["", *block]
            else:
                lines[at + 1 : at + 1] = ["", *block] if len(block) > 1 else block
        previous = key
    return lines


def _line_of(lines: list[str], key) -> int | None:
    places = [at for at, line in enumerate(lines) if key and settings_toml.key_of(line) == key]
    return places[-1] if places else None
