"""Deployments by cable, from finding the drive to saying where to browse."""

from pathlib import Path

from .. import settings_toml, terminal
from ..errors import ToolkitError
from ..payload import assembly, device_libraries, mpy
from . import (
    board_settings,
    cable,
    choose_drive,
    drive_errors,
    firmware,
    joining,
    library_updates,
    messages,
    replacing,
    sensor_memory,
    settings_merge,
)
from .board_settings import BoardSettings


class Session:
    """One drive, deployed to once or, with --watch, again and again."""

    def __init__(self, given: Path | None, source: bool):
        """`source`: the modules travel as people wrote them."""
        self._drive, self._board = choose_drive.choose(given)
        for warning in firmware.check(self._board):
            messages.warn(warning)
        self._form = mpy.SOURCE if source else mpy.form_for(self._board.version, messages.warn)

    @property
    def target(self) -> Path:
        """What is deployed to."""
        return self._drive.root.resolve()

    def deploy(self, dry_run: bool = False) -> None:
        """Bring the drive up to date, or say what that would do."""
        settings = self._drive.read(assembly.SETTINGS) or None
        files = assembly.collect(terminal.progress, form=self._form, settings=settings)
        template = assembly.settings_template()
        chosen = (settings or template).decode("utf-8-sig", "replace")
        if problem := sensor_memory.warning(files, chosen, self._board.id):
            messages.warn(problem)
        libraries = device_libraries.paths(terminal.progress)
        if dry_run:
            todo = cable.prepare(self._drive, files, template, libraries)
            messages.plan(todo.plan, todo.contents)
            return
        if self._drive.is_read_only():
            raise ToolkitError(drive_errors.READ_ONLY)
        for path in replacing.recover(self._drive):
            messages.tell(f"{path}: what an interrupted deployment had left is settled.")
        deployment = cable.prepare(self._drive, files, template, libraries)
        with messages.progress("Copying", deployment.bytes_to_write) as done:
            _write(deployment, done)
        self._tell(deployment)

    def update_libraries(self) -> None:
        """Hand over to circup."""
        if self._drive.is_read_only():
            raise ToolkitError(drive_errors.READ_ONLY)
        library_updates.update(self._drive.root)

    def _tell(self, deployment: cable.Deployment) -> None:
        todo, settings = deployment.plan, deployment.settings
        if todo.is_empty:
            messages.tell(messages.NOTHING)
        else:
            where = (
                f"{self._drive.root} ({self._board.name}, CircuitPython {self._board.version_text})"
            )
            messages.tell(f"Deployed to {where}: {messages.summary(todo)}.")
        if deployment.replaced:
            messages.warn(
                f"Changed on the board since the last deployment: {_names(todo.edited)}. "
                f"Copies of what was there are in {deployment.replaced}"
            )
        if hint := library_updates.hint(todo.edited):
            messages.warn(hint)
        for path in todo.newer:
            messages.tell(f"{path} on the drive is newer than the pinned one and stays.")
        on_board = board_settings.read(settings.text)
        self._tell_settings(deployment, on_board)
        if cable.BOOT in [*todo.new, *todo.changed]:
            messages.tell(
                "boot.py runs only at power-up: unplug the board once and plug it in again."
            )
        if deployment.has_unseen_passwords:
            joining.show_passwords(on_board)
        elif not todo.is_empty:
            messages.tell(f"Open {joining.address(on_board)}")
        passwords = [on_board.values.get(key) for key in settings_merge.PASSWORDS]
        if settings_merge.SHIPPED_PASSWORD in passwords:
            messages.warn(
                "settings.toml still has a password that everybody knows; with it nothing can be deployed over Wi-Fi."
            )

    def _tell_settings(self, deployment: cable.Deployment, on_board: BoardSettings) -> None:
        for problem in on_board.problems:
            messages.warn(f"The board will refuse this: {problem}")
        added = [
            key for key in deployment.settings.added if key not in deployment.settings.passwords
        ]
        if added and not deployment.settings.passwords:
            messages.tell(f"New in settings.toml, at their defaults: {', '.join(added)}.")
        if "CIRCUITPY_WEB_API_PASSWORD" in settings_toml.values(deployment.settings.text):
            messages.warn(
                "settings.toml sets CIRCUITPY_WEB_API_PASSWORD: CircuitPython's own web server then "
                "takes port 80. Remove it."
            )


def _write(deployment: cable.Deployment, done) -> None:
    try:
        cable.carry_out(deployment, done)
    except ToolkitError as error:
        # It was writable a moment ago.
        raise ToolkitError(
            error.message.replace(drive_errors.READ_ONLY, drive_errors.LOCKED)
        ) from error


def _names(paths: list) -> str:
    shown = ", ".join(str(path) for path in paths[:3])
    return f"{shown} and {len(paths) - 3} more" if len(paths) > 3 else shown
