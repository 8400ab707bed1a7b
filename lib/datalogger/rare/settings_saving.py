"""Saves settings, as far as that is possible at the moment."""

from ..on_demand import on_demand
from ..settings import SettingError
from ..web.answers import refusal
from ..web.login import USED


def save(app, headers, checked, write):
    """Save the values; returns None, or the refusal when they cannot be saved.

    headers: of the request, whose session outlives a change of the password; checked: the values
    by key; write: function that writes them to the file.
    """
    refusals = on_demand("refusals")
    problem = refusals.for_drive(app) or refusals.for_battery(app)
    if problem:
        return problem
    password = app.settings["ADMIN_PASSWORD"]
    try:
        write()
    except (OSError, SettingError) as error:
        app.log.failure("Saving the settings failed.", error)
        return refusal(409, "The settings could not be saved: %s" % error)
    app.log.info("Settings saved: %s." % ", ".join(sorted(checked)))
    if app.settings["ADMIN_PASSWORD"] != password:
        login = app.login
        kept = login.session(headers)
        for session in login.sessions:
            if session is not kept:
                session[USED] = None
        login.revision += 1
    return None
