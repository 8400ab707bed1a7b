"""The end of an update, and the judgement on a start."""

from micropython import const

from ..nonvolatile import FAILURE_AT, NO_FAILURE, STARTS_AT
from ..on_demand import on_demand
from ..update import entries, install, needs, state

_BUFFER = const(512)  # bytes
_GIVE_UP_TENTHS = const(1200)


def run(app, trial):
    """Judge this start, put in place what is left of an update, clean up (a generator of short
    steps). Before the start has passed only pages are put in place."""
    if not trial.committed:
        if trial.update == state.TRIAL and app.tasks.broken():
            if app.clock.tenths >= _GIVE_UP_TENTHS:
                app.restart.request()  # and boot.py takes the update back
            return
        _pass(app, trial)
    root = app.root
    word, kept = state.read(root)
    if word == state.PROVEN or trial.passed and word in (state.COMMITTED, state.TRIAL):
        while not app.drive.writable:
            yield
        buffer = bytearray(_BUFFER)
        if word == state.COMMITTED:
            yield from _without_boot(app, buffer)
        else:
            yield from _finish(app, word, kept, buffer)
    trial.committed = False
    trial.look()


def _pass(app, trial):
    """Note that this start is a good one."""
    for at, value in ((STARTS_AT, 0), (FAILURE_AT, NO_FAILURE)):
        if trial.nvm[at] != value:
            trial.nvm[at] = value
    on_demand("last_known", "datalogger").remember(trial.nvm, app.settings.values)
    trial.passed = True


def _finish(app, word, kept, buffer):
    root = app.root
    if word == state.TRIAL:
        state.write(state.PROVEN, kept, root)
    yield from install.install(root, entries.NEW, buffer)
    for folder in (entries.OLD, entries.NEW):
        yield from entries.discard(root + folder)
    state.clear(root)
    app.log.info("The update is complete.")


def _without_boot(app, buffer):
    """The update still waits: boot.py has not run. A new one may be among what waits."""
    changed = yield from install.install(app.root, entries.NEW, buffer, needs.is_ladder)
    if changed:
        app.restart.request()
    else:
        state.write(state.REFUSED, 0, app.root)
        app.log.error("boot.py does not put updates in place; deploy again.")
