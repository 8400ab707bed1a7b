"""Makes the copy of settings.toml without its secrets."""

from ..on_demand import on_demand

toml = on_demand("toml_subset")
lines = on_demand("toml_lines").lines


def is_secret(settings, key):
    """Whether the values of that key must not leave the board. A key that the app doesn't know is
    judged by its name."""
    return key in settings.secrets or key not in settings.values and toml.looks_secret(key)


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
