"""Figures side by side: which is better, by how much, and whether the rounds agree on it."""

import statistics
from dataclasses import dataclass, field

from .contenders import LIMIT, NOTHING, OWN

HIGHER = "higher"
LOWER = "lower"
_YARDSTICKS = (LIMIT, NOTHING)
_ENOUGH_FOR_QUARTILES = 5


@dataclass
class Column:
    """Figures of one kind, by server. `better` is HIGHER, LOWER, or "" for what isn't compared."""

    title: str
    better: str = ""
    values: dict = field(default_factory=dict)  # {name: median of the rounds}
    ranges: dict = field(default_factory=dict)  # {name: (low, high)}, see spread
    texts: dict = field(default_factory=dict)  # {name: what is shown}

    def put(self, name, rounds, show):
        """Take the figures of a server's rounds (None where there is none); `show` makes a figure a text."""
        found = spread(rounds)
        if not found:
            return
        middle, low, high = (show(value) for value in found)
        self.values[name] = found[0]
        self.ranges[name] = found[1:]
        self.texts[name] = middle if low == high else f"{middle} ({low} to {high})"

    def leaders(self):
        """The servers that are best; yardsticks don't compete."""
        values = {name: value for name, value in self.values.items() if name not in _YARDSTICKS}
        if not self.better or len(values) < 2:
            return ()
        best = (max if self.better == HIGHER else min)(values.values())
        return tuple(name for name, value in values.items() if value == best)

    def ahead_of(self, name):
        """The servers that are better than `name`."""
        if name not in self.values or not self.better:
            return []
        own = self.values[name]
        return [
            other
            for other, value in self.values.items()
            if (value > own if self.better == HIGHER else value < own) and other not in _YARDSTICKS
        ]

    def is_decided(self, name, other):
        """Whether the rounds of the two lie apart."""
        low, high = self.ranges[name]
        other_low, other_high = self.ranges[other]
        return high < other_low or other_high < low


@dataclass
class Table:
    title: str
    note: str
    rows: list
    columns: list
    turned: bool = False  # is shown with rows and columns exchanged
    tells_losses: bool = True


def losses(tables):
    """Sentences about each figure in which another server is ahead of this library."""
    found = []
    for table in tables:
        for column in table.columns if table.tells_losses else ():
            for other in column.ahead_of(OWN):
                text = f"{table.title}, {column.title}: {other} {column.texts[other]}"
                if column.texts[OWN] != "1.00":
                    text += f", {OWN} {column.texts[OWN]}"
                found.append(text + ("" if column.is_decided(other, OWN) else "; undecided"))
    return found


def spread(values):
    """(median, low, high) of the numbers among the values; None when there are none.

    Half of the numbers lie from low to high; with fewer than five numbers, all do.
    """
    numbers = [value for value in values if value is not None]
    if not numbers:
        return None
    if len(numbers) < _ENOUGH_FOR_QUARTILES:
        return statistics.median(numbers), min(numbers), max(numbers)
    low, middle, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return middle, low, high


def ratios(values, base):
    """Quotients round by round; None where one is missing."""
    return [
        value / other if value is not None and other else None
        for value, other in zip(values, base, strict=True)
    ]
