"""Whose code lies in memory: those whose code is loaded for a moment take turns."""

import gc

from micropython import const

from .on_demand import borrow, give_back

_OTHERS_TENTHS = const(30)  # of waiting for what else is being made


class Turn:
    """A place in a queue, from which the first has its turn; it begins when nothing else is being
    made. Who has waited for long goes in anyway: a client that reads slowly keeps nobody out."""

    def __init__(self, queue, others, clock, max_tenths):
        """queue: a list of Turn, the first has its turn; others: lists of what else may have
        `begun`; max_tenths: of waiting in the queue."""
        self._queue = queue
        self._others = others
        self._clock = clock
        self._until = clock.tenths + max_tenths
        self._borrowed = None
        self.begun = False
        queue.append(self)

    def wait(self):
        """Wait for the turn (a generator)."""
        clock = self._clock
        while self._queue[0] is not self and clock.tenths < self._until:
            yield
        until = clock.tenths + _OTHERS_TENTHS
        while clock.tenths < until and self._others_are_served():
            yield
        self.begun = True
        gc.collect()  # so that what is loaded fills the gaps, and does not lie behind garbage

    def _others_are_served(self):
        for queue in self._others:
            for one in queue:
                if one.begun:
                    return True
        return False

    def borrow(self, name):
        """The module of that name of the room rare/, until the end of the turn."""
        module = borrow(name)
        self._borrowed = name  # once it is there: loading may find no memory
        return module

    def end(self):
        """It is the next one's turn. Once more does no harm."""
        if self in self._queue:
            self._queue.remove(self)
            if self._borrowed:
                give_back(self._borrowed)
