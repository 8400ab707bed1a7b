"""A board whose power is cut: runs in MicroPython, its drive is FatFs on a FlashDrive.

Takes commands as lines of JSON from stdin and answers each with a line of JSON after "@" on
stdout. File names in commands are those of the computer. Images are files of 1016 sectors.
"""

import binascii
import hashlib
import json
import os
import sys

import app_on_drive
import board_modules
import flash_costs
import operations
import vfs
from flash_drive import FlashDrive

_FOLDER = 0x4000
_COMPUTER = "/computer"  # where the computer's files are

_flash = FlashDrive()


def _mount():
    vfs.mount(vfs.VfsFat(_flash), "/")


def _load(image):
    with open(_COMPUTER + image, "rb") as file:
        file.readinto(_flash.image)
    vfs.umount("/")
    _mount()
    _flash.begin_record()


def _save_record(target):
    with open(_COMPUTER + target, "wb") as file:
        file.write(b"".join(_flash.record))


def _read(path):
    """The content of a file on the drive, None when there is none."""
    try:
        with open("/" + path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _entries(folder):
    for entry in os.ilistdir("/" + folder):
        if folder or entry[0] != _COMPUTER[1:]:
            yield entry


def _tree(folder=""):
    """(path, is a folder) of all that is on the drive."""
    for name, kind, *_ in _entries(folder):
        path = folder + "/" + name if folder else name
        yield path, kind == _FOLDER
        if kind == _FOLDER:
            yield from _tree(path)


def _snapshot(wanted):
    """What is on the drive: SHA-256 by path, contents of files whose path starts as wanted, the
    empty folders."""
    digests = {}
    contents = {}
    folders = set()
    for path, is_folder in _tree():
        if is_folder:
            folders.add(path)
            continue
        content = _read(path)
        digests[path] = binascii.hexlify(hashlib.sha256(content).digest()).decode()
        if any(path.startswith(start) for start in wanted):
            contents[path] = binascii.b2a_base64(content).decode().strip()
    for path in list(digests) + list(folders):
        folders.discard(path.rpartition("/")[0])
    return {"digests": digests, "contents": contents, "empty_folders": sorted(folders)}


def make(image, folder, files, first_free_cluster=0):
    """Format a drive, put files of the computer on it and old recordings before the first free
    cluster that is wanted."""
    vfs.VfsFat.mkfs(_flash)
    vfs.umount("/")
    _mount()
    for path in files:
        at = path.find("/")
        while at > 0:
            try:
                os.mkdir("/" + path[:at])
            except OSError:
                pass
            at = path.find("/", at + 1)
        with open(_COMPUTER + folder + "/" + path, "rb") as source:
            content = source.read()
        with open("/" + path, "wb") as target:
            target.write(content)
    number = 0
    while True:
        status = os.statvfs("/")
        used = status[2] - status[3]
        missing = first_free_cluster - 2 - used
        if missing <= 0:
            break
        number += 1
        with open("/data/boot-%d.csv" % number, "wb") as target:
            target.write(b"seconds,first,second,third\n")
            while target.tell() < min(missing, 100) * 512 - 20:
                target.write(b"%06d,1.0,1.000,%d\n" % (target.tell(), number))
    with open(_COMPUTER + image, "wb") as target:
        target.write(_flash.image)
    return {"clusters": used}


def operate(image, record, name, uploads=()):
    """Run one of the operations on the drive; its writes go to `record`."""
    _switch_on(image)
    board_modules.microcontroller.nvm.note = _flash.note
    operations.run(name, _flash, _read, _received(uploads), _boot)
    _flash.sync()
    _save_record(record)
    names = ("events", "erases", "fat_erases")
    return {name: getattr(_flash, name) for name in names}


def _switch_on(image):
    """A board with that drive: nothing is imported yet, its non-volatile memory is empty."""
    _load(image)
    app_on_drive.forget_modules()
    board_modules.microcontroller.nvm = board_modules.Nvm()


def _received(uploads):
    """The uploads with contents in place of names of files."""
    received = []
    for path, file, headers in uploads:
        content = None  # of a file that is to go
        if file is not None:
            with open(_COMPUTER + file, "rb") as source:
                content = source.read()
        received.append((path, content, headers))
    return received


def measure(image, uploads):
    """How often the flash is erased by what the app does after boot.py, see flash_costs.py."""
    _switch_on(image)
    error = _boot()
    if error:
        raise RuntimeError(error)
    return {"found": flash_costs.measure(_flash, _received(uploads))}


def power_up(image, record, wanted, nvm=()):
    """Run the drive's own boot.py, then what the app finishes at its start. The start before did
    not run for a minute. nvm: [place, value] of the non-volatile memory."""
    _switch_on(image)
    for place, value in nvm:
        board_modules.microcontroller.nvm[place] = value
    board_modules.microcontroller.nvm[16] = 1
    error = _boot()
    if (_read("update/state") or b"").startswith((b"committed", b"proven")):
        app_on_drive.Board().settle()
    _save_record(record)
    return {"error": error, "written": _flash.written, "drive": _snapshot(wanted)}


def _boot():
    """Run boot.py; returns what it raised as text, None for nothing."""
    try:
        exec((_read("boot.py") or b"").decode(), {"__name__": "__main__"})  # noqa: S102 - as the board does
    except Exception as problem:  # noqa: BLE001 - a damaged boot.py may do anything
        return repr(problem)
    return None


def live_on(record, wanted):
    """After `power_up`: what a board does then."""
    _flash.begin_record()
    found = operations.live_on()
    _save_record(record)
    found["drive"] = _snapshot(wanted)
    return found


def main():
    vfs.mount(vfs.VfsPosix(), _COMPUTER)
    vfs.VfsFat.mkfs(_flash)
    vfs.umount("/")
    _mount()
    board_modules.install(_flash.sync)
    sys.path[:] = ["/lib", ".frozen"]
    commands = {
        function.__name__: function for function in (make, operate, measure, power_up, live_on)
    }
    for line in sys.stdin:
        command = json.loads(line)
        try:
            result = commands[command.pop("do")](**command)
        except Exception as error:  # noqa: BLE001 - told to the computer
            sys.print_exception(error)
            result = {"failed": repr(error)}
        print("@" + json.dumps(result))


main()
