"""Why nothing may be written at the moment."""

from ..web.answers import refusal


def for_drive(app):
    """The refusal while the board may not write the drive, else None."""
    app.drive.check()
    if app.drive.writable:
        return None
    return refusal(409, "A computer has the drive. Take the drive over first.")


def for_recordings(app):
    """The refusal while the recordings can't be changed, else None."""
    if app.medium is app.drive:
        return for_drive(app)
    app.medium.check()
    return None if app.medium.writable else refusal(409, app.medium.reason)


def for_battery(app):
    """The refusal while the battery is low, else None."""
    if not app.battery_is_low:
        return None
    return refusal(409, "The battery is low: nothing is written to settings or code.")
