"""circup, for the libraries on the drive that come from Adafruit's bundle."""

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from .. import environment
from ..errors import ToolkitError

# The bundles may have a library called like one of the project's own: circup then leaves the project's alone. And circup
# itself ends in a long traceback when the network fails. Names and versions on the drive may be anything.
_PROGRAM = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from circup import commands, main
from requests.exceptions import RequestException
from toolkit.plain_text import plain
class Shown:
    def __init__(self, stream):
        self.flush = stream.flush
        self._stream = stream
    def write(self, text):
        if not isinstance(text, str):
            raise TypeError
        return self._stream.write(plain(text))
sys.stdout, sys.stderr = Shown(sys.stdout), Shown(sys.stderr)
own = set(sys.argv.pop(1).split(","))
find_all = commands.find_modules
def find_others(*arguments):
    return [one for one in find_all(*arguments) if one.name not in own]
commands.find_modules = find_others
try:
    main()
except RequestException as error:
    sys.exit(f"circup got no answer from {error.request.url if error.request else 'the network'}")
"""


def update(root: Path, all_at_once: bool | None = None, options: Sequence[str] = ()) -> None:
    """Let circup list the libraries on the drive that have a newer version, and update them.

    It asks about each; with `all_at_once` (the default when nobody is at a terminal) about none. `options` are those
    that circup takes before its command.
    """
    if all_at_once is None:
        all_at_once = not sys.stdin.isatty()
    _circup([*options, "--path", str(root)], "list")
    _circup([*options, "--path", str(root)], "update", *(["--all"] if all_at_once else []))


def hint(edited: Iterable[PurePosixPath]) -> str:
    """Return what to tell where circup, used by hand, has put another library in the place of one of the project's."""
    names = [str(path) for path in edited if path.parent.name == "lib" and path.stem in _own()]
    if not names:
        return ""
    return (
        f"{names[0]} is this project's; circup takes it for another library of that name. "
        "Update what came from the bundle with deploy.py --update-libs."
    )


def _own() -> list[str]:
    """Return the names of the project's own libraries."""
    return [file.stem for file in sorted((environment.ROOT / "lib").iterdir())]


def _circup(options: list[str], *command: str) -> None:
    """Run circup with its output shown. Raises ToolkitError when it fails."""
    program = [sys.executable, "-c", _PROGRAM, str(environment.ROOT / "scripts"), ",".join(_own())]
    result = subprocess.run([*program, *options, *command], check=False)
    if result.returncode:
        raise ToolkitError(
            f"circup {command[0]} failed (see above). The drive works as before; without a network nothing is updated."
        )
