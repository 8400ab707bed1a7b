"""What is cut: the operations of the app that write to the drive."""

import binascii
import hashlib

from app_parts import App

CURRENT = "2026-11-23.csv"
_RESTORED = """# A file that somebody has written anew.
LIVE_SECONDS = 9
AP_SSID = "restored"
A_KEY_OF_SOMEBODY_ELSE = "stays"
"""


class Witness:
    """Notes among the events of the flash what the drive must hold from which write on.

    Events: "begins" PATH when a file is about to be replaced or deleted, "may_go" PATH when it may
    be deleted at any time from now on, "holds" PATH SHA-256 (None for no file) when that is done,
    "rows" PATH CONTENT (base64) when the app counts all of that as recorded, "lines" TEXT
    likewise for new lines of the log.
    """

    def __init__(self, flash, read):
        self._flash = flash
        self.read = read
        self._recorded = 0
        self._logged = 0

    def begins(self, path):
        self._flash.note("begins", path)

    def may_go(self, path):
        self._flash.note("may_go", path)

    def holds(self, path):
        content = self.read(path)
        digest = content is not None and hashlib.sha256(content).digest()
        self._flash.note("holds", path, binascii.hexlify(digest).decode() if digest else None)

    def watch(self, app):
        """To be called after each step of the app: what no longer waits in memory counts as
        written."""
        samples = app.parts.recorder.samples
        if not samples.pending() and self._recorded != samples.added:
            self._recorded = samples.added
            for name in app.appended:
                content = binascii.b2a_base64(self.read("data/" + name)).decode().strip()
                self._flash.note("rows", "data/" + name, content)
            app.appended.clear()
        log_file = app.parts.log_file
        if log_file and log_file.next > self._logged:
            log = app.parts.log
            entries = [entry for entry in log.entries(self._logged) if entry[0] < log_file.next]
            self._logged = log_file.next
            self._flash.note("lines", "".join([log.line(entry) for entry in entries]))


def save_settings(witness, _uploads):
    """Three times: longer, over a cluster's border, shorter."""
    app = App()
    for values in (
        {"LIVE_SECONDS": 7, "DEVICE_NAME": "a-board-with-a-longer-name"},
        {"EXTRA_HOST_NAMES": "x" * 120},
        {"EXTRA_HOST_NAMES": "", "DEVICE_NAME": "b"},
    ):
        witness.begins("settings.toml")
        app.put_settings(**values)
        witness.holds("settings.toml")


def restore_settings(witness, _uploads):
    """A whole file, much shorter than the present one."""
    app = App()
    witness.begins("settings.toml")
    app.restore_settings(_RESTORED)
    witness.holds("settings.toml")


def append(witness, _uploads):
    """Forty minutes of recording, a row a minute, written every ten minutes."""
    app = App()
    app.pass_s(2410, after=lambda: witness.watch(app))


def new_day(witness, _uploads):
    """Recording over midnight: a second file begins."""
    app = App(at_s=int(10.75 * 3600))
    app.pass_s(1810, after=lambda: witness.watch(app))


def new_file_when_large(witness, _uploads):
    """The day's file has reached its largest size: another one begins."""
    app = App()
    app.pass_s(1210, after=lambda: witness.watch(app))


def make_room(witness, _uploads):
    """The drive is full to its reserve: the oldest recordings go."""
    app = App()
    for name in app.parts.files.names()[:-1]:
        witness.may_go("data/" + name)
    app.pass_s(2410, after=lambda: witness.watch(app))


def delete_recordings(witness, _uploads):
    """Two recordings, one of them the one that is being recorded, which goes on."""
    app = App()
    app.pass_s(610, after=lambda: witness.watch(app))
    oldest = next(name for name in app.parts.files.names() if not name.startswith("boot"))
    for name in (oldest, CURRENT):
        witness.begins("data/" + name)
        app.delete_recording(name)
        witness.holds("data/" + name)
    app.pass_s(1210, after=lambda: witness.watch(app))


def log_to_drive(witness, _uploads):
    """The log is kept on the drive, and a new file of it begins."""
    app = App(LOG_TO_DRIVE=True)

    for number in range(30):
        app.parts.log.info("A line of the log, number %d. " % number + "x" * 200)
        app.pass_s(60, after=lambda: witness.watch(app))


def _deploy(witness, uploads, app=None):
    app = app or App()
    for path, content, headers in uploads:
        witness.begins(path)
        for _ in app.upload(path, content, headers):
            yield
        witness.holds(path)


def deploy(witness, uploads):
    """Files over Wi-Fi: changed ones, a new one in new folders."""
    for _ in _deploy(witness, uploads):
        pass


def deploy_and_delete(witness, uploads):
    """A file in new folders arrives and is deleted again; another upload breaks off."""
    app = App()
    path, content, headers = uploads[0]
    for _ in _deploy(witness, uploads[:1], app):
        pass
    witness.begins(path)
    app.delete_deployed(path)
    witness.holds(path)
    app.abandon_upload("www/a/broken.txt", content, headers, len(content) // 2)


def all_at_once(witness, uploads):
    """An upload while recording goes on and settings are saved."""
    app = App(FLUSH_SECONDS=60, LOG_TO_DRIVE=True)
    value = 10
    for number, _ in enumerate(_deploy(witness, uploads, app)):
        app.pass_s(60, after=lambda: witness.watch(app))
        if number % 4 == 2:
            value += 1
            witness.begins("settings.toml")
            app.put_settings(LIVE_SECONDS=value)
            witness.holds("settings.toml")


def careless(witness, _uploads):
    """A control: what the app does not do, and what the proof must notice."""
    app = App()
    content = witness.read("settings.toml")
    witness.begins("settings.toml")
    with open("/settings.toml", "wb") as file:
        file.write(content.replace(b"LIVE_SECONDS = 2", b"LIVE_SECONDS = 3"))
    witness.holds("settings.toml")
    app.pass_s(610, after=lambda: witness.watch(app))


def live_on():
    """What a board does after the cut: it records, saves settings, logs, deletes."""
    app = App(at_s=7200, LOG_TO_DRIVE=True)
    app.pass_s(610)
    app.put_settings(LIVE_SECONDS=30, EXTRA_HOST_NAMES="y" * 100)
    deleted = app.parts.files.names()[:1]
    for name in deleted:
        app.delete_recording(name)
    app.pass_s(610)
    recorder = app.parts.recorder
    if recorder.state()[0] not in ("recording", "full"):
        raise RuntimeError("the recorder is in the state %r" % (recorder.state(),))
    return {"deleted": deleted}


OPERATIONS = {
    operation.__name__: operation
    for operation in (
        save_settings,
        restore_settings,
        append,
        new_day,
        new_file_when_large,
        make_room,
        delete_recordings,
        log_to_drive,
        deploy,
        deploy_and_delete,
        all_at_once,
        careless,
    )
}


def run(name, flash, read, uploads):
    """Do the operation; the flash's events tell what the drive must hold."""
    OPERATIONS[name](Witness(flash, read), uploads)
