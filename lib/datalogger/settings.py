"""The values of the settings. Where they come from and how they are checked: settings_file.py."""

from .on_demand import on_demand


class SettingError(ValueError):
    """A value that a setting cannot have; `field` is the setting's key ("" for no single one)."""

    def __init__(self, field, text):
        super().__init__(text)
        self.field = field


class Settings:
    """The values by key, as `settings["FLUSH_SECONDS"]`: always valid, defaults where the file
    says nothing or nonsense.

    `values` is the dict of them, `path` the file, `secrets` the keys whose values stay on the
    board. `default_password` tells whether a password is still one that everybody knows;
    `revision` grows with each change.
    """

    def __init__(self, log, path="/settings.toml"):
        """log: a Log for what is wrong with the file; path: where it is."""
        self._log = log
        self.path = path
        self.revision = 0
        self.default_password = False
        self.values, self.secrets, self._known_passwords, self._at_start = on_demand(
            "settings_file"
        ).load(path, log)
        self.take({})

    def __getitem__(self, key):
        return self.values[key]

    def restart_needed(self):
        """Whether a changed setting waits for the next start."""
        for key in self._at_start:
            if self.values[key] != self._at_start[key]:
                return True
        return False

    def take(self, checked):
        """Use these values, which have been checked, from now on."""
        self.values.update(checked)
        self.revision += 1
        self.default_password = False
        for key in self._known_passwords:
            if self.values[key] == self._known_passwords[key]:
                self.default_password = True
        self._log.set_level(self.values["LOG_LEVEL"])
