"""`os`: what CircuitPython has of it, on the simulated drive."""

from core import board_drive, clock, host, power, settings_file

sep = "/"


class _Uname(tuple):
    @property
    def sysname(self):
        return self[0]

    @property
    def nodename(self):
        return self[1]

    @property
    def release(self):
        return self[2]

    @property
    def version(self):
        return self[3]

    @property
    def machine(self):
        return self[4]


def uname():
    release = "%d.%d.%d" % tuple(power.version)
    return _Uname(
        ("rp2040", "rp2040", release, release + " on 2026-07-01", "Raspberry Pi Pico W with rp2040")
    )


def getenv(key, default=None):
    """The text stored under the key in settings.toml, read anew at every call."""
    value = settings_file.value(key)
    if value is None:
        return default
    if isinstance(value, str):
        return value
    raise ValueError("Expected quoted string")


def listdir(path=""):
    return [entry[0] for entry in board_drive.drive.ilistdir(path or getcwd())]


def chdir(path):
    board_drive.drive.chdir(path)


def getcwd():
    return board_drive.drive.getcwd()


def mkdir(path):
    board_drive.drive.mkdir(path)


def remove(path):
    board_drive.drive.remove(path)


unlink = remove


def rename(old_path, new_path):
    board_drive.drive.rename(old_path, new_path)


def rmdir(path):
    board_drive.drive.rmdir(path)


def stat(path):
    return board_drive.drive.stat(path)


def statvfs(path):
    board_drive.drive.stat(path)
    return board_drive.drive.statvfs(path)


def sync():
    pass  # what is written is on the computer's drive at once


def utime(path, times):
    now = clock.calendar_s()
    board_drive.drive.utime(path, times or (now, now))


def urandom(size):
    return host.random_bytes(size)
