"""The settings of a board on which a proof runs: the project's own, with some of them chosen."""

from toolkit import settings_toml
from toolkit.errors import ToolkitError
from toolkit.payload import assembly


def write(file, values):
    """Make a settings.toml of the template and {name: value}; ToolkitError for an unknown name."""
    left = dict(values)
    lines = []
    for line in settings_toml.lines(assembly.settings_template().decode()):
        key = settings_toml.key_of(line)
        lines.append(settings_toml.with_value(line, left.pop(key)) if key in left else line)
    for name in left:
        raise ToolkitError(f"there is no setting {name}")
    file.write_text("\n".join(lines) + "\n", "utf-8")
