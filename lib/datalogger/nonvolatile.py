"""What the app keeps in the non-volatile memory (microcontroller.nvm): the only table of its bytes.

byte  written by          read by             meaning
0     recording/drive.py  boot.py             BOARD_HAS_DRIVE: the board keeps the drive over
                                              restarts; COMPUTER_HAS_DRIVE: the computer has it
1     recording/recorder.py recorder.py       RECORDING_STOPPED: people have stopped it, and it
                                              stays so over restarts
4     clock.py            clock.py            OFFSET_IS_SET: bytes 5 and 6 hold the UTC offset
5, 6  clock.py            clock.py            minutes east of UTC + OFFSET_ZERO, high byte first

Fresh memory is all 0xFF or 0. boot.py must work while lib/ is half replaced, so it has its own copy
of what it reads; tests/app/test_repair.py compares the two.
"""

from micropython import const

DRIVE_AT = const(0)
BOARD_HAS_DRIVE = const(0x42)
COMPUTER_HAS_DRIVE = const(0)
RECORDING_AT = const(1)
RECORDING_STOPPED = const(0x53)
OFFSET_AT = const(4)
OFFSET_IS_SET = const(0x7A)
OFFSET_ZERO = const(900)
