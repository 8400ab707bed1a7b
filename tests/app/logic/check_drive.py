"""Who has the drive."""

import json

from datalogger.nonvolatile import BOARD_HAS_DRIVE, COMPUTER_HAS_DRIVE, DRIVE_AT
from datalogger.rare import actions, drive_owner
from datalogger.recording.drive import Drive
from fakes import MovedClock, quiet_log


class Mount:
    readonly = True


class Module:
    """The module storage, CircuitPython before 10.3."""

    def __init__(self):
        self.mount = Mount()
        self.held = False
        self.calls = []

    def getmount(self, path):
        return self.mount

    def remount(self, path, readonly=False):
        self.calls.append(readonly)
        if self.held:
            raise RuntimeError("Cannot remount path when visible via USB.")
        self.mount.readonly = readonly


class NewModule(Module):
    """CircuitPython 10.3."""

    def unsafe_disable_usb_drive(self):
        self.held = False
        self.mount.readonly = False

    def enable_usb_drive(self):
        self.mount.readonly = True


class Runtime:
    usb_connected = False


def make(module=None, connected=False, held=False):
    clock = MovedClock()
    module = module or Module()
    module.mount.readonly = True
    module.held = held
    runtime = Runtime()
    runtime.usb_connected = connected
    nvm = bytearray(16)
    drive = Drive(clock, quiet_log(clock), module, runtime, nvm)
    return drive, clock, module, runtime, nvm


def run(drive, clock, seconds):
    task = drive.run()
    for _ in range(seconds * 2):
        clock.pass_s(0.5)
        next(task)


def test_taken_without_a_computer_but_not_at_once():
    drive, clock, module, _, nvm = make()
    assert not drive.writable
    run(drive, clock, 3)
    assert not drive.writable and not module.calls
    run(drive, clock, 4)
    assert drive.writable and drive.reason == ""
    assert nvm[DRIVE_AT] == COMPUTER_HAS_DRIVE


def test_not_taken_from_a_computer():
    for held in (True, False):  # also after ejecting it is the computer's drive
        drive, clock, module, _, _ = make(connected=True, held=held)
        run(drive, clock, 60)
        assert not drive.writable and not module.calls
        assert "computer" in drive.reason


def test_taken_when_the_computer_goes():
    drive, clock, module, runtime, _ = make(connected=True, held=True)
    run(drive, clock, 10)
    runtime.usb_connected = False
    module.held = False
    before = drive.revision
    run(drive, clock, 8)
    assert drive.writable
    assert drive.revision > before


def test_taken_over_by_request_where_the_drive_can_be_disabled():
    drive, _, _, _, nvm = make(NewModule(), connected=True, held=True)
    assert not drive.needs_restart()
    assert drive_owner.take(drive) is False
    assert drive.writable
    assert nvm[DRIVE_AT] == BOARD_HAS_DRIVE


def test_taken_over_by_request_with_a_restart():
    drive, _, _, _, nvm = make(connected=True, held=True)
    assert drive.needs_restart()
    assert drive_owner.take(drive) is True
    assert not drive.writable
    assert nvm[DRIVE_AT] == BOARD_HAS_DRIVE


def test_taken_over_after_ejecting_without_a_restart():
    drive, _, _, _, _ = make(connected=True)
    assert drive_owner.take(drive) is False
    assert drive.writable


def test_given_back():
    for module in (Module(), NewModule()):
        drive, clock, module, _runtime, nvm = make(module, connected=True)
        drive_owner.take(drive)
        assert drive_owner.give(drive) is False
        assert not drive.writable
        assert nvm[DRIVE_AT] == COMPUTER_HAS_DRIVE
        run(drive, clock, 30)
        assert not drive.writable


def test_given_back_before_the_computer_is_there():
    drive, clock, _, runtime, _ = make()
    run(drive, clock, 8)
    assert drive_owner.give(drive) is False
    run(drive, clock, 60)
    assert not drive.writable
    assert "given" in drive.reason
    runtime.usb_connected = True
    run(drive, clock, 5)
    runtime.usb_connected = False
    run(drive, clock, 10)
    assert drive.writable


def test_a_reload_does_not_forget():
    _drive, _, module, runtime, _ = make()
    module.mount.readonly = False
    clock = MovedClock()
    assert Drive(clock, quiet_log(clock), module, runtime, bytearray(16)).writable


def test_giving_it_first_writes_step_by_step():
    """Each step may delete a recording to make room; the watchdog does not wait for all of them."""

    class Recorder:
        steps = 0

        def write_step(self):
            self.steps += 1
            return self.steps < 40

    class App:
        recorder = Recorder()

    class Server:
        app = App

    drive, clock, _, _, _ = make()
    run(drive, clock, 10)
    App.drive = drive
    App.log = quiet_log(clock)
    answer = actions.post(Server, "/api/drive", "", {}, b'{"owner": "computer"}')
    assert answer.status_code == 200
    pieces = [b""]
    while not pieces[-1]:
        assert drive.writable and App.recorder.steps == len(pieces) - 1
        pieces.append(next(answer.body))
    assert App.recorder.steps == 40 and not drive.writable
    assert json.loads(pieces[-1]) == {"owner": "computer", "restarting": False}
