"""Results that take long to make, kept below build/ under what they were made from."""

import hashlib
import os

from . import environment

_DIGEST_SIZE = hashlib.sha256().digest_size


class BuildCache:
    """A folder of results. `recipe` names how they are made: tools, versions, options."""

    def __init__(self, name: str, recipe: bytes):
        self._folder = environment.BUILD / name
        self._recipe = recipe

    def find(self, source: bytes) -> bytes | None:
        """Return what was made of `source` before; None when it wasn't, or when what was kept is damaged."""
        try:
            kept = self._file(source).read_bytes()
        except FileNotFoundError:
            return None
        digest, result = kept[:_DIGEST_SIZE], kept[_DIGEST_SIZE:]
        return result if hashlib.sha256(result).digest() == digest else None

    def keep(self, source: bytes, result: bytes) -> None:
        """Keep `result` as what is made of `source`; several processes may do so at once."""
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / f"{os.getpid()}.partial"
        partial.write_bytes(hashlib.sha256(result).digest() + result)
        partial.replace(self._file(source))

    def _file(self, source: bytes):
        recipe = hashlib.sha256(self._recipe).digest()
        return self._folder / hashlib.sha256(recipe + source).hexdigest()
