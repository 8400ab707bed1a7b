"""4096 bytes that survive everything, in a file beside the drive."""

from . import host, power

_SIZE = 4096
_FILE = "nvm.bin"


class ByteArray:
    def __init__(self):
        self._folder = host.Folder(power.state_folder)
        try:
            with self._folder.open(_FILE, "rb") as file:
                self._content = bytearray(file.read())
        except OSError:
            self._content = bytearray()
        missing = _SIZE - len(self._content)
        if missing:
            self._content += b"\xff" * missing

    def __bool__(self):
        return True

    def __len__(self):
        return _SIZE

    def __getitem__(self, index):
        return self._content[index]

    def __setitem__(self, index, value):
        self._content[index] = value
        if len(self._content) != _SIZE:
            self._content = self._content[:_SIZE]
            raise ValueError("Slice and value different lengths.")
        with self._folder.open(_FILE, "wb") as file:
            file.write(self._content)
