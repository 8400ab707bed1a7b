"""The values of the settings. rare/settings_file.py reads them."""

from .on_demand import on_demand


class SettingError(ValueError):
    """A value that a setting cannot have; `field` is the setting's key ("" for no single one)."""

    def __init__(self, field, text):
        super().__init__(text)
        self.field = field


class Settings:
    """The values by key, as `settings["FLUSH_SECONDS"]`: always valid, defaults where the file
    says nothing or nonsense. Passwords fail closed: in the place of one that can't be used comes
    the latest good one, and where that isn't known ADMIN_PASSWORD is None, which fits nothing.

    `values` is the dict of them, `path` that of the file, `nvm` the non-volatile memory, `secrets` the keys whose values never
    leave the board. `default_passwords` has the keys of those that are still the default, which everybody
    knows; `revision` grows with each change.
    """

    def __init__(self, log, path="/settings.toml", nvm=None):
        """log: a Log for what is wrong with the file; path: where it is; nvm: microcontroller.nvm,
        which knows the latest good passwords."""
        self._log = log
        self.path = path
        self.nvm = nvm
        self.saving = False  # whether the file is being written
        self.revision = 0
        self.default_passwords = ()
        self.values, self.secrets, self._known_passwords, self._at_start = on_demand(
            "settings_file"
        ).load(path, log, nvm)
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
        known = self._known_passwords
        found = [key for key in known if self.values[key] == known[key]]
        if found != self.default_passwords:  # else what is kept would move with each change
            self.default_passwords = found
        self._log.set_level(self.values["LOG_LEVEL"])
