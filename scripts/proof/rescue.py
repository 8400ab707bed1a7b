"""Breaks a board's payload, settings, sensors and drive in many ways; each must be mended over Wi-Fi."""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from simulator import fresh_drive
from simulator.board import SOURCE_CLUSTERS, SimulatedBoard
from simulator.libraries import built_in
from toolkit import manifest, terminal
from toolkit.deploy import messages, wifi_session
from toolkit.deploy.board_client import BoardClient, BoardError
from toolkit.deploy.update import UNDER_WAY, Update
from toolkit.errors import ToolkitError
from toolkit.payload import assembly, mpy

PASSWORD = "a password for proofs"
SPEED = 20  # the board's time: a trial takes a minute
REACHED_S = 90


@dataclass(frozen=True)
class Way:
    """One way to break a board. `break_drive(drive)` is done by cable, before it starts; `update` is deployed over
    Wi-Fi ({path: content}); `cut` is how many seconds after that the power fails, None for not at all."""

    kind: str
    name: str
    break_drive: Callable | None = None
    update: dict | None = None
    cut: float | None = None


class Bench:
    """Makes boards below `folder`, all with the same drive to begin with."""

    def __init__(self, folder: Path, vm: str):
        self._folder = folder
        self._vm = vm
        self._drive = folder / "drive"
        self.files = assembly.collect(form=mpy.SOURCE)
        fresh_drive.prepare(self._drive, fresh=True)
        assembly.build(self._drive, mpy.SOURCE)
        settings = self._drive / "settings.toml"
        text = settings.read_text("utf-8")
        settings.write_text(text.replace('PASSWORD = "datalogger"', f'PASSWORD = "{PASSWORD}"'))
        self._nvm = self._known_passwords()

    def _known_passwords(self) -> bytes:
        """The non-volatile memory of a board that has run for a minute."""
        with self._board(self._drive) as board:
            deadline = time.monotonic() + REACHED_S
            while b"a password" not in _nvm(self._drive):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"The board does not start.\n{board.output()}")
                time.sleep(0.2)
        content = _nvm(self._drive)
        shutil.rmtree(fresh_drive.state_folder(self._drive))
        return content

    def _board(self, drive: Path) -> "_Running":
        return _Running(
            drive,
            fresh_drive.prepare(drive, fresh=False),
            vm=self._vm,
            clusters=SOURCE_CLUSTERS,
            libraries=built_in(),
            speed=SPEED,
        )

    def outcome(self, way: Way) -> str:
        """Break a board this way and mend it; return what is wrong then, empty when it is mended."""
        drive = Path(tempfile.mkdtemp(dir=self._folder), "drive")
        try:
            return self._outcome(way, drive)
        finally:
            shutil.rmtree(drive.parent)

    def _outcome(self, way: Way, drive: Path) -> str:
        shutil.copytree(self._drive, drive)
        state = fresh_drive.state_folder(drive)
        state.mkdir()
        (state / "nvm.bin").write_bytes(self._nvm)
        if way.break_drive:
            way.break_drive(drive)
        with self._board(drive) as board:
            try:
                if way.update:
                    board.deploy(way.update)
                if way.cut is not None:
                    time.sleep(way.cut)
                    board.stop()
                    board.power_on()
                return board.mend(self.files)
            except (ToolkitError, RuntimeError) as error:
                return f"{error}\n{board.output()[-1500:]}"


class _Running(SimulatedBoard):
    def __enter__(self):
        self.power_on()
        return self

    def __exit__(self, *error):
        self.stop()

    @property
    def _url(self):
        return f"http://127.0.0.1:{self.ports['tcp:80']}"

    def _reach(self) -> BoardClient:
        """A client, once somebody answers who has the drive and knows the password."""
        deadline = time.monotonic() + REACHED_S
        while time.monotonic() < deadline:
            try:
                client = BoardClient(self._url, PASSWORD, 5)
                if client.status()["drive"]["owner"] == "board":
                    return client
            except BoardError as error:
                if error.status == 500:  # its status is what is broken: deploy.py mends that, too
                    return client
            except (ToolkitError, KeyError):
                pass
            time.sleep(0.2)
        raise RuntimeError("Nobody answers over Wi-Fi.")

    def deploy(self, contents: dict) -> None:
        """Stage and commit files, without looking what becomes of them."""
        update = Update(self._reach(), contents)
        update.stage()
        self._reach().commit(update.fingerprint())

    def mend(self, files: dict) -> str:
        """Deploy the right payload with deploy.py's own code; return what is wrong afterwards."""
        deadline = time.monotonic() + 3 * REACHED_S
        while True:
            try:
                self._reach()
                wifi_session.Session(self._url, PASSWORD, True, True).deploy()
                break
            except ToolkitError as error:
                if time.monotonic() > deadline:
                    return f"It can't be deployed to: {error}"
        status = self._reach().status()
        present = self._reach().files()
        wrong = [
            str(path)
            for path, content in files.items()
            if path != manifest.PATH
            and present.get(path, {}).get("sha256", "")[:16] != manifest.digest(content)
        ]
        if status.get("rescue") or status["update"] in UNDER_WAY or wrong:
            return f"rescue {status.get('rescue')}, update {status.get('update')!r}, wrong {wrong}"
        return ""


def quiet() -> None:
    """Let deploy.py's code say nothing, and make what it deploys once only."""
    messages.tell = messages.warn = terminal.progress = lambda text: None
    collect = lru_cache(maxsize=8)(assembly.collect)

    def collected(report=None, root=None, form=mpy.CIRCUITPYTHON, settings=None):
        return dict(collect(None, root, form, settings))

    assembly.collect = collected


def _nvm(drive: Path) -> bytes:
    file = fresh_drive.state_folder(drive) / "nvm.bin"
    return file.read_bytes() if file.is_file() else b""
