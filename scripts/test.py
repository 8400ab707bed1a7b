"""Runs the test suite, after setting up all that it needs. Further arguments go to pytest."""

import os
import subprocess
import sys

from toolkit import environment

_HELP = """usage: test.py [--fast] [pytest arguments]

Runs the test suite; sets up what it needs first. `test.py tests/app -k recorder` runs a part of it.
Several tests run at once unless files or folders are named; those that must run alone follow.

  --fast   the tests for daily work: some minutes
  -h       this text; `pytest --help` in .venv/bin has the options of pytest"""

_WORKERS_PER_PROCESSOR = 3  # tests wait for boards and browsers most of the time
_NOTHING_FOUND = 5  # pytest's exit code when it selected no tests


def main():
    arguments = sys.argv[1:]
    if "-h" in arguments or "--help" in arguments:
        print(_HELP)
        return
    environment.ensure(tests=True)
    os.chdir(environment.ROOT)
    marks = []
    if "--fast" in arguments:
        arguments.remove("--fast")
        marks = ["(daily or not slow)"]
    named = any(os.path.exists(argument.partition("::")[0]) for argument in arguments)
    if named or "-m" in arguments:
        sys.exit(_run(arguments, marks))
    workers = _WORKERS_PER_PROCESSOR * (os.cpu_count() or 1)
    together = ["-n", str(workers), "--dist", "worksteal"]
    codes = {
        _run([*together, *arguments], [*marks, "not alone"]),
        _run(arguments, [*marks, "alone"]),
    }
    sys.exit(max(map(abs, codes - {_NOTHING_FOUND}), default=_NOTHING_FOUND))


def _run(arguments, marks):
    """Run pytest in a process of its own; returns its exit code."""
    if marks:
        arguments = ["-m", " and ".join(marks), *arguments]
    # Without this folder in the path: the board's code.py must not come in place of Python's own
    # module `code`.
    program = "import sys; del sys.path[0]; import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    try:
        return subprocess.run([sys.executable, "-c", program, *arguments], check=False).returncode
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
