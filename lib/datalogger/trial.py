"""Whether this start is a good one: it has run for a minute, with its network up. docs/updates.md
has the whole picture."""

from micropython import const

from .on_demand import on_demand, on_demand_for_update

_LONG_ENOUGH_TENTHS = const(600)
_AGAIN_TENTHS = const(100)
_GIVE_UP_TENTHS = const(1200)


class Trial:
    """`update` is the word for the state of the latest update, "" without one; `nvm` is
    microcontroller.nvm."""

    def __init__(self, app, nvm):
        """app: the App."""
        self._app = app
        self.nvm = nvm
        self.passed = False
        self.committed = False  # an update was committed that needs no restart
        self.look()

    def look(self):
        """Look again what became of the update."""
        self.update = on_demand_for_update("state").read(self._app.root)[0]

    def run(self):
        """The task that waits for the minute, and ends updates (a generator)."""
        app = self._app
        due = _LONG_ENOUGH_TENTHS
        while True:
            late = not self.passed and app.clock.tenths >= due
            if self.committed or late and app.network.ready:
                due = app.clock.tenths + _AGAIN_TENTHS
                try:
                    yield from on_demand("settle").run(app, self)
                finally:  # whatever an update has made of it
                    if late and not self.passed and app.clock.tenths >= _GIVE_UP_TENTHS:
                        app.restart()  # and boot.py takes an update on trial back
            yield
