"""Saves settings, as far as that is possible at the moment."""

from ..on_demand import on_demand
from ..settings import SettingError
from ..web.answers import refusal
from ..web.login import USED


def save(app, headers, checked, content=None):
    """Save values that settings_check has returned (a generator); returns None, or the refusal when
    they cannot be saved.

    headers: of the request, whose session outlives a change of the password; content: see write().
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
        yield from write(settings, checked, content)
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


def write(settings, checked, content=None):
    """Write the values to the file and use them from now on (a generator). All else in the file
    stays as it is, unless `content` is the whole new file, as toml_lines.gathered() returns it. Raises OSError
    when the drive cannot be written, SettingError when the file could not be read again."""
    toml_lines = on_demand("toml_lines")
    if not content:
        toml = on_demand("toml_subset")
        lines = _lines_with(settings.path, checked, toml, toml_lines)
        content = yield from toml_lines.gathered(lines)
        toml = lines = None  # the memory of their code is free while the drive is written
    toml_lines.check_size(sum(map(len, content)))
    toml_lines = None
    yield
    yield from on_demand("settings_journal").replace(settings.path, settings.nvm, content)
    settings.take(checked)


def _lines_with(path, checked, toml, toml_lines):
    """The lines of the file as bytes, with new values in the place of old ones; keys that it
    lacks follow at its end."""
    missing = sorted(checked)
    end = "\n"
    for line in toml_lines.lines(path):
        end = line[-1:]
        try:
            parsed = toml.parse_line(line)
        except ValueError:
            parsed = toml_lines.key_of(line), None, line.find("=") + 1, len(line.rstrip())
        if parsed and parsed[0] in missing:
            key, _, start, stop = parsed
            missing.remove(key)
            line = line[:start] + toml.encode(checked[key]) + line[stop:]
        yield line.encode()
    if missing and end != "\n":
        yield b"\n"
    for key in missing:
        yield (key + " = " + toml.encode(checked[key]) + "\n").encode()
