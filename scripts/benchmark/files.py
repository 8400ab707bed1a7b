"""The folder that the servers serve from."""

import random
import shutil
import tempfile
from pathlib import Path

from .device import work


class Files:
    """`with Files() as files:` has `files.folder`, and the content of its one file as `files.data`."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.data = random.Random(1).randbytes(work.FILE_SIZE)
        (self.folder / work.FILE_NAME).write_bytes(self.data)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        shutil.rmtree(self.folder, ignore_errors=True)
