"""Which of two copies of a library is newer, by their `__version__`."""

import re

_IN_SOURCE = re.compile(rb"^__version__\s*(?::[^=\n]*)?=\s*['\"]([^'\"]+)", re.MULTILINE)
# A compiled module keeps its texts, but not what they are: like circup, take the first that looks like a version.
_IN_COMPILED = re.compile(rb"(\d+\.\d+\.\d+)\0")


def is_newer(one: bytes, other: bytes) -> bool:
    """Whether the module `one`, source or compiled, has a higher version than the module `other`."""
    return bool(_version(one)) and _numbers(_version(one)) > _numbers(_version(other))


def _version(module: bytes) -> str:
    pattern = _IN_COMPILED if module[:1] == b"C" and b"\0" in module else _IN_SOURCE
    match = pattern.search(module)
    return match.group(1).decode("ascii", "replace") if match else ""


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
