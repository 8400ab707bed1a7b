"""The judgement on a start."""

from ..nonvolatile import FAILURE_AT, NO_FAILURE, STARTS_AT
from ..on_demand import on_demand, on_demand_for_update

state = on_demand_for_update("state")


def run(app, trial):
    """Judge this start, put in place what is left of an update, clean up (a generator of short
    steps). Before the start has passed only pages are put in place."""
    yield  # loading takes a step of its own
    if not trial.committed:
        if trial.update == state.TRIAL:
            good = yield from on_demand("self_test").passes(app)
            if not good or app.tasks.broken():
                return
        _pass(app, trial)
    word, kept = state.read(app.root)
    if word == state.PROVEN or trial.passed and word in (state.COMMITTED, state.TRIAL):
        while not app.drive.writable:
            yield
        yield from on_demand("update_end").run(app, word, kept)
    trial.committed = False
    trial.look()


def _pass(app, trial):
    """Note that this start is a good one."""
    for at, value in ((STARTS_AT, 0), (FAILURE_AT, NO_FAILURE)):
        if trial.nvm[at] != value:
            trial.nvm[at] = value
    on_demand("last_known", "datalogger").remember(trial.nvm, app.settings.values)
    trial.passed = True
