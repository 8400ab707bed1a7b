"""Runs the test suite, after setting up all that it needs. Further arguments go to pytest."""

import os
import sys

from toolkit import environment

_HELP = """usage: test.py [--fast] [pytest arguments]

Runs the test suite; sets up what it needs first. `test.py tests/app -k recorder` runs a part of it.
Several tests run at once unless files or folders are named.

  --fast   the tests for daily work: under a minute
  -h       this text; `pytest --help` in .venv/bin has the options of pytest"""

_WORKERS_PER_PROCESSOR = 2  # tests wait for boards and browsers most of the time


def main():
    arguments = sys.argv[1:]
    if "-h" in arguments or "--help" in arguments:
        print(_HELP)
        return
    environment.ensure(tests=True)
    if "--fast" in arguments:
        arguments.remove("--fast")
        arguments = ["-m", "daily or not slow", *arguments]
    os.chdir(environment.ROOT)
    if not any(os.path.exists(argument.partition("::")[0]) for argument in arguments):
        workers = _WORKERS_PER_PROCESSOR * (os.cpu_count() or 1)
        arguments = ["-n", str(workers), "--dist", "worksteal", *arguments]
    # Not `python -m pytest`: that would import the board's code.py in place of Python's own module
    # `code`.
    import pytest

    sys.exit(pytest.main(arguments))


if __name__ == "__main__":
    main()
