"""Shows how a long run goes on and what it came to."""

import statistics
import time

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

_MAX_SHOWN = 20
_WIDTH_OF_A_FILE = 110


class Report:
    """`with Report(found, requests) as report:` shows the progress meanwhile."""

    def __init__(self, found, requests, console=None):
        """found: what Soak collects; requests: how many there will be."""
        self._console = console or Console(highlight=False)
        if not self._console.is_terminal:
            self._console.width = _WIDTH_OF_A_FILE
        self._found = found
        columns = (TextColumn("requests"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=self._console, transient=True)
        self._task = self._bar.add_task("", total=requests)
        self._start = time.monotonic()

    def __enter__(self):
        self._bar.start()
        return self

    def __exit__(self, *error):
        self._bar.stop()

    def progress(self, done):
        """So many requests were made."""
        self._bar.update(self._task, completed=done)

    def condition(self, condition):
        """Prints a Condition of the board, and returns it."""
        self._print(f"After {self._found.asked.total()} requests: {condition}")
        return condition

    def finish(self, differences):
        """Prints the sums; returns how much has failed."""
        self._bar.stop()
        found = self._found
        table = Table(title="Requests", box=box.SIMPLE)
        table.add_column("kind", no_wrap=True)
        table.add_column("made", justify="right")
        for kind, count in found.asked.most_common():
            table.add_row(kind, f"{count:,}")
        self._console.print(table)
        seconds = time.monotonic() - self._start
        self._print(
            f"{found.asked.total():,} requests in {seconds:.0f} s, "
            f"median {1000 * statistics.median(found.seconds):.0f} ms, "
            f"longest {max(found.seconds):.1f} s; {found.ended} kept connections had been ended."
        )
        events = ", ".join(f"{count:,} {name}" for name, count in sorted(found.events.items()))
        self._print(f"Events that listeners got: {events}.")
        for problem in found.problems[:_MAX_SHOWN]:
            self._print(f"  {problem}")
        for difference in differences or ["Nothing differs from after the first requests."]:
            self._print(difference)
        self._print(f"{len(found.problems)} requests or streams of events went wrong.")
        return len(found.problems) + len(differences)

    def _print(self, text):
        self._console.print(text, markup=False)
