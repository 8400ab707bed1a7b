"""The figures of all servers as Markdown tables, and a list of those in which another server is ahead."""

import statistics
from dataclasses import dataclass, field

from .contenders import LIMIT, OWN
from .topic import HIGHER, Figure

_ROUNDS = "Median of the rounds, and where the middle half of them lies."


@dataclass
class Row:
    """One figure of all servers: what a table shows of it, and who is ahead."""

    figure: Figure
    texts: dict = field(default_factory=dict)
    spreads: dict = field(default_factory=dict)  # {name: see spread}, of those that have numbers

    def put(self, name, values, show):
        """Take what the rounds found: numbers, texts, or None where there was nothing."""
        found = spread([value for value in values if isinstance(value, (int, float))])
        if found:
            middle, low, high = map(show, found)
            self.spreads[name] = found
            self.texts[name] = middle if low == high else f"{middle} ({low} to {high})"
        else:
            self.texts[name] = next((value for value in values if value), "")

    def leaders(self):
        """The servers with the best median; the limit doesn't compete."""
        medians = {name: found[0] for name, found in self.spreads.items() if name != LIMIT}
        if not self.figure.better or len(medians) < 2:
            return []
        best = (max if self.figure.better == HIGHER else min)(medians.values())
        return [name for name, value in medians.items() if value == best]

    def losses(self):
        """A sentence for each server whose median is better than this library's."""
        if OWN not in self.spreads or not self.figure.better:
            return
        own, own_low, own_high = self.spreads[OWN]
        for name, (value, low, high) in self.spreads.items():
            ahead = value > own if self.figure.better == HIGHER else value < own
            if ahead and name != LIMIT:
                undecided = low <= own_high and own_low <= high
                text = f"{self.figure.title}: {name} {self.texts[name]}, {OWN} {self.texts[OWN]}"
                yield text + ("; undecided" if undecided else "")

    def cells(self, names):
        """The cells of the table."""
        for name in names:
            text = self.texts[name].replace("|", "\\|")
            yield f"**{text}**" if name in self.leaders() else text


def spread(numbers):
    """(median, low, high): the middle half of the numbers lies from low to high. None when there are none."""
    if len(numbers) < 2:
        return tuple(numbers * 3) or None
    low, middle, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return middle, low, high


def rows(topic, found):
    """The Rows of a topic; `found` is {name: [figures of a round]}."""
    return [_row(figure, found) for figure in topic.figures]


def _row(figure, found):
    row = Row(figure)
    values = {
        name: [figures.get(figure.key) for figures in rounds] for name, rounds in found.items()
    }
    shares = figure.of_limit and LIMIT in found
    for name, own in values.items():
        if shares:
            own = [
                value / limit if value and limit else None
                for value, limit in zip(own, values[LIMIT], strict=True)
            ]
        row.put(name, own, "{:.0%}".format if shares else figure.show)
    return row


def document(topics, results, introduction):
    """The whole as Markdown; `results` is {topic: {name: [figures of a round]}}."""
    lines = ["# Benchmark", "", introduction]
    losses = []
    for topic in topics:
        found = {name: rounds for name, rounds in results[topic.name].items() if any(rounds)}
        made = rows(topic, found)
        lines += ["", f"## {topic.title}", "", _note(topic, found), "", *_table(found, made)]
        losses += [f"- {topic.title}, {text}" for row in made for text in row.losses()]
    names = {name for found in results.values() for name in found}
    if OWN in names and names - {OWN, LIMIT}:
        lines += ["", f"## Where another is ahead of {OWN}", "", *(losses or ["Nowhere."])]
    return "\n".join(lines) + "\n"


def _note(topic, found):
    note = topic.note + (f" {_ROUNDS}" if topic.rounds[0] > 1 else "")
    for name, rounds in found.items():
        problems = sorted({figures["problem"] for figures in rounds if "problem" in figures})
        note += "".join(f" {name}: {problem}." for problem in problems)
    return note


def _table(names, made):
    yield _line(["", *(f"**{name}**" if name == OWN else name for name in names)])
    yield _line(["---"] * (len(names) + 1))
    for row in made:
        yield _line([row.figure.title, *row.cells(names)])


def _line(cells):
    return "| " + " | ".join(cells) + " |"
