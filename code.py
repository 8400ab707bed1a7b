"""Starts the app, else the rescue page; nothing else."""

import time

import microcontroller
import supervisor

STARTS_AT = 16  # in the non-volatile memory, see lib/datalogger/nonvolatile.py
FAILURE_AT = 1024
MAX_FAILURE = 900  # bytes of a traceback that are kept
# In a row without a full minute. One more after the watchdog: the sensor that hangs is off then
MAX_STARTS = 3
PAUSE_S = 5  # until USB knows of a computer


def has_failed():
    """Count this start; returns whether too many failed."""
    reason = supervisor.runtime.run_reason
    count = microcontroller.nvm[STARTS_AT]
    if count == 255 or reason not in (
        supervisor.RunReason.STARTUP,
        supervisor.RunReason.SUPERVISOR_RELOAD,
    ):
        count = 0  # a new board; or a computer has changed something
    microcontroller.nvm[STARTS_AT] = min(count + 1, 100)
    bitten = microcontroller.cpu.reset_reason == microcontroller.ResetReason.WATCHDOG
    return count >= MAX_STARTS + bitten


def keep_failure(error):
    """Print what went wrong, and keep it for the rescue page."""
    from traceback import format_exception

    text = "".join(format_exception(error))
    print(text)
    text = text.encode()[-MAX_FAILURE:]
    kept = bytes((len(text) >> 8, len(text) & 255)) + text
    if microcontroller.nvm[FAILURE_AT : FAILURE_AT + len(kept)] != kept:
        microcontroller.nvm[FAILURE_AT : FAILURE_AT + len(kept)] = kept


try:
    microcontroller.watchdog.feed()  # boot.py may have started it
    if has_failed():
        from rescue import page

        page.run()
    else:
        from datalogger import app

        app.run()
except Exception as error:  # noqa: BLE001 - whatever it is, the board must be mended over Wi-Fi
    microcontroller.watchdog.mode = None
    keep_failure(error)
    time.sleep(PAUSE_S)
    if not supervisor.runtime.usb_connected:  # nobody at a computer mends it and sees this
        microcontroller.reset()
finally:
    microcontroller.watchdog.mode = None  # else it would reset the board for ever
