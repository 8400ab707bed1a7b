"""Shows what the attacks came to."""

from rich import box
from rich.console import Console
from rich.table import Table

_MAX_SHOWN = 5
_WIDTH_OF_A_FILE = 120


class Report:
    """Prints a line for each attack as it ends, and a table at the end."""

    def __init__(self, patience_s, console=None):
        self._patience_s = patience_s
        self._console = console or Console(highlight=False)
        if not self._console.is_terminal:
            self._console.width = _WIDTH_OF_A_FILE
        self._all = []

    def _print(self, text):
        self._console.print(text, markup=False)

    def before(self, condition):
        """The board's Condition before the attacks."""
        self._print(f"Before: {condition}")

    def add(self, attacked):
        """An Attacked."""
        self._all.append(attacked)
        self._print(f"{attacked.name}: {attacked.did}")
        for problem in attacked.problems[:_MAX_SHOWN]:
            self._print(f"  {problem}")

    def finish(self, condition, differences):
        """Prints the table and the board's Condition afterwards; returns how much has failed."""
        table = Table(title="A person's requests during each attack", box=box.SIMPLE)
        table.add_column("attack", no_wrap=True)
        for name in ("s", "requests", "median s", "99 % s", "longest s", "slow", "unanswered"):
            table.add_column(name, justify="right")
        for attacked in self._all:
            waited = attacked.waited
            table.add_row(
                attacked.name,
                f"{attacked.seconds:.0f}",
                str(len(waited.seconds)),
                *(f"{waited.percentile(share):.2f}" for share in (0.5, 0.99, 1)),
                str(waited.slower_than(self._patience_s)),
                str(len(waited.problems)),
            )
        self._console.print(table)
        self._print(f"After: {condition}")
        for difference in differences or ["Nothing differs from before."]:
            self._print(difference)
        slow = sum(attacked.waited.slower_than(self._patience_s) for attacked in self._all)
        failed = sum(len(attacked.problems) for attacked in self._all)
        total = sum(len(attacked.waited.seconds) for attacked in self._all)
        self._print(
            f"{total} requests of a person: {slow} took longer than {self._patience_s} s, "
            f"{failed} were not answered or went wrong."
        )
        return slow + failed + len(differences)
