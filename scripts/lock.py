"""Pin all Python packages: make each requirements.txt, with all that the packages depend on and their hashes, from its .in file."""

import argparse
import shutil
import subprocess

from toolkit import environment, errors

# (file, further options); what the scripts need counts for the tests too.
_FILES = (
    ("scripts/requirements", ()),
    ("scripts/benchmark/requirements", ("-c", "scripts/requirements.txt")),
    ("tests/requirements", ("-c", "scripts/requirements.txt")),
    ("scripts/requirements-without-dependencies", ("--no-deps",)),
    ("scripts/benchmark/requirements-without-dependencies", ("--no-deps",)),
    ("tests/requirements-without-dependencies", ("--no-deps",)),
    ("scripts/device-requirements", ("--no-deps",)),
    ("scripts/node-requirements", ("--no-deps",)),
)
_OPTIONS = ("--universal", "--python-version", "3.10", "--generate-hashes", "--no-config", "-q")
_COMMAND = "python3 scripts/lock.py"


def main():
    parser = argparse.ArgumentParser(description=__doc__, epilog="Needs uv (pip install uv).")
    parser.add_argument(
        "--upgrade", action="store_true", help="also take the newest of what only others depend on"
    )
    options = parser.parse_args()
    uv = shutil.which("uv")
    if uv is None:
        errors.fail("uv is needed and not found (pip install uv).")
    for name, more in _FILES:
        command = [uv, "pip", "compile", *_OPTIONS, *more, f"{name}.in", "-o", f"{name}.txt"]
        command += ["--custom-compile-command", _COMMAND]
        if options.upgrade:
            command.append("--upgrade")
        if subprocess.run(command, cwd=environment.ROOT, check=False).returncode:
            errors.fail(f"{name}.txt could not be made (see above).")
        print(f"Written: {name}.txt", flush=True)


if __name__ == "__main__":
    errors.run(main)
