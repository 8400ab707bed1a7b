"""What comes before a restart that was asked for."""

from ..nonvolatile import RESTART_AT, RESTART_PLANNED, STARTS_AT
from ..on_demand import on_demand


def run(restart):
    """Write what waits in memory, and note that nothing is wrong with this run (a generator of
    short steps). restart: the Restart."""
    while restart.recorder.write_step():
        yield
    if restart.log_file:
        try:
            restart.log_file.write()
        except OSError as error:
            restart.log.failure("The log could not be written.", error)
    nvm = restart.nvm
    if 0 < nvm[STARTS_AT] < 255:  # code.py has counted it, and what is counted has failed
        nvm[STARTS_AT] -= 1
    nvm[RESTART_AT] = RESTART_PLANNED
    if restart.login:
        on_demand("sessions").keep(restart.login)
