"""Saves settings, as far as that is possible at the moment."""

from ..on_demand import on_demand
from ..settings import SettingError
from ..web.answers import refusal
from ..web.login import USED


def save(app, headers, checked, write):
    """Save the values (a generator); returns None, or the refusal when they cannot be saved.

    headers: of the request, whose session outlives a change of the password; checked: the values
    by key; write: generator function that writes them to the file.
    """
    settings = app.settings
    refusals = on_demand("refusals")
    problem = refusals.for_drive(app) or refusals.for_battery(app)
    if problem:
        return problem
    if settings.saving:
        return refusal(409, "Other settings are being saved at the moment; try again.")
    password = settings["ADMIN_PASSWORD"]
    settings.saving = True
    try:
        yield from write()
    except (OSError, SettingError) as error:
        app.log.failure("Saving the settings failed.", error)
        return refusal(409, "The settings could not be saved: %s" % error)
    finally:
        settings.saving = False
    app.log.info("Settings saved: %s." % ", ".join(sorted(checked)))
    if settings["ADMIN_PASSWORD"] != password:
        login = app.login
        kept = login.session(headers)
        for session in login.sessions:
            if session is not kept:
                session[USED] = None
        login.revision += 1
    return None
