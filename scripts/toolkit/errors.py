"""The one exception of the toolkit, and how a script ends with it."""

import sys

from . import environment


class ToolkitError(SystemExit):
    """Something the person at the computer has to put right; the message says what.

    Where nothing catches it the program ends with exit code 1 and the message on stderr, without a traceback.
    """

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message

    def __str__(self):
        return self.message


def run(main) -> None:
    """Run a script's `main`: its ToolkitError becomes one clear line, Ctrl-C a quiet end."""
    try:
        main()
    except ToolkitError as error:
        environment.fail(error.message)
    except KeyboardInterrupt:
        sys.exit(130)
