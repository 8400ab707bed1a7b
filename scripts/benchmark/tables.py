"""The figures of all servers as Markdown tables, and a list of those in which another server is ahead."""

import statistics
from dataclasses import dataclass, field

from .contenders import LIMIT, OWN
from .topic import HIGHER, Figure

_ENOUGH_FOR_QUARTILES = 5
_ROUNDS = "Median of the rounds (where half of them lie; all, when fewer than five)."


@dataclass
class Column:
    """The numbers of one figure, by server."""

    figure: Figure
    medians: dict = field(default_factory=dict)
    ranges: dict = field(default_factory=dict)  # {name: (low, high)}, see spread
    texts: dict = field(default_factory=dict)

    def put(self, name, values, show):
        """Take what the rounds found: numbers, texts, or None where there was nothing."""
        texts = [value for value in values if isinstance(value, str)]
        found = spread(value for value in values if not isinstance(value, str))
        if found:
            middle, low, high = map(show, found)
            self.medians[name], self.ranges[name] = found[0], found[1:]
            self.texts[name] = middle if low == high else f"{middle} ({low} to {high})"
        elif texts:
            self.texts[name] = texts[0]

    def leaders(self):
        """The servers with the best median; the limit doesn't compete."""
        medians = {name: value for name, value in self.medians.items() if name != LIMIT}
        if not self.figure.better or len(medians) < 2:
            return ()
        best = (max if self.figure.better == HIGHER else min)(medians.values())
        return tuple(name for name, value in medians.items() if value == best)

    def losses(self):
        """A sentence for each server whose median is better than this library's."""
        if OWN not in self.medians or not self.figure.better:
            return
        own = self.medians[OWN]
        for name, value in self.medians.items():
            ahead = value > own if self.figure.better == HIGHER else value < own
            if ahead and name != LIMIT:
                text = f"{self.figure.title}: {name} {self.texts[name]}, {OWN} {self.texts[OWN]}"
                yield text + ("" if self._lie_apart(name) else "; undecided")

    def _lie_apart(self, name):
        (low, high), (own_low, own_high) = self.ranges[name], self.ranges[OWN]
        return high < own_low or own_high < low


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


def columns(topic, found):
    """The Columns of a topic; `found` is {name: [figures of a round]}."""
    made = []
    for figure in topic.figures:
        column = Column(figure)
        shares = figure.of_limit and LIMIT in found
        for name, rounds in found.items():
            values = [figures.get(figure.key) for figures in rounds]
            if shares:
                values = _ratios(values, [figures.get(figure.key) for figures in found[LIMIT]])
            column.put(name, values, "{:.0%}".format if shares else figure.show)
        made.append(column)
    return made


def _ratios(values, base):
    return [
        value / other if value is not None and other else None
        for value, other in zip(values, base, strict=True)
    ]


def document(topics, results, introduction):
    """The whole as Markdown; `results` is {topic: {name: [figures of a round]}}."""
    lines = ["# Benchmark", "", introduction]
    losses = []
    for topic in topics:
        if topic.name in results:
            found = {name: rounds for name, rounds in results[topic.name].items() if any(rounds)}
            table = columns(topic, found)
            lines += [
                "",
                f"## {topic.title}",
                "",
                _note(topic, found),
                "",
                *_table(topic, found, table),
            ]
            losses += [f"- {topic.title}, {text}" for column in table for text in column.losses()]
    names = {name for found in results.values() for name in found}
    if OWN in names and names - {OWN, LIMIT}:
        lines += ["", f"## Where another is ahead of {OWN}", ""]
        lines += losses or ["Nowhere."]
    return "\n".join(lines) + "\n"


def _note(topic, found):
    note = topic.note + (f" {_ROUNDS}" if topic.rounds[0] > 1 else "")
    for name, rounds in found.items():
        problems = sorted({figures["problem"] for figures in rounds if "problem" in figures})
        note += "".join(f" {name}: {problem}." for problem in problems)
    return note


def _table(topic, found, table):
    cells = [[_cell(topic, column, name) for column in table] for name in found]
    rows = [f"**{name}**" if name == OWN else name for name in found]
    titles = [column.figure.title for column in table]
    if topic.turned:
        cells = [list(line) for line in zip(*cells, strict=True)]
        rows, titles = titles, rows
    yield _row(["", *titles])
    yield _row(["---"] * (len(titles) + 1))
    for row, line in zip(rows, cells, strict=True):
        yield _row([row, *line])


def _cell(topic, column, name):
    text = column.texts.get(name, "").replace("|", "\\|")
    return f"**{text}**" if text and name in column.leaders() and not topic.turned else text


def _row(cells):
    return "| " + " | ".join(cells) + " |"
