"""Bytes that survive what the program does not, in files beside the drive."""

from . import host, power

NVM = "nvm.bin"  # survives everything
SLEEP = "sleep.bin"  # survives resets, not the loss of power


class ByteArray:
    def __init__(self, name, size, fresh):
        """fresh: value of all bytes at first."""
        self._name = name
        self._size = size
        self._folder = host.Folder(power.state_folder)
        try:
            with self._folder.open(name, "rb") as file:
                self._content = bytearray(file.read())
        except OSError:
            self._content = bytearray()
        if len(self._content) != size:
            self._content += bytes((fresh,)) * (size - len(self._content))
            self._create()

    def __bool__(self):
        return True

    def __len__(self):
        return self._size

    def __getitem__(self, index):
        return self._content[index]

    def __setitem__(self, index, value):
        self._content[index] = value
        if len(self._content) != self._size:
            self._content = self._content[: self._size]
            raise ValueError("Slice and value different lengths.")
        # In place: what reads beside the board, or after it was switched off in the middle, finds
        # all bytes.
        with self._folder.open(self._name, "r+b") as file:
            file.write(self._content)

    def _create(self):
        with self._folder.open(self._name + ".new", "wb") as file:
            file.write(self._content)
        self._folder.rename(self._name + ".new", self._name)
