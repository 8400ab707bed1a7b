"""What prove.py rescue prints."""

import time
from collections import Counter

from toolkit.terminal import console


class Report:
    """Counts what was mended."""

    def __init__(self, count: int):
        self._count = count
        self._start = time.monotonic()
        self._tried = Counter()
        self._failed = []

    def add(self, way, problem: str) -> None:
        """Tell of one way and what is wrong after it, empty for nothing."""
        self._tried[way.kind] += 1
        if problem:
            self._failed.append(way)
            console.print(f"{way.kind}, {way.name}: {problem}", markup=False, style="red")
        done = sum(self._tried.values())
        if done % 10 == 0:
            console.print(f"{done} of {self._count}, {len(self._failed)} not mended", markup=False)

    def finish(self) -> int:
        """Print the sum; return how many were not mended."""
        done = sum(self._tried.values())
        kinds = ", ".join(f"{kind} {count}" for kind, count in self._tried.items())
        console.print(
            f"Mended over Wi-Fi: {done - len(self._failed)} of {done} ({kinds}); "
            f"{time.monotonic() - self._start:.0f} s.",
            markup=False,
        )
        return len(self._failed)
