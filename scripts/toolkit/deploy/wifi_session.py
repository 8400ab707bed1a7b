"""Deployments over the air, through the board's own API."""

import getpass
import os
import sys
import time
from pathlib import PurePosixPath

from .. import manifest, terminal
from ..errors import ToolkitError
from ..payload import assembly, mpy
from . import board_settings, firmware, messages, plan, settings_merge
from .board_client import BoardClient, BoardError, Unreachable

PASSWORD_VARIABLE = "DEPLOY_PASSWORD"
RESTART_SECONDS = 90
DRIVE_SECONDS = 15
POLL_SECONDS = 0.5
POLL_TIMEOUT_SECONDS = 3


class Session:
    """One board, deployed to once or, with --watch, again and again."""

    def __init__(self, url: str, password: str | None, overwrite: bool, source: bool):
        """`source`: the modules travel as people wrote them."""
        self._password = _password(password)
        self._client = BoardClient(url, self._password)
        self._overwrite = overwrite
        board = firmware.of_status(self._client.status())
        for warning in firmware.check(board):
            messages.warn(warning)
        self._name = board.name
        self._form = mpy.SOURCE if source else self._form_for(board)

    def _form_for(self, board: firmware.Board) -> bytes:
        if self._client.is_on_this_computer:
            messages.tell("A simulated board: the modules travel as .py.")
            return mpy.SOURCE
        return mpy.form_for(board.version, messages.warn)

    @property
    def target(self) -> str:
        """What is deployed to."""
        return self._client.url

    def deploy(self, dry_run: bool = False) -> None:
        """Bring the board up to date, restart it when its code changed, and wait until it is back."""
        files = assembly.collect(terminal.progress, form=self._form)
        files.pop(manifest.PATH, None)
        present = self._client.files()
        earlier_manifest = self._client.manifest()
        earlier = manifest.read(earlier_manifest)
        todo = plan.make(files, earlier, lambda path: _digest(present, path))
        if dry_run:
            messages.plan(todo, files)
            return
        self._check_edited(todo)
        self._check_space(todo, files, present)
        added = self._add_settings()
        if todo.is_empty and earlier_manifest == manifest.write(files):
            messages.tell(messages.NOTHING)
            if added:
                self._restart()
            return
        self._transfer(todo, files, earlier)
        self._verify(files)
        messages.tell(f"Deployed to {self._client.url} ({self._name}): {messages.summary(todo)}.")
        if added or _needs_restart(todo):
            self._restart()

    def _add_settings(self) -> bool:
        """Add to the board's settings.toml what CircuitPython itself needs there; tell whether something was missing.

        A board that can't take it now gets the rest of the deployment all the same.
        """
        needed = settings_merge.for_circuitpython(assembly.settings_template().decode())
        try:
            present = self._client.settings()
            for problem in board_settings.problems_of_backup(present):
                messages.warn(f"The board will refuse this: {problem}")
            merged = settings_merge.merge(needed, present)
            if merged.added:
                self._client.restore_settings(merged.text)
                messages.tell(f"Added to settings.toml: {', '.join(merged.added)}.")
        except (BoardError, UnicodeDecodeError) as error:
            messages.warn(
                f"settings.toml could not be completed ({error}). It should have these lines:\n{needed}"
            )
            return False
        return bool(merged.added)

    def _check_edited(self, todo: plan.Plan) -> None:
        if todo.edited and not self._overwrite:
            names = ", ".join(str(path) for path in todo.edited[:5])
            more = f" and {len(todo.edited) - 5} more" if len(todo.edited) > 5 else ""
            raise ToolkitError(
                f"Not put there by a deployment, or edited on the board since: {names}{more}. "
                "Use --overwrite to replace them; over Wi-Fi no copy can be kept."
            )

    def _check_space(self, todo: plan.Plan, files: dict, present: dict) -> None:
        """The board keeps the old file until the new one is whole, so the largest must fit beside it."""
        old = {path: present[path]["size"] for path in todo.changed}
        growth = sum(_clusters(len(files[path])) for path in todo.new)
        growth += sum(_clusters(len(files[path])) - _clusters(old[path]) for path in todo.changed)
        beside = max((_clusters(len(files[path]) + 512) for path in todo.changed), default=0)
        if growth + beside > self._client.free:
            raise ToolkitError(
                f"The board's drive is too full: {growth + beside:,} more bytes are needed and "
                f"{self._client.free:,} are free. Delete recordings (Data page) and run this again. Nothing was changed."
            )

    def _transfer(self, todo: plan.Plan, files: dict, earlier: dict) -> None:
        total = sum(len(files[path]) for path in [*todo.new, *todo.changed])
        self._client.put(manifest.PATH, manifest.write(files, earlier))
        last = [path for path in todo.new if str(path) == "code.py"]
        with messages.progress("Uploading", total) as done:
            for path in [*[path for path in todo.new if path not in last], *todo.changed, *last]:
                try:
                    self._client.put(path, files[path], done)
                except BoardError as error:
                    raise BoardError(f"{path}: {error.message}", error.status) from None
        for path in todo.stale:
            self._client.delete(path)
        self._client.put(manifest.PATH, manifest.write(files))

    def _verify(self, files: dict[PurePosixPath, bytes]) -> None:
        present = self._client.files()
        wrong = [path for path in files if _digest(present, path) != manifest.digest(files[path])]
        if wrong:
            raise ToolkitError(f"{wrong[0]} is not on the board as it was sent. Run this again.")

    def _restart(self) -> None:
        before = self._client.status().get("uptime_s", 0)
        self._client.restart()
        terminal.progress("The board restarts ...")
        if not self._is_back(before):
            raise ToolkitError(
                f"The board did not come back within {RESTART_SECONDS} s. If this computer has joined another Wi-Fi "
                f"meanwhile, join the board's again and open {self._client.url}. If the board stays away, "
                "plug it in and run this without --wifi."
            )
        self._wait_for_drive()
        messages.tell(f"The board is back: {self._client.url}")

    def _is_back(self, uptime_before: float) -> bool:
        deadline = time.monotonic() + RESTART_SECONDS
        probe = BoardClient(self._client.url, self._password, POLL_TIMEOUT_SECONDS)
        was_away = False
        while time.monotonic() < deadline:
            try:
                if probe.status().get("uptime_s", 0) < uptime_before or was_away:
                    return True
            except Unreachable:
                was_away = True
            except ToolkitError:
                pass  # half awake: it answers, but not yet with a status
            finally:
                probe.close()
            time.sleep(POLL_SECONDS)
        return False

    def _wait_for_drive(self) -> None:
        """Wait until the board has its drive again: until it is sure that no computer is there it refuses deployments."""
        deadline = time.monotonic() + DRIVE_SECONDS
        while time.monotonic() < deadline:
            if self._client.status().get("drive", {}).get("owner") == "board":
                return
            time.sleep(POLL_SECONDS)


def _digest(present: dict, path: PurePosixPath) -> str | None:
    file = present.get(path)
    return file["sha256"][: manifest.DIGEST_DIGITS] if file else None


def _clusters(size: int) -> int:
    return -(-size // 512) * 512


def _needs_restart(todo: plan.Plan) -> bool:
    """Pages are read anew at each request; code is not."""
    return any(path.parts[0] != "www" for path in [*todo.new, *todo.changed, *todo.stale])


def _password(given: str | None) -> str:
    if given is not None:
        return given
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE]
    if not sys.stdin.isatty():
        raise ToolkitError(
            f"The admin password is needed: set {PASSWORD_VARIABLE}, or use --password."
        )
    return getpass.getpass("Admin password of the board: ")
