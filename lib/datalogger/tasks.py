"""Steps the tasks side by side; one that fails is restarted and never stops the others."""

import gc

from micropython import const

_MAX_PAUSE_S = const(60)
_STEADY_TENTHS = const(600)  # a task that ran this long starts from the shortest pause again


class Tasks:
    """A task is a function that returns a generator; each round steps each generator once. A task
    that raises or ends is started anew after 1, 2, 4 ... 60 seconds."""

    def __init__(self, clock, log, feed=None):
        """feed: function that feeds the watchdog; each step of a task may take its whole time."""
        self._clock = clock
        self._log = log
        self._feed = feed
        self._tasks = []

    def add(self, name, start):
        """name: for the log; start: a function without arguments that returns the generator."""
        self._tasks.append(_Task(name, start))

    def finish(self, name, generator):
        """Step an iterator to its end and don't restart it, even if it fails."""
        task = _Task(name, None)
        task.generator = generator
        self._tasks.append(task)

    def step(self):
        """One round."""
        self._clock.tick()
        for task in self._tasks:
            if self._feed:
                self._feed()
            if task.generator is None:
                if self._clock.tenths < task.start_at:
                    continue
                task.started = self._clock.tenths
            try:
                if task.generator is None:
                    gc.collect()  # what it allocates stays, so it must not lie behind garbage
                    task.generator = task.start()
                next(task.generator)
            except StopIteration:
                self._pause(task, None)
            except Exception as error:  # noqa: BLE001 - a task may fail in any way
                self._pause(task, error)

    def failing(self):
        """Whether a task waits to be started anew."""
        for task in self._tasks:
            if task.generator is None:
                return True
        return False

    def broken(self):
        """Whether a task waits to be started anew because of a fault in the program, as far as
        can be told: neither the drive nor the memory was to blame."""
        for task in self._tasks:
            if task.generator is None and task.is_broken:
                return True
        return False

    def _pause(self, task, error):
        task.generator = None
        task.is_broken = error is not None and not isinstance(error, (OSError, MemoryError))
        if isinstance(error, MemoryError):
            gc.collect()
        if self._clock.tenths - task.started >= _STEADY_TENTHS:
            task.pause_s = 0
        task.pause_s = min(max(1, task.pause_s * 2), _MAX_PAUSE_S)
        task.start_at = self._clock.tenths + task.pause_s * 10
        text = "%s stopped; it starts again in %d s." % (task.name, task.pause_s)
        if task.start is None:
            self._tasks.remove(task)  # this round then skips the task behind it
            if error is None:
                return
            text = task.name + " failed."
        if error is None:
            self._log.warning(text)
        else:
            self._log.failure(text, error)


class _Task:
    def __init__(self, name, start):
        self.name = name
        self.start = start
        self.generator = None
        self.started = self.start_at = self.pause_s = 0
        self.is_broken = False
