"""Restarts the board once the answer to the request has left and the samples are written."""

from micropython import const

from ..nonvolatile import RESTART_AT, RESTART_PLANNED, STARTS_AT
from ..on_demand import on_demand

_DELAY_TENTHS = const(15)
_MOST_STEPS = const(100)  # of writing: new rows come meanwhile, and might never let it end


def steps(app):
    """What App.restart() lets be done (a generator of short steps)."""
    at = app.clock.tenths + _DELAY_TENTHS
    while app.clock.tenths < at:
        yield
    try:
        yield from _last_steps(app)
        app.clock.keep()
    except Exception as error:  # noqa: BLE001 - what was asked for comes in any case
        app.log.failure("A last step failed.", error)
    app.reset()


def _last_steps(app):
    """Write what waits in memory, and note that nothing is wrong with this run."""
    for _ in range(_MOST_STEPS):
        if not app.recorder.write_step():
            break
        yield
    if app.log_file:
        try:
            app.log_file.write()
        except OSError as error:
            app.log.failure("The log could not be written.", error)
    nvm = app.nvm
    if 0 < nvm[STARTS_AT] < 255:  # code.py has counted it, and what is counted has failed
        nvm[STARTS_AT] -= 1
    nvm[RESTART_AT] = RESTART_PLANNED
    on_demand("sessions").keep(app.login)
