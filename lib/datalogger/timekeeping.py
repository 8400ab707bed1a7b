"""Keeps the clock right while the board runs. Imported only where a setting asks for it."""

from .on_demand import on_demand


class Timekeeping:
    """Has rare/time_sources.py look at the clock when it is time to."""

    def __init__(self, app, pool, dns):
        """pool: a socketpool.SocketPool; dns: function that returns the name server's address."""
        self._app = app
        self._pool = pool
        self._dns = dns

    def _update(self, told):
        return on_demand("time_sources").update(self._app, self._pool, self._dns, told)

    def run(self):
        """The task that keeps the clock right (a generator)."""
        due = 0
        told = False
        was_set = False
        while True:
            clock = self._app.clock
            if clock.tenths >= due or clock.is_set() != was_set:
                due, told = yield from self._app.in_turn(lambda told=told: self._update(told))
                was_set = clock.is_set()
            yield
