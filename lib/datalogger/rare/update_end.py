"""The end of an update: what is left of it is put in place, and what it kept is removed."""

from micropython import const

from ..on_demand import on_demand_for_update

entries = on_demand_for_update("entries")
install = on_demand_for_update("install")
needs = on_demand_for_update("needs")
state = on_demand_for_update("state")
_BUFFER = const(512)  # bytes


def run(app, word, kept):
    """Finish an update in this state (a generator of short steps); state, kept: see state.read()."""
    buffer = bytearray(_BUFFER)
    if word == state.COMMITTED:
        yield from _without_boot(app, buffer)
    else:
        yield from _finish(app, word, kept, buffer)


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
        app.restart()
    else:
        state.write(state.REFUSED, 0, app.root)
        app.log.error("boot.py does not put updates in place; deploy again.")
