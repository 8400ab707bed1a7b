"""A file of JSON through which a running simulation is steered by hand; conditions.DEFAULTS has the
names."""

import json

from . import conditions


class ControlFile:
    def __init__(self, path):
        self.path = path
        self._seen = None
        self._applied = dict(conditions.DEFAULTS)

    def changes(self):
        """The conditions changed in the file since the last call. Raises ValueError for what can't
        be used."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except OSError:
            return {}
        if text == self._seen:
            return {}
        self._seen = text
        try:
            wanted = json.loads(text)
        except ValueError as error:
            raise ValueError(f"not JSON: {error}") from None
        if not isinstance(wanted, dict):
            raise ValueError('not a JSON object such as {"usb": "mounted"}')
        conditions.check(wanted)
        changed = {name: value for name, value in wanted.items() if value != self._applied[name]}
        self._applied.update(changed)
        return changed
