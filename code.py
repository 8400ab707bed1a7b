"""Starts the app, else the rescue page; nothing else."""

import time

import alarm
import microcontroller
import supervisor

STARTS_AT = 16  # in the non-volatile memory, see lib/datalogger/nonvolatile.py
FAILURE_AT = 1024
RESET_AT = 1  # in alarm.sleep_memory; from boot.py
MAX_FAILURE = 900  # bytes of a traceback that are kept
# In a row without a full minute. One more after the watchdog: the sensor that hangs is off then
MAX_STARTS = 3
MAX_COUNT = 8  # with those of the rescue page, which may be what fails: then the app again
ASKED_FOR = 90  # or more: somebody wants the page
PAUSE_S = 5  # until USB knows of a computer


def has_failed():
    """Count this start; returns whether too many failed."""
    reason = supervisor.runtime.run_reason
    count = microcontroller.nvm[STARTS_AT]
    if reason not in (supervisor.RunReason.STARTUP, supervisor.RunReason.SUPERVISOR_RELOAD):
        count = 0  # a computer has changed something
    elif MAX_COUNT <= count < ASKED_FOR or count == 255:
        count = 0  # the page has had its turn; or a new board
    microcontroller.nvm[STARTS_AT] = min(count + 1, MAX_COUNT)
    bitten = microcontroller.cpu.reset_reason == microcontroller.ResetReason.WATCHDOG
    return count >= MAX_STARTS + (bitten and alarm.sleep_memory[RESET_AT] != ord("P"))


def keep_failure(error):
    """Print what went wrong, and keep it for the rescue page."""
    from traceback import format_exception

    text = "".join(format_exception(error))
    print(text)
    text = bytes([ord(one) if one < "\x7f" else 63 for one in text[-MAX_FAILURE:]])
    kept = bytes((len(text) >> 8, len(text) & 255)) + text
    if microcontroller.nvm[FAILURE_AT : FAILURE_AT + len(kept)] != kept:
        microcontroller.nvm[FAILURE_AT : FAILURE_AT + len(kept)] = kept


try:
    microcontroller.watchdog.feed()  # boot.py may have started it
    if has_failed():
        from rescue import page as program
    else:
        from datalogger import app as program
    program.run()
    raise RuntimeError("The program has come to an end.")
except (Exception, SystemExit) as error:  # noqa: BLE001 - the board must be mended over Wi-Fi
    microcontroller.watchdog.mode = None
    try:
        keep_failure(error)
    finally:  # also when the memory is full, or the error can't be shown
        time.sleep(PAUSE_S)
        if not supervisor.runtime.usb_connected:  # nobody at a computer mends it and sees this
            microcontroller.reset()
finally:
    microcontroller.watchdog.mode = None  # else it would reset the board for ever
