"""Runs the test suite, after setting up all that it needs. Further arguments go to pytest."""

import os
import sys

from toolkit import environment

_HELP = """usage: test.py [--fast] [pytest arguments]

Runs the test suite; sets up what it needs first. `test.py tests/app -k recorder` runs a part of it.

  --fast   the tests for daily work: under a minute
  -h       this text; `pytest --help` in .venv/bin has the options of pytest"""


def main():
    arguments = sys.argv[1:]
    if "-h" in arguments or "--help" in arguments:
        print(_HELP)
        return
    environment.ensure(tests=True)
    if "--fast" in arguments:
        arguments.remove("--fast")
        arguments = ["-m", "daily or not slow", *arguments]
    # Not `python -m pytest`: that would import the board's code.py in place of Python's own module
    # `code`.
    import pytest

    os.chdir(environment.ROOT)
    sys.exit(pytest.main(arguments))


if __name__ == "__main__":
    main()
