"""Whose code lies in memory: requests whose code is loaded for each of them take turns."""

from ..on_demand import borrow, give_back


class Turn:
    """A place in a queue, from which the first has its turn. Who has waited for long goes in
    anyway: a client that reads slowly keeps nobody out."""

    def __init__(self, queue, clock, max_tenths):
        """queue: a list of Turn, the first has its turn; max_tenths: of waiting."""
        self._queue = queue
        self._clock = clock
        self._until = clock.tenths + max_tenths
        self._borrowed = None
        queue.append(self)

    def wait(self):
        """Wait for the turn (a generator)."""
        while self._queue[0] is not self and self._clock.tenths < self._until:
            yield

    def borrow(self, name):
        """The module of that name of the room rare/, until the end of the turn."""
        self._borrowed = name
        return borrow(name)

    def end(self):
        """It is the next one's turn. Once more does no harm."""
        if self in self._queue:
            self._queue.remove(self)
            if self._borrowed:
                give_back(self._borrowed)
