"""Idle rounds leave no garbage. Only under MicroPython: CPython can't measure it."""

import gc

from datalogger.app import App
from datalogger.battery import watch
from datalogger.clock import Clock
from datalogger.recording.recorder import Recorder
from datalogger.recording.recordings import Recordings
from datalogger.sensors.readings import Readings
from datalogger.tasks import Tasks
from fakes import FakeDrive, FakeRoom, FakeSettings, Ticks, chosen, folder, quiet_log


class Level:
    name = "voltage"
    label = "Level"
    unit = "V"
    decimals = 1

    def read(self):
        return 5


def test_idle_rounds_allocate_nothing():
    ticks = Ticks()
    clock = Clock(ticks)
    settings = FakeSettings(SAMPLE_SECONDS=3600, LIVE_SECONDS=3600)
    log = quiet_log(clock)
    readings = Readings(chosen(Level), clock, settings, log)
    files = Recordings(folder("garbage"))
    recorder = Recorder(clock, settings, log, readings, FakeRoom(), files, FakeDrive())
    tasks = Tasks(clock, log)
    tasks.add("Readings", readings.run)
    tasks.add("Recorder", recorder.run)
    app = App(clock, log, settings, None, None, None)
    app.readings = readings
    tasks.add("Battery", lambda: watch(app))
    for _ in range(10):
        ticks.now += 10
        tasks.step()
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(50):
        ticks.now += 1
        tasks.step()
    grown = gc.mem_alloc() - before
    gc.enable()
    assert grown == 0, grown
