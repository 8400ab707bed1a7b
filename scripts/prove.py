"""Proves what the README claims, by trying: power cuts, abuse, a long run."""

import argparse
import os
import shutil

from toolkit import environment, errors

_EPILOG = """\
Each prints what it did and found, and ends with exit code 1 when something failed. All servers listen on 127.0.0.1
only. The jitter of a program beside the server, and other servers in comparison, are measured by bench.py."""

_FEWEST_REQUESTS = 2000


def main():
    arguments = _arguments()
    for command, package in arguments.needs.items():
        if not _find(command):
            errors.fail(f"{command} is needed and not found (Debian: apt install {package}).")
    environment.ensure()
    from proof import commands

    try:
        found = getattr(commands, arguments.run)(arguments)
    except KeyboardInterrupt:
        errors.fail("interrupted")
    if found:
        errors.fail(f"{found} failed")


def _find(command):
    return shutil.which(command, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def _arguments():
    parser = argparse.ArgumentParser(
        prog="prove.py",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    cuts = commands.add_parser(
        "power-cuts",
        help="cut the power after every sector write of every operation that writes to the drive",
        description="The app's own storage code runs in MicroPython on FatFs, the board's own file system code. Power "
        "is cut after every single sector write, also in the middle of boot.py's repair; then the drive must mount, "
        "pass fsck.fat, and hold what the app has promised.",
    )
    cuts.add_argument(
        "--quick", action="store_true", help="one drive layout, some of the cuts in the repair"
    )
    cuts.add_argument(
        "--only", metavar="NAME", help="only operations whose name holds this, such as deploy"
    )
    cuts.set_defaults(run="power_cuts", needs={"fsck.fat": "dosfstools"})
    flash = commands.add_parser(
        "flash",
        help="count how often the flash is erased by what the app does",
        description="The app's own storage code runs in MicroPython on FatFs, above CircuitPython's cache of one block "
        "of 4 KB. Prints for a saved setting, the recorder, deployment and deletion how many blocks are erased, how "
        "often the one with FAT and root directory, and for how long the board stands still at most.",
    )
    flash.set_defaults(run="flash", needs={})
    memory = commands.add_parser(
        "memory",
        help="tell what each module of the app keeps in memory until it runs",
        description="Starts the app on a simulated board in MicroPython, with memory in abundance, and prints what each "
        "import keeps, without what its own imports keep.",
    )
    memory.set_defaults(run="memory", needs={})
    rescue = commands.add_parser(
        "rescue",
        help="break a board in many ways and mend it over Wi-Fi",
        description="Each file of the payload is damaged by an update, each setting gets a hostile value, sensors fail in "
        "every way, the drive holds what nobody expects, and the power fails during an update and its trial. After each, "
        "the code of deploy.py must bring the board back over Wi-Fi.",
    )
    rescue.add_argument("--only", metavar="TEXT", help="only ways whose kind and name hold this")
    rescue.add_argument("--every", type=int, default=1, metavar="N", help="only each N-th way")
    rescue.add_argument("--jobs", type=int, default=2, metavar="N", help="boards at once")
    rescue.add_argument("--vm", choices=("cpython", "micropython"), default="cpython")
    rescue.set_defaults(run="rescue", needs={})
    abuse = commands.add_parser(
        "abuse",
        help="attack a simulated board while a person looks at its pages",
        description="Slow clients, floods, half-requests, oversized requests and a port scanner's probes against the "
        "app in MicroPython with a Pico W's memory and sockets. A person's requests must be answered within 3 s "
        "throughout, and afterwards the board must be as before.",
    )
    abuse.add_argument("--quick", action="store_true", help="5 s for each attack in place of 60")
    abuse.add_argument("--only", metavar="NAME", help="only attacks whose name holds this")
    soak = commands.add_parser(
        "soak",
        help="ask the app for everything, very often, while it records",
        description="200,000 requests of a realistic mix to the app in MicroPython with a Pico W's memory: pages, "
        "values, recordings, log, settings, with recording on and two pages listening to its events. Afterwards "
        "no error, no file and no socket may be left, and free memory must be what it was after the first 1,000.",
    )
    soak.add_argument(
        "--requests", type=_requests, default=200_000, metavar="N", help="default: 200000"
    )
    for command in (memory, abuse, soak):
        command.add_argument(
            "--set",
            metavar="NAME=VALUE",
            action="append",
            default=[],
            type=_setting,
            help="a setting of the board, such as SENSORS='bme280 ds18b20:GP4'; what it chooses is attached (repeatable)",
        )
    soak.set_defaults(run="soak", needs={})
    abuse.set_defaults(run="abuse", needs={"slowhttptest": "slowhttptest", "wrk": "wrk"})
    return parser.parse_args()


def _requests(text):
    count = int(text) if text.isdigit() else 0
    if count < _FEWEST_REQUESTS:
        raise argparse.ArgumentTypeError(f"not a number from {_FEWEST_REQUESTS} upwards")
    return count


def _setting(text):
    name, separator, value = text.partition("=")
    if not (name and separator):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, int(value) if value.isdigit() else value


if __name__ == "__main__":
    errors.run(main)
