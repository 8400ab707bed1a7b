"""What the status light shows, and when people should see a new status. rare/status.py tells it
all."""

from micropython import const

# What the status light shows.
STARTING = const(0)
RECORDING = const(1)
PAUSED = const(2)
FAULT = const(3)


class Status:
    """The state of the whole board in a number."""

    def __init__(self, app):
        """app: the App."""
        self._app = app

    def revision(self):
        """A number that changes with what should be shown at once; costs little."""
        app = self._app
        return (
            app.drive.revision
            + app.network.revision
            + app.login.revision
            + app.settings.revision
            + app.log.next
            + (app.recorder.full + app.clock.is_set() + app.battery_is_low) * 1000
        )

    def light(self):
        """The state that the status light shows."""
        app = self._app
        if not app.network.ready:
            return STARTING
        if app.recorder.full or app.recorder.problem or app.tasks.failing():
            return FAULT
        return RECORDING if app.drive.writable else PAUSED
