"""Say what the payload takes on the board's drive, to the cluster, and what is left for data."""

import argparse
import json
import re
import sys

from toolkit import environment, errors
from toolkit.budget.drive_sizes import KILOBYTES

EXAMPLES = (
    "A drive is the name of a board ("
    + ", ".join(KILOBYTES)
    + ") or its size in KB or MB: 508KB, 2.5MB."
)


def drive_size(text):
    """Return the size of a drive in KB."""
    if text in KILOBYTES:
        return KILOBYTES[text]
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(KB|MB)", text, re.IGNORECASE)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a board nor a size. {EXAMPLES}")
    return int(float(match.group(1)) * (1024 if match.group(2).upper() == "MB" else 1))


def kilobytes(text):
    """Return a whole number of KB, 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of KB from 0")
    return int(text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, epilog=EXAMPLES)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--drive", type=drive_size, default="pico-w", metavar="DRIVE", help="default: pico-w"
    )
    parser.add_argument(
        "--reserve",
        type=kilobytes,
        metavar="KB",
        help="fail when less than this is left for data (default: what settings.toml keeps free)",
    )
    return parser.parse_args()


def main():
    options = arguments()
    environment.ensure()
    from toolkit import terminal
    from toolkit.budget import recording_days, report, shares
    from toolkit.payload import assembly, mpy

    settings = assembly.settings_template().decode()
    if not mpy.is_available():
        terminal.progress("Without the compiler mpy-cross: the modules count as .py.")
    contents = assembly.collect(terminal.progress)
    contents[assembly.SETTINGS] = settings.encode()
    sizes = {path: len(content) for path, content in contents.items()}
    reserve = (
        recording_days.reserve(settings) if options.reserve is None else options.reserve * 1024
    )
    try:
        result = shares.calculate(sizes, options.drive)
    except ValueError as error:
        raise errors.ToolkitError(f"This can't be put on the drive: {error}.") from None
    problems = shares.problems(result, sizes, reserve)
    if options.json:
        print(json.dumps(report.as_dict(result, settings, reserve, problems), indent=2))
    else:
        report.show(result, settings, reserve)
    for problem in problems:
        print(f"check_budget.py: {problem}", file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    errors.run(main)
