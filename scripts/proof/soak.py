"""A long run: people ask for a mix of everything while the board records and two pages listen to
its events. Afterwards its memory must be what it was after the first requests."""

import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from .soak_mix import Mix
from .visits import WrongAnswer, listen

WARM_UP = 1000  # requests, then the board is measured for the first time
SETTINGS = {"SAMPLE_SECONDS": 2, "FLUSH_SECONDS": 10}  # so that there is much to record
_PEOPLE = 2  # with as many listeners they take four of the five places
_LISTENERS = 2  # as many as the board allows
_BURST = 8  # requests over a kept connection, at most
_MAX_PROBLEMS = 20  # then it ends early
_ENDED = (ConnectionError, http.client.BadStatusLine)  # a kept connection that idled


@dataclass
class Found:
    """What came of the requests so far."""

    asked: Counter = field(default_factory=Counter)  # by kind
    seconds: list = field(default_factory=list)
    ended: int = 0  # kept connections that the board had ended
    events: Counter = field(default_factory=Counter)  # by name
    problems: list = field(default_factory=list)


class Soak:
    """`run(count)` makes requests; `found` is the sum of all runs."""

    def __init__(self, board, password, seed=1):
        """board: an AppBoard with someone logged in."""
        self._board = board
        board.use_every_place("/")
        pages = [
            "/" + path.relative_to(board.drive / "www").as_posix().removesuffix(".gz")
            for path in sorted((board.drive / "www").rglob("*"))
            if path.is_file()
        ]
        self._people = []  # (Mix, random.Random) of each
        for number in range(_PEOPLE):
            chance = random.Random(seed + number)
            self._people.append((Mix(board.new_visitor(), chance, pages, password), chance))
        self.found = Found()
        self._lock = threading.Lock()

    def run(self, count, progress=lambda done: None):
        """Make `count` more requests; `progress` is told now and then how many there were."""
        turns = iter(range(count))
        wanted = self._total() + count
        people = [
            threading.Thread(target=self._live, args=(mix, chance, turns))
            for mix, chance in self._people
        ]
        over = threading.Event()
        listeners = [threading.Thread(target=self._listen, args=(over,)) for _ in range(_LISTENERS)]
        for thread in listeners + people:
            thread.start()
        while any(person.is_alive() for person in people):
            time.sleep(0.2)
            progress(self._total())
        over.set()
        for thread in listeners + people:
            thread.join()
        if self._total() < wanted:
            self.found.problems.append(f"only {self._total()} of {wanted} requests were made")

    def _total(self):
        return self.found.asked.total()

    def _live(self, mix, chance, turns):
        """One request after the other until the turns that all share are over: some with a
        connection of their own, some on one that is kept."""
        while True:
            burst = chance.choice((1, 1, _BURST))
            connection = self._board.visitor.keep()
            for number in range(burst):
                if next(turns, None) is None or len(self.found.problems) > _MAX_PROBLEMS:
                    connection.close()
                    return
                self._ask(mix, connection if burst > 1 else None, number > 0)
            connection.close()

    def _ask(self, mix, connection, reused):
        kind = mix.choose()
        start = time.monotonic()
        problem = None
        ended = False
        try:
            try:
                mix.ask(kind, connection)
            except _ENDED:
                if not reused:
                    raise
                ended = True
                connection.close()  # http.client opens it again, as a browser does
                mix.ask(kind, connection)
        except (OSError, http.client.HTTPException, WrongAnswer, ValueError) as error:
            problem = f"{kind}: {error!r}"
        seconds = time.monotonic() - start
        with self._lock:
            self.found.asked[kind] += 1
            self.found.seconds.append(seconds)
            self.found.ended += ended
            if problem:
                self.found.problems.append(problem)

    def _listen(self, over):
        """As a browser: for a while, then the page is closed and opened again."""
        while not over.is_set():
            try:
                for name in listen(self._board.port, over, seconds=20):
                    with self._lock:
                        self.found.events[name] += 1
            except (OSError, WrongAnswer, ValueError) as error:
                with self._lock:
                    self.found.problems.append(f"events: {error!r}")
                return
