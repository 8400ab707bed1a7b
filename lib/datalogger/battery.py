"""Watches whether the battery is too low to write settings or code. Imported only where there is a
limit."""

from micropython import const

_HYSTERESIS = 0.1  # volts above the limit before the battery counts as charged again
_CHECK_TENTHS = const(10)
_IN_A_ROW = const(3)  # readings below the limit before it counts: Wi-Fi pulls the voltage down


def watch(app):
    """The task that compares the supply voltage with LOW_BATTERY_VOLTS (a generator);
    `app.battery_is_low` is the result."""
    clock = app.clock
    limit = app.settings["LOW_BATTERY_VOLTS"]
    below = due = 0
    while True:
        yield
        if clock.tenths < due:
            continue
        due = clock.tenths + _CHECK_TENTHS
        volts = app.readings.value("voltage")
        if volts is None:
            continue
        if volts >= limit + _HYSTERESIS:
            below = 0
            if app.battery_is_low:
                app.battery_is_low = False
                app.log.info("The battery is charged again.")
        elif volts < limit:
            below += 1
            if below >= _IN_A_ROW and not app.battery_is_low:
                app.battery_is_low = True
                app.log.warning("The battery is low: %.2f V." % volts)
