"""Makes the copy of settings.toml without its secrets."""

from ..on_demand import on_demand

toml = on_demand("toml_subset")
lines = on_demand("toml_lines").lines


def is_secret(settings, key):
    """Whether the values of that key must not leave the board. A key that the app doesn't know is
    judged by its name."""
    return key in settings.secrets or key not in settings.values and toml.looks_secret(key)


def public_values(settings):
    """The lines of a file with what anybody may read (a generator): lines of the file itself may
    hold secrets in comments, and in values of keys that the app doesn't know."""
    yield "# Made without a login: comments and other keys are left out.\n"
    for key in sorted(settings.values):
        if key not in settings.secrets:
            yield key + " = " + toml.encode(settings.values[key]) + "\n"


def backup(settings):
    """The lines of the file (a generator). Values of secrets are replaced by an empty text, also in
    lines that are commented out; lines that cannot be read are left out."""
    for line in lines(settings.path):
        code = line.strip()
        mark = ""
        while code.startswith("#"):
            mark = "# "
            code = code[1:].strip()
        try:
            parsed = toml.parse_line(code)
            if parsed and is_secret(settings, parsed[0]):
                line = mark + parsed[0] + ' = ""\n'
        except ValueError:
            # Prose stays; a damaged line may hold a secret.
            if not mark or "=" in code and toml.looks_secret(code[: code.find("=")]):
                line = "# A line was left out here.\n"
        yield line
