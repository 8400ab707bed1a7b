"""An update over the air: its files are staged on the board, committed as one, and on trial (docs/updates.md)."""

import hashlib
import time
from contextlib import contextmanager
from pathlib import PurePosixPath

from .. import terminal
from ..errors import ToolkitError
from . import messages
from .board_client import BoardClient, BoardError, Unreachable

RESTART_SECONDS = 90
TRIAL_SECONDS = 180
POLL_SECONDS = 0.5
POLL_TIMEOUT_SECONDS = 3

_CLUSTER = 512
_FOOTER = 80  # bytes that the board adds to each staged file, beside its path
_SPARE = 8  # clusters
_ENTRIES_A_CLUSTER = 16  # of the folder in which they wait
_BROKEN = (400, 404, 405, 500, 501)  # answers of a board whose code is damaged
_FORBIDDEN = 403
_NEWER = PurePosixPath("safemode.py")  # versions before it refuse it
UNDER_WAY = ("committed", "kept", "trial", "undoing", "proven")
_ENDS = {
    "undone": "The update did not run for a minute: the board has taken it back, the version before runs.",
    "failed": "The update does not run, and there was no room to keep the version before. Deploy again; the board's "
    "rescue page takes it, too.",
    "refused": "The board had no room to put the update in place. Nothing was changed; delete recordings (Data page).",
}


class Update:
    """Files for one board. `contents` maps paths to what they shall have, None for a file that is to go."""

    def __init__(self, client: BoardClient, contents: dict[PurePosixPath, bytes | None]):
        self._client = client
        self._contents = contents

    def check_room(self) -> None:
        """Raise ToolkitError when the board has no room to stage all files and to put them in place."""
        listing = self._client.listing()
        present = {path: one["size"] for path, one in listing["files"].items()}
        waiting = {path: one["size"] for path, one in listing["waiting"].items()}
        needed = _SPARE + len(self._contents) // _ENTRIES_A_CLUSTER + self._names(present)
        for path, content in self._contents.items():
            size = len(content or b"")
            needed += _clusters(size + len(str(path)) + _FOOTER)
            needed += (0 if content is None else _clusters(size)) - _clusters(present.get(path, 0))
        freed = sum(_clusters(size + len(str(path)) + _FOOTER) for path, size in waiting.items())
        missing = (needed - freed) * _CLUSTER - listing["free"]
        if missing > 0:
            raise ToolkitError(
                f"The board's drive is too full: {missing:,} bytes more are needed, {listing['free']:,} are free. "
                f"Delete recordings of {-(-missing // 1024):,} KB (Data page) and run this again. Nothing was changed."
            )

    def _names(self, present: dict[PurePosixPath, int]) -> int:
        """Return how many clusters the board reserves for the names of new files and for new folders."""
        new = [
            path
            for path, content in self._contents.items()
            if content is not None and path not in present
        ]
        folders = {folder for path in new for folder in path.parents}
        return len(new) + len(folders - {folder for path in present for folder in path.parents})

    def stage(self) -> None:
        """Bring all files to the board, where they wait; those that wait there already don't travel again."""
        digests = {path: _digest(content) for path, content in self._contents.items()}
        waiting = {path: one["sha256"] for path, one in self._client.listing()["waiting"].items()}
        if any(digests.get(path, "") != digest for path, digest in waiting.items()):
            self._client.drop()
            waiting = {}
        todo = [path for path in self._contents if path not in waiting]
        total = sum(len(self._contents[path] or b"") for path in todo)
        with messages.progress("Uploading", total) as done:
            for path in todo:
                try:
                    if self._contents[path] is None:
                        self._client.delete(path)
                    else:
                        self._client.put(path, self._contents[path], done)
                except BoardError as error:
                    if path == _NEWER and error.status == _FORBIDDEN:
                        del self._contents[path]
                        messages.warn(
                            f"The board's version does not take {path} yet: deploy once more afterwards."
                        )
                        continue
                    if path == todo[0]:
                        raise  # it is not about this file
                    raise BoardError(f"{path}: {error.message}", error.status) from None

    def fingerprint(self) -> str:
        """Return what the board must find among its entries: the SHA-256 of each line "SHA-256 /PATH", XORed."""
        found = 0
        for path, content in self._contents.items():
            line = f"{_digest(content) or '-'} /{path}".encode()
            found ^= int.from_bytes(hashlib.sha256(line).digest())
        return found.to_bytes(32).hex()

    def commit(self) -> bool:
        """Let all files take their places, which the board does by a restart where it must; return whether it does."""
        before = self._client.status().get("uptime_s", 0)
        lost = {"restarting": True, "way_back": True}  # it was done, but the answer never came
        try:
            answer = self._client.commit(self.fingerprint())
        except Unreachable:
            answer = lost
        except BoardError as error:
            if error.status != 409 or self._client.listing()["state"] not in UNDER_WAY:
                raise
            answer = lost
        if answer["restarting"]:
            if not answer["way_back"]:
                messages.warn("there is no room on the board to keep the version before.")
            _wait_for_restart(self._client, before)
        return answer["restarting"]

    def wait_for_end(self) -> None:
        """Wait until the update has proven itself and is complete. Raises ToolkitError when it was taken back."""
        if self._client.status().get("update") == "trial":
            terminal.progress("The new version has to run for a minute ...")
        state = _wait_until_ended(self._client)
        if state:
            raise ToolkitError(_ENDS[state])
        present = {path: one["sha256"] for path, one in self._client.files().items()}
        for path, content in self._contents.items():
            if present.get(path) != _digest(content):
                raise ToolkitError(f"{path} is not on the board as it was sent. Run this again.")


@contextmanager
def restarted(client: BoardClient):
    """Wait, after the block, until the board has restarted."""
    before = client.status().get("uptime_s", 0)
    yield
    _wait_for_restart(client, before)


def _wait_for_restart(client: BoardClient, uptime_before: float) -> None:
    client.close()
    terminal.progress("The board restarts ...")
    deadline = time.monotonic() + RESTART_SECONDS
    probe = client.with_timeout(POLL_TIMEOUT_SECONDS)
    was_away = False
    while time.monotonic() < deadline:
        try:
            if probe.status().get("uptime_s", 0) < uptime_before or was_away:
                return
        except Unreachable:
            was_away = True
        except ToolkitError:
            pass  # half awake: it answers, but not yet with a status
        finally:
            probe.close()
        time.sleep(POLL_SECONDS)
    raise ToolkitError(
        f"The board did not come back within {RESTART_SECONDS} s. If this computer has joined another Wi-Fi "
        f"meanwhile, join the board's again and open {client.url}. If the board stays away, "
        "plug it in and run this without --wifi."
    )


def ask_for_rescue(client: BoardClient, error: BoardError) -> None:
    """Let a board whose own code can't take a deployment restart with its rescue page, which can. Raises `error` where
    that is not the reason."""
    if error.status not in _BROKEN or _is_rescue(client):
        raise error
    terminal.progress("The board can't take it; it restarts with its rescue page ...")
    client.restart(rescue=True)
    client.close()
    deadline = time.monotonic() + RESTART_SECONDS
    while not _is_rescue(client):
        if time.monotonic() > deadline:
            raise error
        time.sleep(POLL_SECONDS)


def _is_rescue(client: BoardClient) -> bool:
    try:
        return client.shows_rescue()
    except ToolkitError:
        return False


def wait_for_turn(client: BoardClient) -> None:
    """Wait until an update that is under way on the board has ended, well or not."""
    if client.listing()["state"] in UNDER_WAY:
        terminal.progress("The update before this one is on trial; waiting ...")
        try:
            _wait_until_ended(client)
        except ToolkitError as error:
            _end_by_restart(client, error)


def _end_by_restart(client: BoardClient, error: ToolkitError) -> None:
    """Let a board whose app can't end its update restart with its rescue page: boot.py ends it then. Raises `error` where
    that doesn't help."""
    terminal.progress("The board can't end it; it restarts with its rescue page ...")
    client.restart(rescue=True)
    client.close()
    deadline = time.monotonic() + RESTART_SECONDS
    while time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        try:
            if client.status().get("update", "") not in UNDER_WAY:
                return
        except ToolkitError:
            pass  # it restarts
        finally:
            client.close()
    raise error


def _wait_until_ended(client: BoardClient) -> str:
    """Return the state in which the update has ended, empty when it is in place for good."""
    deadline = time.monotonic() + TRIAL_SECONDS
    while time.monotonic() < deadline:
        try:
            status = client.status()
        except ToolkitError:
            status = {"update": "trial"}  # it restarts
        state = status.get("update", "")
        if state not in UNDER_WAY:
            return "failed" if status.get("rescue") and not state else state
        time.sleep(POLL_SECONDS)
    raise ToolkitError("The update has not ended yet. Run this again in a minute.")


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _clusters(size: int) -> int:
    return -(-size // _CLUSTER)
