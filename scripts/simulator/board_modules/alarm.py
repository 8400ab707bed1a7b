"""`alarm`: only the memory that survives a reset, also one by the watchdog
(ports/raspberrypi/common-hal/alarm/SleepMemory.c)."""

from core import nonvolatile

sleep_memory = nonvolatile.ByteArray(nonvolatile.SLEEP, 256, 0)
