"""A copy of settings.toml without its secrets. Used on demand."""

from ..on_demand import on_demand

toml = on_demand("toml_subset")
lines = on_demand("toml_lines").lines


def is_secret(settings, key):
    """Whether the values of that key stay on the board: also of a key that the app doesn't know,
    when its name says so."""
    return key in settings.secrets or key not in settings.values and toml.looks_secret(key)


def backup(settings):
    """The lines of the file as bytes, the values of secrets replaced by an empty text; also of
    secrets in lines that are commented out, and whole lines that cannot be read."""
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
            # A comment in prose stays; what may be a damaged line with a secret does not.
            if not mark or "=" in code and toml.looks_secret(code[: code.find("=")]):
                line = "# A line was left out here.\n"
        yield line.encode()
