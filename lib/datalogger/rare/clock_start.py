"""What time it is at the start: as kept over a restart, or as a clock chip says."""

from ..clock import MAX_EPOCH, MIN_EPOCH
from ..nonvolatile import KEPT, KEPT_AT
from ..on_demand import on_demand

_KEEPING = ("WATCHDOG", "SOFTWARE")  # causes of a reset after which the kept time is a recent one


def find(clock, settings, log, memory, reset_reason, up_s):
    """Set the clock as far as anything tells the time. memory: alarm.sleep_memory; reset_reason:
    such as "WATCHDOG"; up_s: seconds since that reset."""
    if not clock.is_set() and reset_reason in _KEEPING:
        epoch = kept(memory)
        if epoch:
            _set(clock, settings, log, epoch + up_s, "kept")
    chip = settings["RTC_CHIP"]
    if chip:
        try:
            epoch = on_demand("rtc_chip").read(chip)
        except Exception as error:  # noqa: BLE001 - the bus may raise anything
            log.failure("The clock chip %s can't be read." % chip, error)
            return
        if epoch is None:
            log.warning("The clock chip has lost its time; is its battery empty?")
        elif MIN_EPOCH <= epoch <= MAX_EPOCH:
            _set(clock, settings, log, epoch, "rtc")


def kept(memory):
    """Seconds since 1970 as Clock.keep() wrote them, None when they are not there."""
    content = bytes(memory[KEPT_AT : KEPT_AT + 6])
    if content[:1] != KEPT or sum(content[1:5]) & 0xFF != content[5]:
        return None
    epoch = int.from_bytes(content[1:5], "big")
    return epoch if MIN_EPOCH <= epoch <= MAX_EPOCH else None


def _set(clock, settings, log, epoch, source):
    clock.set(epoch, on_demand("time_sources").offset(clock, settings, log, epoch)[0], source)
    log.info("The clock is set (%s): %s." % (source, clock.iso(None)))
