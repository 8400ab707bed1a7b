"""What keeps the clock right: time servers, the rule of the time zone, and who tells the clock chip."""

from micropython import const

from ..clock import MAX_EPOCH, MAX_OFFSET_S, MIN_EPOCH
from ..on_demand import on_demand

_AGAIN_TENTHS = const(144000)  # four hours
_RETRY_TENTHS = const(6000)
_JOINING_TENTHS = const(50)  # between two looks whether the network is there
_MAX_WAIT_S = const(86400)


def update(app, pool, dns, told):
    """Ask the time server, where there is a network that it can be in, and follow the time zone. A
    generator that returns (the uptime in tenths of the next time, `told`).

    dns: function that returns the address of the name server; told: whether the log knows that no
    server answers.
    """
    clock = app.clock
    server = app.settings["NTP_SERVER"]
    wait = 10 * _MAX_WAIT_S
    if server and app.settings["WIFI_MODE"] == "station":
        wait = _JOINING_TENTHS
        if app.network.mode == "station":
            try:
                found = yield from on_demand("ntp").ask(clock, pool, str(dns()), server)
                take(app, found[0] + (clock.tenths - found[1]) // 10, "ntp")
                wait = _AGAIN_TENTHS
                told = False
            except (OSError, ValueError, RuntimeError) as error:  # no socket is left
                wait = _RETRY_TENTHS
                if not told:
                    app.log.warning("The time server %s: %s." % (server, error))
                told = True
    return clock.tenths + min(wait, _follow_zone(app)), told


def _follow_zone(app):
    """Set the offset that the time zone has now; returns the tenths of a second until it changes."""
    clock = app.clock
    if not (clock.is_set() and app.settings["TIME_ZONE"]):
        return 10 * _MAX_WAIT_S
    epoch = clock.epoch()
    wanted, change = offset(clock, app.settings, app.log, epoch)
    if wanted != clock.utc_offset_s:
        clock.set_offset(wanted)
        app.log.info("The offset to UTC is another: %s." % clock.iso(None))
    return 10 * min(_MAX_WAIT_S, change - epoch if change else _MAX_WAIT_S)


def offset(clock, settings, log, epoch):
    """(seconds east of UTC at that time, seconds since 1970 of their next change or None): by the
    rule in TIME_ZONE, or as they were last."""
    rule = settings["TIME_ZONE"]
    if rule:
        try:
            found = on_demand("zone").at(rule, epoch)
            if abs(found[0]) <= MAX_OFFSET_S and found[0] % 60 == 0:
                return found
            raise ValueError("its offset to UTC can't be")
        except ValueError as error:
            log.error("TIME_ZONE can't be used: %s." % error)
    return clock.utc_offset_s, None


def take(app, epoch, source, utc_offset_s=None):
    """Set the clock, and the clock chip if there is one. utc_offset_s: as a browser tells it, which
    counts where no rule does."""
    if not MIN_EPOCH <= epoch <= MAX_EPOCH:
        raise ValueError("the time is not of the years 2024 to 2035")
    clock = app.clock
    was_set = clock.is_set()
    if utc_offset_s is None or app.settings["TIME_ZONE"]:
        utc_offset_s = offset(clock, app.settings, app.log, epoch)[0]
    clock.set(epoch, utc_offset_s, source)
    how = "set anew" if was_set else "set"
    app.log.info("The clock is %s (%s): %s." % (how, source, clock.iso(None)))
    if app.recorder.target.undated:  # what was recorded without a clock can be dated
        app.recorder.write_soon()
    chip = app.settings["RTC_CHIP"]
    if not chip:
        return
    try:
        rtc_chip = on_demand("rtc_chip")
        found = rtc_chip.read(chip)
        if found is not None:
            clock.drifts["rtc"] = found - epoch
        rtc_chip.write(chip, epoch)
    except Exception as error:  # noqa: BLE001 - the bus may raise anything
        app.log.failure("The clock chip %s can't be set." % chip, error)
