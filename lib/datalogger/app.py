"""Wires the components of the app and steps its tasks.

`wire` makes what measures and records, `serve` what people reach over Wi-Fi, `run` does both on a
board. Only `run` knows the board's own modules; only what `wire` makes is imported at the top, so
that the proofs can wire it without a radio.
"""

import gc

# First: where it is deployed as source, compiling it takes most of the memory.
import ehttpserver  # noqa: F401
from micropython import const

from .nonvolatile import RESET_AT
from .on_demand import on_demand
from .recording.drive import Drive
from .recording.recorder import Recorder
from .recording.recordings import Recordings
from .recording.room import Room
from .sensors.readings import Readings
from .tasks import Tasks
from .trial import Trial
from .turns import Turn
from .web.login import Login

_WATCHDOG_S = 8  # the longest that the RP2040 can
_PAUSE_S = 0.002  # between two rounds while nobody asks for anything
_QUICK_TENTHS = const(60)  # of waiting for a turn
_LONG_TENTHS = const(300)


class App:
    """The components of the app, one attribute each: what the handlers and the status work with."""

    root = ""  # path of the drive
    log_file = None
    battery_is_low = False
    outputs = ()
    is_restarting = False
    reset_reason = ""  # such as "WATCHDOG"

    def __init__(self, clock, log, settings, feed, reset, nvm):
        """clock: a Clock; log: a Log; settings: the Settings; others: see wire()."""
        self.clock = clock
        self.reset = reset
        self.nvm = nvm
        self.log = log
        self.settings = settings
        self.tasks = Tasks(clock, log, feed)
        self.login = Login(clock, settings, log)
        self.streams = []  # open event streams
        self.turns = []  # queues of Turn: for what is done at once, and
        self.long_turns = []  # for answers that take long
        self.uploads = {}  # path of a file that is being replaced: its Replacement

    def turn(self, is_long=False):
        """A Turn of somebody whose code is loaded for a moment. is_long: for an answer that takes
        seconds."""
        if is_long:
            return Turn(self.long_turns, (self.turns, self.streams), self.clock, _LONG_TENTHS)
        return Turn(self.turns, (self.long_turns, self.streams), self.clock, _QUICK_TENTHS)

    def in_turn(self, begin):
        """Wait for a turn, then take the steps whose code is loaded for them (a generator that
        returns what they return). begin: function that loads it and returns the steps."""
        turn = self.turn()
        try:
            yield from turn.wait()
            return (yield from begin())
        finally:
            turn.end()

    def restart(self):
        """Restart in a moment."""
        if not self.is_restarting:
            self.is_restarting = True
            self.log.info("Restarting.")
            try:
                self.tasks.finish("Restart", on_demand("restart").steps(self))
            except Exception as error:  # noqa: BLE001 - what was asked for comes in any case
                self.log.failure("The last steps can't be taken.", error)
                self.reset()


def wire(clock, log, settings, sensors, storage, runtime, nvm, reset, feed=None, marks=None, off=0):
    """Make what measures and records, and the tasks for it; returns the App.

    sensors: a list of Sensor, as sensors/loading.py makes it; storage: the module; runtime: supervisor.runtime;
    nvm: microcontroller.nvm; reset: function like microcontroller.reset; feed: function that feeds
    the watchdog; marks, off: see Readings.
    """
    app = App(clock, log, settings, feed, reset, nvm)
    drive = app.drive = Drive(clock, log, storage, runtime, nvm)
    room = app.room = Room()
    app.medium = drive
    recordings = app.recordings = Recordings(ilistdir=storage.getmount("/").ilistdir)
    readings = app.readings = Readings(sensors, clock, settings, log, feed, marks, off)
    if settings["SD_CARD"]:
        _put_in_card(app, storage)
    medium = app.medium
    recorder = Recorder(clock, settings, log, readings, room, recordings, medium, nvm)
    recorder.new_turn = app.turn
    app.recorder = recorder
    if medium is not drive:
        medium.recorder = recorder
    app.tasks.add("Drive", drive.run)
    app.tasks.add("Sensors", readings.run)
    if settings["LOW_BATTERY_VOLTS"]:
        _watch_battery(app)
    app.tasks.add("Recorder", recorder.run)
    if settings["LOG_TO_DRIVE"]:
        _keep_log(app)
    app.trial = Trial(app, nvm)
    return app


def _watch_battery(app):
    """Let settings and code be refused while the battery is low."""
    from .battery import watch

    app.tasks.add("Battery", lambda: watch(app))


def _put_in_card(app, storage):
    """Let the recordings go to an SD card."""
    pins = app.settings["SD_CARD"]
    try:
        from .recording.card import Card

        card = Card(app.clock, app.log, storage, app.drive, app.room, app.recordings, pins)
    except Exception as error:  # noqa: BLE001 - nothing else may stop for it
        app.log.failure("The SD card can't be used.", error)
        return
    app.medium = card
    app.tasks.add("SD card", card.run)


def _keep_log(app):
    """Keep the log on the drive."""
    try:
        from .log_file import LogFile

        log_file = LogFile(app.clock, app.log, app.drive, app.recorder)
    except Exception as error:  # noqa: BLE001 - nothing else may stop for it
        app.log.failure("The log can't be kept on the drive.", error)
        return
    app.log_file = log_file
    app.tasks.add("Log file", log_file.run)


def serve(app, network, pool, heap=0):
    """Make what people reach over Wi-Fi and the status light, and the tasks for it; returns the
    server.

    network: an AccessPoint or a Station; pool: a socketpool.SocketPool; heap: see BaseServer.
    """
    from .light.status_light import StatusLight
    from .status import Status
    from .web.access import Access
    from .web.routes import AdminServer

    app.network = network
    app.status = Status(app)
    server = app.server = AdminServer(
        app, Access(app.clock, app.settings, network, app.login), heap
    )
    light = StatusLight(app.clock, app.settings, app.log, app.status.light)
    app.tasks.add("Network", network.run)
    app.tasks.add("Name server", lambda: answer_names(app.log, network, pool))
    app.tasks.add("Server", lambda: server.serve(pool))
    app.tasks.add("Status light", light.run)
    app.tasks.add("Update", app.trial.run)
    return server


def answer_names(log, network, pool):
    """The task of the name server (a generator): in a network that was joined nobody asks it."""
    while network.access_point_address() is None:
        yield
    from .wifi.name_server import NameServer

    yield from NameServer(log, network, pool).run()


def keep_time(app, pool, radio):
    """Keep the clock right while the board runs, where the settings want that."""
    settings = app.settings
    if settings["TIME_ZONE"] or settings["WIFI_MODE"] == "station" and settings["NTP_SERVER"]:
        from .timekeeping import Timekeeping

        keeper = Timekeeping(app, pool, lambda: radio.ipv4_dns)
        app.tasks.add("Clock", keeper.run)


def heap_bytes(supervisor):
    """Bytes of Python's heap as settings.toml asks for it, without its tables; 0 where that isn't
    known: before CircuitPython 10.2 no program could read it."""
    if not hasattr(supervisor, "get_setting"):
        return 0
    try:
        return int(supervisor.get_setting("CIRCUITPY_HEAP_START_SIZE", 0)) * 31 // 32
    except (ValueError, TypeError):  # whatever somebody has written there
        return 0


def make_network(app, supervisor, microcontroller, wifi):
    """The network of the mode that the settings want. Takes the board's modules."""
    fresh = supervisor.runtime.run_reason == supervisor.RunReason.STARTUP
    reset = None if fresh else microcontroller.reset
    if app.settings["WIFI_MODE"] == "station":
        import mdns

        from .wifi.station import Station

        feed = microcontroller.watchdog.feed
        return Station(app.clock, app.settings, app.log, wifi.radio, reset, feed, mdns)
    from .wifi.access_point import AccessPoint

    return AccessPoint(app.clock, app.settings, app.log, wifi.radio, reset)


def start():
    """Wire everything to the board; returns the tasks and the server."""
    import time

    import alarm
    import microcontroller
    import rtc
    import socketpool
    import storage
    import supervisor
    import wifi

    from .clock import Clock
    from .log import Log
    from .settings import Settings

    nvm = microcontroller.nvm
    feed = microcontroller.watchdog.feed
    reset = microcontroller.reset
    runtime = supervisor.runtime
    memory = alarm.sleep_memory
    reset_reason = str(microcontroller.cpu.reset_reason).split(".")[-1]
    if memory[RESET_AT] == ord("P"):
        reset_reason = "SOFTWARE"
    clock = Clock(supervisor.ticks_ms, rtc.RTC(), nvm, memory)
    log = Log(clock)
    settings = Settings(log, nvm=nvm)
    fresh = runtime.run_reason == supervisor.RunReason.STARTUP
    why = reset_reason if fresh else ""
    off = suspects(log, nvm, memory, why, settings["SENSORS"])
    sensors = on_demand("loading", "datalogger.sensors").load(
        settings["SENSORS"], settings["CHANNELS"], log, feed, memory, off
    )
    up_s = int(time.monotonic())
    on_demand("clock_start").find(clock, settings, log, memory, reset_reason, up_s)
    app = wire(clock, log, settings, sensors, storage, runtime, nvm, reset, feed, memory, off)
    app.reset_reason = reset_reason
    on_demand("sessions").take(app.login)
    if settings["OUTPUTS"]:
        outputs = on_demand("loading", "datalogger.outputs")
        app.outputs = outputs.load(settings["OUTPUTS"], log)
    if settings["LIMITS"]:
        on_demand("limits").watch(app)
    network = make_network(app, supervisor, microcontroller, wifi)
    pool = socketpool.SocketPool(wifi.radio)
    server = serve(app, network, pool, heap_bytes(supervisor))
    keep_time(app, pool, wifi.radio)
    log.info("Started.")
    return app.tasks, server


def suspects(log, nvm, memory, why, chosen):
    """Tell how the run before ended. Returns the sensors that stay off. why: such as "WATCHDOG", ""
    after a reload; chosen: the sensors as the settings name them."""
    on_demand("end_before").tell(log, nvm, why, memory, chosen)
    return on_demand("suspects").switched_off(nvm, memory, bool(why), why == "WATCHDOG")


def run():
    """Start the app on a board and step its tasks for ever."""
    import time

    import microcontroller
    from watchdog import WatchDogMode

    watchdog = microcontroller.watchdog
    watchdog.timeout = _WATCHDOG_S
    watchdog.mode = WatchDogMode.RESET
    tasks, server = start()
    _forget_the_wiring()
    while True:
        tasks.step()
        if server.is_quiet():
            time.sleep(_PAUSE_S)


def _forget_the_wiring():
    """Free the memory of the functions that are done."""
    global wire, serve, heap_bytes, make_network, start, suspects, _keep_log, keep_time
    global _put_in_card, _watch_battery
    del wire, serve, heap_bytes, make_network, start, suspects, _keep_log, keep_time
    del _put_in_card, _watch_battery
    gc.collect()
