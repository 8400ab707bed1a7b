"""At power-up, before anything else uses the drive: updates and interrupted writing.

What it runs is lib/rescue/power_up.py. It stays as small as it can be: no update replaces either of
the two before the new version has served for a while.
"""

import alarm
import microcontroller
import storage

# Copies from lib/datalogger/nonvolatile.py. A test compares them.
DRIVE_AT = 0
BOARD_HAS_DRIVE = 0x42
RESET_AT = 1

# Once the watchdog runs, CircuitPython takes it for the cause of a reset by a program
by_program = microcontroller.cpu.reset_reason == microcontroller.ResetReason.SOFTWARE
alarm.sleep_memory[RESET_AT] = ord("P") if by_program else 0

try:
    from rescue import power_up

    power_up.run()
except Exception as error:  # noqa: BLE001 - whatever it is, the board must start
    print("What lib/rescue does at power-up failed:", repr(error))
if microcontroller.nvm[DRIVE_AT] == BOARD_HAS_DRIVE:
    storage.remount("/", readonly=False)
