"""The settings of a board on which a proof runs: the project's own, with some of them chosen."""

import json
import re

from toolkit.errors import ToolkitError
from toolkit.payload import assembly


def write(file, values):
    """Make a settings.toml of the template and {name: value}; ToolkitError for an unknown name."""
    text = assembly.settings_template().decode()
    for name, value in values.items():
        line = f"{name} = {json.dumps(value)}"
        text, count = re.subn(
            rf"^{re.escape(name)} = .*$", lambda _, line=line: line, text, flags=re.MULTILINE
        )
        if not count:
            raise ToolkitError(f"there is no setting {name}")
    file.write_text(text, "utf-8")
