"""What the app keeps in the non-volatile memory (microcontroller.nvm): the only table of its bytes.

byte   written by             read by            meaning
0      recording/drive.py     boot.py            BOARD_HAS_DRIVE: the board keeps the drive over
                                                 restarts; COMPUTER_HAS_DRIVE: the computer has it
1      recording/recorder.py  recorder.py        RECORDING_STOPPED: people have stopped it, and it
                                                 stays so over restarts
2      rare/settings_journal  rescue/power_up    SETTINGS_IN_JOURNAL: settings.jnl is whole and is
                                                 being copied over settings.toml
4      clock.py               clock.py           OFFSET_IS_SET: bytes 5 and 6 hold the UTC offset
5, 6   clock.py               clock.py           minutes east of UTC + OFFSET_ZERO, high byte first
16     code.py, trial.py,     code.py,           starts in a row that did not run for a minute
       rescue/                rescue/
17     rare/suspects.py       rare/suspects.py   resets by the watchdog in a row
18, 19 rare/suspects.py       rare/suspects.py   what was being read then: a bit for each sensor
20     rescue/page.py         rare/suspects.py   SENSORS_OFF: the next start leaves all sensors off
21     rare/last_steps.py     rare/end_before.py RESTART_PLANNED: the restart was asked for
256-   last_known.py          last_known.py      passwords and network names that were good
1024-  code.py, trial.py      rescue/page.py     the latest failure: its length (two bytes, high
                                                 byte first, NO_FAILURE in the first) and traceback

In alarm.sleep_memory, which survives resets, is lost with power, and wears out by nothing:

0      sensors/readings.py    rare/suspects.py   the sensor that is being read, counted from 1
1      boot.py                code.py, app.py,   "P" where a program has reset the board: once the
                              rescue/page.py     watchdog runs, CircuitPython takes it for the cause
2      safemode.py            rare/end_before.py FAULT: CircuitPython itself failed
8-13   clock.py               rare/clock_start   KEPT, seconds since 1970 (four bytes, high byte
                                                 first), and the sum of these bytes
32-111 rare/sessions.py       rare/sessions.py   who was logged in at a restart that was asked for

Fresh memory is all 0xFF or 0. Each write erases a block of the flash: bytes change only when
something happens. boot.py, code.py and safemode.py must work while lib/datalogger/ does not, so they
have their own copies of what they use (tests/app/test_repair.py compares them), and lib/rescue/ on
a board has a copy of this module.
"""

from micropython import const

DRIVE_AT = const(0)
BOARD_HAS_DRIVE = const(0x42)
COMPUTER_HAS_DRIVE = const(0)
RECORDING_AT = const(1)
RECORDING_STOPPED = const(0x53)
SETTINGS_AT = const(2)
SETTINGS_IN_JOURNAL = const(0x4A)
OFFSET_AT = const(4)
OFFSET_IS_SET = const(0x7A)
OFFSET_ZERO = const(900)
KEPT_AT = const(8)
KEPT = b"T"
SESSIONS_AT = const(32)
STARTS_AT = const(16)
DOG_BITES_AT = const(17)
SUSPECTS_AT = const(18)
SENSORS_OFF_AT = const(20)
SENSORS_OFF = const(0x5A)
RESTART_AT = const(21)
RESTART_PLANNED = const(0x50)
RESET_AT = const(1)
FAULT_AT = const(2)
FAULT = const(0x46)
LAST_KNOWN_AT = const(256)
FAILURE_AT = const(1024)
NO_FAILURE = const(255)
