"""What CircuitPython runs in safe mode, in place of boot.py and code.py: it starts the board again.

After a fault of the firmware itself (a hard fault, for example) a board would stay in safe mode,
without Wi-Fi, until somebody presses its button. code.py counts the starts that fail: after some of
them it is the rescue page that comes.
"""

import time

import alarm
import microcontroller
import supervisor

FAULT_AT = 2  # in alarm.sleep_memory, see lib/datalogger/nonvolatile.py
PAUSE_S = 5  # until USB knows of a computer

Reason = supervisor.SafeModeReason
reason = supervisor.runtime.safe_mode_reason
print("Safe mode:", reason)
time.sleep(PAUSE_S)
# Whoever asked for safe mode, or sits at a computer, gets it
wanted = reason in (Reason.USER, Reason.PROGRAMMATIC)
if not (wanted or supervisor.runtime.usb_connected):
    alarm.sleep_memory[FAULT_AT] = ord("F")  # for the log
    microcontroller.reset()
