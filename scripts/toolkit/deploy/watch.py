"""Deploying again whenever a file of the project is saved."""

from watchfiles import watch

from .. import environment, manifest
from ..errors import ToolkitError
from ..plain_text import plain
from ..terminal import console, errors

WATCHED = ("www", "lib", *manifest.PROGRAMS, "settings.toml")


def run(deploy, stop=None) -> None:
    """Call `deploy()` after every change, until Ctrl-C or until `stop` (a threading.Event) is set.

    What fails, such as a mistake in a page, is shown, and the next change tries again.
    """
    paths = [environment.ROOT / name for name in WATCHED if (environment.ROOT / name).exists()]
    console.print("Watching for changes; Ctrl-C ends.")
    for changes in watch(*paths, stop_event=stop):
        names = sorted({str(path) for _, path in changes})
        console.print(f"Changed: {_shown(names)}", markup=False, soft_wrap=True)
        try:
            deploy()
        except (ToolkitError, OSError) as error:  # also a file that an editor is just replacing
            errors.print(plain(str(error)), style="red", markup=False, soft_wrap=True)
            errors.print("Still watching.")


def _shown(names: list[str]) -> str:
    prefix = str(environment.ROOT)
    return ", ".join(name.removeprefix(prefix).lstrip("/\\") for name in names)
