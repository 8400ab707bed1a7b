"""How a script ends when something is wrong: one line, no traceback."""

import argparse
import os
import sys
from pathlib import Path

from .plain_text import plain


class ToolkitError(SystemExit):
    """Something the person at the computer has to put right; the message says what.

    Where nothing catches it the program ends with exit code 1 and the message on stderr, without a traceback.
    """

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message

    def __str__(self):
        return self.message


def fail(message) -> None:
    """End the script with exit code 1 and one line on stderr."""
    print(f"{Path(sys.argv[0]).name}: {plain(message)}", file=sys.stderr)
    sys.exit(1)


def folder(text, what="folder"):
    """Return the path that an option names; for argparse. An empty text, as of an unset variable, is none."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"a {what} is needed; this is empty")
    return Path(text)


def file(text):
    """The same for a file."""
    return folder(text, "file")


def run(main) -> None:
    """Run a script's `main`: what the person can put right becomes one clear line, Ctrl-C a quiet end."""
    sys.stdout.reconfigure(
        errors="replace"
    )  # what a terminal or a redirection on Windows can't show
    try:
        try:
            main()
        finally:
            sys.stdout.flush()
    except ToolkitError as error:
        fail(error.message)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has had enough. Python would complain of it again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
