"""What a topic of the benchmark consists of, and the setting in which it is measured."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .device import work

HIGHER = "higher"
LOWER = "lower"

# Twice a Pico W's: objects are twice as large on a computer with 64 bits.
_HEAP = 256 * 1024


@dataclass(frozen=True)
class Figure:
    """A row of a table. `better` is HIGHER, LOWER, or "" for what isn't compared; `show` makes a number a text."""

    key: str
    title: str
    better: str = ""
    show: Callable = str
    of_limit: bool = False  # is shown as a share of what the limit reaches in the same round


@dataclass(frozen=True)
class Setting:
    """folder: what the servers serve from; data: the content of its file; heap: bytes for each server."""

    quick: bool
    folder: Path
    data: bytes
    heap: int = _HEAP

    def choose(self, full, quick):
        """The first for a whole run, the second for one in a hurry."""
        return quick if self.quick else full

    def body_of(self, name):
        """What the right answer to that request (json, file, post) says."""
        return self.data if name == "file" else work.body_of(name)


@dataclass(frozen=True)
class Topic:
    """measure(contender, setting) returns {key: number, or a text in its place}; it raises ServerError.

    rounds: how often, in a whole and in a quick run.
    """

    name: str
    title: str
    note: str
    figures: tuple
    measure: Callable
    rounds: tuple = (1, 1)


def milliseconds(value):
    return f"{value:.2f} ms" if value < 10 else f"{value:.0f} ms"


def size(number):
    return f"{number:,} B" if number < 10000 else f"{number / 1024:.0f} KB"
