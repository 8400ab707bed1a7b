"""The lines of settings.toml with new values."""

from ..on_demand import on_demand

toml = on_demand("toml_subset")
lines = on_demand("toml_lines").lines


def with_values(path, checked):
    """The lines of the file as bytes, with new values in the place of old ones; keys that it
    lacks follow at its end."""
    missing = sorted(checked)
    end = "\n"
    for line in lines(path):
        end = line[-1:]
        try:
            parsed = toml.parse_line(line)
        except ValueError:
            parsed = key_of(line), None, line.find("=") + 1, len(line.rstrip())
        if parsed and parsed[0] in missing:
            key, _, start, stop = parsed
            missing.remove(key)
            line = line[:start] + toml.encode(checked[key]) + line[stop:]
        yield line.encode()
    if missing and end != "\n":
        yield b"\n"
    for key in missing:
        yield (key + " = " + toml.encode(checked[key]) + "\n").encode()


def key_of(line):
    """The key of a line that can't be read."""
    return line[: max(0, line.find("="))].strip()
