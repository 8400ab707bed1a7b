"""`hashlib`: sha1 and sha256."""

from core.host import new_hash as _new_hash

_SIZES = {"sha1": 20, "sha256": 32}


class Hash:
    def __init__(self, name, data):
        self._native = _new_hash(name)
        self._size = _SIZES[name]
        self._native.update(data)
        self._digest = None

    @property
    def digest_size(self):
        return self._size

    def update(self, data):
        self._native.update(data)

    def digest(self):
        # MicroPython's hash is used up by this.
        if self._digest is None:
            self._digest = self._native.digest()
        return self._digest


def new(name, data=b""):
    if name not in _SIZES:
        raise ValueError("Unsupported hash algorithm")
    return Hash(name, data)
