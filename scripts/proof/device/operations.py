"""What is cut: the operations of the app that write to the drive."""

import binascii
import hashlib

from app_on_drive import Board, forget_modules

CURRENT = "2026-11-23.csv"
_RESTORED = """# A file that somebody has written anew.
LIVE_SECONDS = 9
AP_SSID = "restored"
A_KEY_OF_SOMEBODY_ELSE = "stays"
"""


def path_of(board, name):
    """Path of a recording on the drive, without the slash at its start."""
    return board.app.recordings.path(name)[1:]


def recordings_of(board):
    """The names of the recordings."""
    from datalogger.on_demand import on_demand

    return on_demand("recording_names").names(board.app.recordings)


class Witness:
    """Notes among the events of the flash what the drive must hold from which write on.

    Events: "begins" PATH when a file is about to be replaced or deleted, "holds" PATH SHA-256 (None
    for no file) when that is done, "rows" PATH CONTENT (base64) when the app counts all of that as
    recorded, "lines" TEXT likewise for new lines of the log, "together" PATHS for the files of one
    update.
    """

    def __init__(self, flash, read, boot):
        self._flash = flash
        self.read = read
        self.boot = boot
        self._recorded = 0
        self._logged = 0

    def begins(self, path):
        self._flash.note("begins", path)

    def together(self, paths):
        self._flash.note("together", paths)

    def holds(self, path):
        content = self.read(path)
        digest = content is not None and hashlib.sha256(content).digest()
        self._flash.note("holds", path, binascii.hexlify(digest).decode() if digest else None)

    def watch(self, board):
        """To be called after each step of the app: what no longer waits in memory counts as
        written."""
        samples = board.app.recorder.samples
        if not samples.pending() and self._recorded != samples.added:
            self._recorded = samples.added
            for name in board.appended:
                path = path_of(board, name)
                content = binascii.b2a_base64(self.read(path).rstrip(b"\n") + b"\n")
                self._flash.note("rows", path, content.decode().strip())
            board.appended.clear()
        log_file = board.app.log_file
        if log_file and log_file.next > self._logged:
            log = board.app.log
            entries = [entry for entry in log.entries(self._logged) if entry[0] < log_file.next]
            self._logged = log_file.next
            self._flash.note("lines", "".join([log.line(entry) for entry in entries]))


def save_settings(witness, _uploads):
    """Three times: longer, over a cluster's border, shorter."""
    board = Board(witness)
    for values in (
        {"LIVE_SECONDS": 7, "DEVICE_NAME": "a-board-with-a-longer-name"},
        {"EXTRA_HOST_NAMES": "x" * 120},
        {"EXTRA_HOST_NAMES": "", "DEVICE_NAME": "b"},
    ):
        witness.begins("settings.toml")
        board.put_settings(**values)
        witness.holds("settings.toml")


def restore_settings(witness, _uploads):
    """A whole file, much shorter than the present one."""
    board = Board(witness)
    witness.begins("settings.toml")
    board.restore_settings(_RESTORED)
    witness.holds("settings.toml")


def append(witness, _uploads):
    """Forty minutes of recording, a row a minute, written every ten minutes."""
    board = Board(witness)
    board.pass_s(2410, after=lambda: witness.watch(board))


def new_day(witness, _uploads):
    """Recording over midnight: a second file begins."""
    board = Board(witness, at_s=int(10.75 * 3600))
    board.pass_s(1810, after=lambda: witness.watch(board))


def new_file_when_large(witness, _uploads):
    """The day's file has reached its largest size: another one begins."""
    board = Board(witness)
    board.pass_s(1210, after=lambda: witness.watch(board))


def make_room(witness, _uploads):
    """The drive is full to its reserve: the oldest recordings go."""
    board = Board(witness)
    board.pass_s(2410, after=lambda: witness.watch(board))


def delete_recordings(witness, _uploads):
    """Two recordings, one of them the one that is being recorded, which goes on."""
    board = Board(witness)
    board.pass_s(610, after=lambda: witness.watch(board))
    oldest = next(name for name in recordings_of(board) if not name.startswith("boot"))
    for name in (oldest, CURRENT):
        board.delete_recording(name)
    board.pass_s(1210, after=lambda: witness.watch(board))


def log_to_drive(witness, _uploads):
    """The log is kept on the drive, and a new file of it begins."""
    board = Board(witness, LOG_TO_DRIVE=True)

    for number in range(30):
        board.app.log.info("A line of the log, number %d. " % number + "x" * 200)
        board.pass_s(60, after=lambda: witness.watch(board))


def _deploy(witness, uploads, board=None):
    """Pages, or what boot.py runs from: the app puts it in place itself."""
    board = board or Board(witness)
    for path, content, headers in uploads:
        for _ in board.upload(path, content, headers):
            yield
    for path, _, _ in uploads:
        witness.begins(path)
    if board.commit([upload[:2] for upload in uploads]):
        raise RuntimeError("a restart is needed")
    board.settle()
    for path, _, _ in uploads:
        witness.holds(path)
    yield


def deploy(witness, uploads):
    """Files over Wi-Fi: changed ones, a new one in new folders."""
    for _ in _deploy(witness, uploads):
        pass


def update(witness, uploads):
    """Code over Wi-Fi: the board restarts, boot.py puts all of it in place, or none, and the app
    the rest after a minute."""
    board = Board(witness)
    for path, content, headers in uploads:
        if content is None:
            board.delete_deployed(path)
        else:
            for _ in board.upload(path, content, headers):
                pass
    paths = [path for path, _, _ in uploads]
    witness.together([path for path in paths if not path.startswith(("boot.py", "lib/rescue/"))])
    for path in paths:
        witness.begins(path)
    if not board.commit([upload[:2] for upload in uploads]):
        raise RuntimeError("no restart is needed")
    forget_modules()
    if witness.boot():
        raise RuntimeError("boot.py failed")
    Board(witness).settle()
    for path in paths:
        witness.holds(path)


def deploy_and_delete(witness, uploads):
    """A file in new folders arrives and is deleted again; another upload breaks off."""
    board = Board(witness)
    path, content, headers = uploads[0]
    for _ in _deploy(witness, uploads[:1], board):
        pass
    witness.begins(path)
    board.delete_deployed(path)
    board.commit([(path, None)])
    board.settle()
    witness.holds(path)
    board.abandon_upload("www/a/broken.txt", content, headers, len(content) // 2)


def all_at_once(witness, uploads):
    """An upload while recording goes on and settings are saved."""
    board = Board(witness, FLUSH_SECONDS=60, LOG_TO_DRIVE=True)
    value = 10
    for number, _ in enumerate(_deploy(witness, uploads, board)):
        board.pass_s(60, after=lambda: witness.watch(board))
        if number % 4 == 2:
            value += 1
            witness.begins("settings.toml")
            board.put_settings(LIVE_SECONDS=value)
            witness.holds("settings.toml")


def careless(witness, _uploads):
    """A control: what the app does not do, and what the proof must notice."""
    board = Board(witness)
    content = witness.read("settings.toml")
    witness.begins("settings.toml")
    with open("/settings.toml", "wb") as file:
        file.write(content.replace(b"LIVE_SECONDS = 2", b"LIVE_SECONDS = 3"))
    witness.holds("settings.toml")
    board.pass_s(610, after=lambda: witness.watch(board))


class _Deleted:
    """A witness of nothing but the recordings that go."""

    def __init__(self):
        self.paths = []

    def begins(self, path):
        self.paths.append(path)

    def holds(self, path):
        pass


def live_on():
    """What a board does after the cut: it records, saves settings, logs, deletes; on a full drive the
    recorder deletes the oldest recordings as well."""
    deleted = _Deleted()
    board = Board(deleted, at_s=7200, LOG_TO_DRIVE=True)
    board.pass_s(610)
    board.put_settings(LIVE_SECONDS=30, EXTRA_HOST_NAMES="y" * 100)
    for name in sorted(recordings_of(board))[:1]:
        board.delete_recording(name)
    board.pass_s(610)
    recorder = board.app.recorder
    if recorder.state()[0] not in ("recording", "full"):
        raise RuntimeError("the recorder is in the state %r" % (recorder.state(),))
    return {"deleted": deleted.paths}


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
        update,
        deploy_and_delete,
        all_at_once,
        careless,
    )
}


def run(name, flash, read, uploads, boot):
    """Do the operation; the flash's events tell what the drive must hold. boot: function that runs
    boot.py and returns what it raised."""
    OPERATIONS[name](Witness(flash, read, boot), uploads)
