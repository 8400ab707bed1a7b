"""Shows what the power cuts came to."""

from collections import Counter

from rich import box
from rich.console import Console
from rich.table import Table

from . import fsck, power_cuts

_MAX_SHOWN = 20
# Heading and, for all cases of an operation, how it is put together from an attribute of them.
_COLUMNS = (
    ("drives", len, "case"),
    ("writes", max, "writes"),
    ("erases", max, "erases"),
    ("of FAT", max, "fat_erases"),
    ("cuts", sum, "cuts"),
    ("in repair", sum, "cuts_in_repair"),
    ("states", sum, "drives"),
    ("lost", max, "lost_clusters"),
)
_WIDTH_OF_A_FILE = 110


class Report:
    """Prints a line for each case as it comes, and the sums at the end."""

    def __init__(self, console=None):
        self._console = console or Console(highlight=False)
        if not self._console.is_terminal:
            self._console.width = _WIDTH_OF_A_FILE
        self._all = []

    def add(self, findings):
        """The Findings of a case."""
        self._all.append(findings)
        verdict = f"{len(findings.problems)} FAILED" if findings.problems else "ok"
        self._console.print(
            f"{findings.case.name} ({findings.case.place}): {findings.cuts} cuts, {verdict}",
            markup=False,
        )
        for problem in findings.problems[:_MAX_SHOWN]:
            self._console.print(f"  {problem}", markup=False)

    def finish(self, seconds):
        """Prints the table and the sums; returns how many cuts have failed."""
        table = Table(title="Power cuts", box=box.SIMPLE)
        table.add_column("operation", no_wrap=True)
        for name in (*(column[0] for column in _COLUMNS), "failed"):
            table.add_column(name, justify="right")
        for name in dict.fromkeys(found.case.name for found in self._all):
            same = [found for found in self._all if found.case.name == name]
            figures = [
                combine([getattr(found, key) for found in same]) for _, combine, key in _COLUMNS
            ]
            failed = sum(len(found.problems) for found in same)
            table.add_row(name, *(str(figure) for figure in (*figures, failed)))
        self._console.print(table)
        for line in self._sums(seconds):
            self._console.print(line, markup=False)
        return self._sum("problems")

    def _sum(self, name):
        values = [getattr(found, name) for found in self._all]
        return sum(len(value) if isinstance(value, list) else value for value in values)

    def _sums(self, seconds):
        outcomes = sum((found.outcomes for found in self._all), Counter())
        yield (
            f"{self._sum('cuts')} cuts, {self._sum('cuts_in_repair')} of them during a repair, left "
            f"{self._sum('drives')} different states of the drive; fsck.fat checked each before and "
            f"after boot.py. {seconds:.0f} s."
        )
        repairs = (
            power_cuts.NOTHING,
            power_cuts.UNDONE,
            power_cuts.FINISHED,
            power_cuts.FINISHED_BY_THE_APP,
        )
        yield "Repair: " + ", ".join(f"{kind} {outcomes[kind]}" for kind in repairs) + "."
        lost = max((found.lost_clusters for found in self._all), default=0)
        yield (
            "fsck.fat after the repair: "
            + ", ".join(f"{kind} in {outcomes[kind]} states" for kind in fsck.HARMLESS)
            + f"; nothing worse unless listed above. One cut has lost {lost} clusters of 512 bytes "
            "at most."
        )
        yield (
            f"{self._sum('problems')} problems: settings and deployed files neither old nor new, "
            "rows damaged or lost that were flushed, other files touched, or a drive that does not "
            "work on."
        )
        yield (
            "Not tried: a cut within the erase of a block of flash (about 50 ms each; the column "
            '"erases" counts them, "of the FAT" those that hold the table of all files).'
        )
