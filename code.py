"""Starts the parts of the data logger and steps them side by side."""

import gc
import time

import datalogger.preload  # noqa: F401 - first, for what it does to the memory
import microcontroller
import rtc
import socketpool
import storage
import supervisor
import wifi
from datalogger.access import Access
from datalogger.admin import Admin, Parts
from datalogger.api_events import EventsApi
from datalogger.api_rare import RareApi
from datalogger.api_values import ValuesApi
from datalogger.battery import Battery
from datalogger.clock import Clock
from datalogger.data_files import DataFiles
from datalogger.drive import Drive
from datalogger.log import Log
from datalogger.login import Login
from datalogger.name_server import NameServer
from datalogger.pages import Pages
from datalogger.readings import Readings
from datalogger.recorder import Recorder
from datalogger.restart import Restart
from datalogger.sensors import SENSORS
from datalogger.settings import Settings
from datalogger.status import Status
from datalogger.status_light import StatusLight
from datalogger.storage import Storage
from datalogger.tasks import Tasks
from watchdog import WatchDogMode


class AdminServer(ValuesApi, EventsApi, RareApi, Pages, Admin):
    """What the board serves; a mix-in that is left out costs nothing. Pages come last: their
    route matches every path."""


def start(make_network):
    """Wire the parts together; returns the tasks and the server."""
    parts = Parts()
    clock = parts.clock = Clock(supervisor.ticks_ms, rtc.RTC(), microcontroller.nvm)
    log = parts.log = Log(clock)
    settings = parts.settings = Settings(log)
    drive = parts.drive = Drive(clock, log, storage, supervisor.runtime, microcontroller.nvm)
    space = parts.space = Storage()
    files = parts.files = DataFiles()
    readings = parts.readings = Readings(SENSORS, clock, settings, log)
    parts.battery = Battery(clock, settings, log, readings)
    recorder = parts.recorder = Recorder(clock, settings, log, readings, space, files, drive)
    parts.restart = Restart(clock, log, recorder, microcontroller.reset)
    network = parts.network = make_network(clock, settings, log)
    parts.login = Login(clock, settings, log)
    parts.status = Status(parts)
    tasks = parts.tasks = Tasks(clock, log)
    admin = AdminServer(parts, Access(clock, settings, network, parts.login))
    pool = socketpool.SocketPool(wifi.radio)
    tasks.add("Drive", drive.run)
    tasks.add("Sensors", readings.run)
    tasks.add("Battery", parts.battery.run)
    tasks.add("Recorder", recorder.run)
    tasks.add("Network", network.run)
    tasks.add("Name server", NameServer(log, network, pool).run)
    tasks.add("Server", lambda: admin.serve(pool))
    tasks.add("Status light", StatusLight(clock, settings, log, parts.status.light).run)
    if settings["LOG_TO_DRIVE"]:
        from datalogger.log_file import LogFile

        parts.log_file = LogFile(clock, log, drive, recorder)
        tasks.add("Log file", parts.log_file.run)
    tasks.add("Restart", parts.restart.run)
    log.info("Started.")
    return tasks, admin


def make_network(clock, settings, log):
    """The network of the mode that the settings want."""
    fresh = supervisor.runtime.run_reason == supervisor.RunReason.STARTUP
    reset = None if fresh else microcontroller.reset
    if settings["WIFI_MODE"] == "station":
        import mdns
        from datalogger.station import Station

        return Station(clock, settings, log, wifi.radio, reset, watchdog.feed, mdns)
    from datalogger.network import Network

    return Network(clock, settings, log, wifi.radio, reset)


watchdog = microcontroller.watchdog
watchdog.timeout = 8  # seconds, the longest that the RP2040 can
watchdog.mode = WatchDogMode.RESET
tasks, admin = start(make_network)
del start, make_network  # their memory
gc.collect()
while True:
    tasks.step()
    watchdog.feed()
    if admin.is_quiet():
        time.sleep(0.002)
