"""How the run before this one ended, as far as the board can tell."""

from ..nonvolatile import FAILURE_AT, FAULT, FAULT_AT, NO_FAILURE, RESTART_AT, RESTART_PLANNED


def tell(log, nvm, reset_reason, marks, chosen):
    """Note it in the log.

    nvm: microcontroller.nvm; reset_reason: such as "WATCHDOG", "" where this start was no reset;
    marks: alarm.sleep_memory; chosen: the sensors as the settings name them, in one text.
    """
    planned = nvm[RESTART_AT] == RESTART_PLANNED
    if planned:
        nvm[RESTART_AT] = 0
    if marks[FAULT_AT] == FAULT:
        marks[FAULT_AT] = 0
        log.error(
            "CircuitPython itself failed (a hard fault or the like); the board was restarted."
        )
    elif reset_reason == "WATCHDOG":
        names = ["something"] + chosen.split()
        what = names[marks[0] if marks[0] < len(names) else 0]
        log.error("The watchdog has reset the board: %s did not come back within 8 s." % what)
    elif reset_reason == "BROWNOUT":
        log.warning("The board was reset because its supply was too weak.")
    elif reset_reason == "SOFTWARE":
        if planned:
            log.info("This restart was asked for.")
        elif nvm[FAILURE_AT] != NO_FAILURE:
            log.error("The run before ended with an error: " + _last_line(nvm))


def _last_line(nvm):
    """Of the traceback that code.py has kept."""
    start = FAILURE_AT + 2
    length = nvm[FAILURE_AT] << 8 | nvm[FAILURE_AT + 1]
    text = bytes(nvm[start : start + min(length, 1024)]).strip()
    return str(text[text.rfind(b"\n") + 1 :], "utf-8")
