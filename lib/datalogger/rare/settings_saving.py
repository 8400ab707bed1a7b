"""Saves settings, as far as that is possible at the moment."""

from micropython import const

from ..on_demand import on_demand
from ..settings import SettingError
from ..web.answers import refusal
from ..web.login import USED

_LINES_A_STEP = const(8)  # each takes the board some ms


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
    stays as it is, unless `content` is the whole new file, as toml_lines.gathered() returns it.
    Raises OSError when the drive cannot be written, SettingError when the file could not be read
    again."""
    toml_lines = on_demand("toml_lines")
    if not content:
        changed, added = yield from _changed_lines(settings.path, checked, toml_lines)
        lines = _lines_with(toml_lines.lines(settings.path), changed, added)
        content = yield from toml_lines.gathered(lines)
        changed = added = lines = None  # their memory is free while the drive is written
    toml_lines.check_size(sum(map(len, content)))
    toml_lines = None
    yield
    yield from on_demand("settings_journal").replace(settings.path, settings.nvm, content)
    settings.take(checked)


def _changed_lines(path, checked, toml_lines):
    """What new values make of the file (a generator of short steps): a dict of the lines that change
    by their number, and a list of those that are added at the end. The code that parses is gone
    before the file is gathered: there may be no memory for both."""
    toml = on_demand("toml_subset")
    missing = sorted(checked)
    changed = {}
    for number, line in enumerate(toml_lines.lines(path)):
        if number % _LINES_A_STEP == 0:
            yield
        try:
            parsed = toml.parse_line(line)
        except ValueError:
            parsed = toml_lines.key_of(line), None, line.find("=") + 1, len(line.rstrip())
        if parsed and parsed[0] in missing:
            key, _, start, stop = parsed
            missing.remove(key)
            changed[number] = line[:start] + toml.encode(checked[key]) + line[stop:]
    return changed, [key + " = " + toml.encode(checked[key]) + "\n" for key in missing]


def _lines_with(lines, changed, added):
    """The lines of the file as bytes, some of them changed, some added."""
    end = "\n"
    for number, line in enumerate(lines):
        end = line[-1:]
        yield changed.get(number, line).encode()
    if added and end != "\n":
        yield b"\n"
    for line in added:
        yield line.encode()
