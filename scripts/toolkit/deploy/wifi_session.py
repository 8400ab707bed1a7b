"""Deployments over the air, through the board's own API."""

import getpass
import os
import sys
import time
from pathlib import PurePosixPath

from .. import manifest, terminal
from ..errors import ToolkitError
from ..payload import assembly, device_libraries, drivers, mpy
from . import (
    board_settings,
    firmware,
    library_updates,
    messages,
    plan,
    sensor_memory,
    settings_merge,
)
from .board_client import BoardClient, BoardError
from .update import Update, ask_for_rescue, restarted, wait_for_turn

PASSWORD_VARIABLE = "DEPLOY_PASSWORD"
DRIVE_SECONDS = 15
POLL_SECONDS = 0.5


class Session:
    """One board, deployed to once or, with --watch, again and again."""

    def __init__(self, url: str, password: str | None, overwrite: bool, source: bool):
        """`source`: the modules travel as people wrote them."""
        self._password = _password(password)
        self._client = BoardClient(url, self._password)
        self._overwrite = overwrite
        try:
            status = self._client.status()
        except BoardError as error:
            ask_for_rescue(self._client, error)
            status = self._client.status()
        board = firmware.of_status(status)
        for warning in firmware.check(board):
            messages.warn(warning)
        self._name = board.name
        self._board_id = board.id
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
        try:
            self._deploy(dry_run)
        except BoardError as error:
            if dry_run:
                raise
            ask_for_rescue(self._client, error)
            self._wait_for_drive()
            self._deploy(dry_run)

    def _deploy(self, dry_run: bool) -> None:
        settings = self._settings()
        files = assembly.collect(terminal.progress, form=self._form, settings=settings)
        files.pop(manifest.PATH, None)
        if problem := sensor_memory.warning(files, settings or "", self._board_id):
            messages.warn(problem)
        if not dry_run:
            wait_for_turn(self._client)
        present = self._client.files()
        earlier_manifest = self._client.manifest()
        earlier = manifest.read(earlier_manifest)
        todo = plan.make(files, earlier, lambda path: _digest(present, path))
        if settings is None:  # nobody knows which sensors the board has: what they need stays
            libraries = device_libraries.forms(terminal.progress)
            rooms = (drivers.ROOM, drivers.PLAIN)
            todo.stale = [
                path for path in todo.stale if path not in libraries and path.parent not in rooms
            ]
        if dry_run:
            messages.plan(todo, files)
            return
        self._check_edited(todo)
        added = self._add_settings()
        if todo.is_empty and earlier_manifest == manifest.write(files):
            messages.tell(messages.NOTHING)
            # On the rescue page nothing is left to mend: the app gets another try
            if added or self._client.shows_rescue():
                self._restart()
            return
        self._update(todo, files, added)
        messages.tell(f"Deployed to {self._client.url} ({self._name}): {messages.summary(todo)}.")

    def _settings(self) -> str | None:
        """Return the board's settings, which say what drivers it needs; None where they can't be had."""
        if self._client.shows_rescue():
            return None
        try:
            return self._client.settings()
        except (BoardError, UnicodeDecodeError):
            return None

    def _update(self, todo: plan.Plan, files: dict[PurePosixPath, bytes], settings: bool) -> None:
        """`settings`: a setting was added that takes effect with a restart."""
        contents = {manifest.PATH: manifest.write(files)}
        contents |= {path: files[path] for path in [*todo.new, *todo.changed]}
        contents |= dict.fromkeys(todo.stale)
        update = Update(self._client, contents)
        update.check_room()
        self._wait_for_drive()
        update.stage()
        if update.commit():
            self._wait_for_drive()
            messages.tell(f"The board is back: {self._client.url}")
            settings = False
        update.wait_for_end()
        if settings:
            self._restart()

    def _restart(self) -> None:
        with restarted(self._client):
            self._client.restart()
        self._wait_for_drive()
        messages.tell(f"The board is back: {self._client.url}")

    def _add_settings(self) -> bool:
        """Add to the board's settings.toml what CircuitPython itself needs there; tell whether something was missing.

        A board that can't take it now gets the rest of the deployment all the same.
        """
        if self._client.shows_rescue():
            return False  # it keeps these lines itself
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
                "Use --overwrite to replace them; over Wi-Fi no copy can be kept. "
                + library_updates.hint(todo.edited)
            )

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
