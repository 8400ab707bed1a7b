"""Where the time comes from: zones, clock chips, time servers, and what is kept over a restart."""

import struct
import sys

from datalogger.clock import Clock
from datalogger.rare import clock_start, ntp, zone
from fakes import FakeSettings, MovedClock, Ticks, quiet_log, raises, texts

NOON = 1795521600  # 2026-11-24T12:00:00Z
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"


def test_zones():
    # as `TZ=... date` of GNU coreutils shows them
    assert zone.at("UTC0", NOON) == (0, None)
    assert zone.at("<+0545>-5:45", NOON) == (20700, None)
    assert zone.at(BERLIN, NOON) == (3600, 1806195600)
    assert zone.at(BERLIN, 1806195599) == (3600, 1806195600)
    assert zone.at(BERLIN, 1806195600) == (7200, 1824944400)
    assert zone.at(BERLIN, 1824944400)[0] == 3600
    # New York, where both changes are at two o'clock
    assert zone.at("EST5EDT,M3.2.0,M11.1.0", 1781524800)[0] == -14400
    # Lord Howe Island: summer time of half an hour, over the turn of the year
    assert zone.at("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1798761600) == (39600, 1806764400)
    assert zone.at("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1810000000)[0] == 37800


def test_what_is_no_zone():
    for rule in (
        "CET",
        "1",
        "CET-1CEST",
        "CET-1CEST,M13.5.0,M10.5.0",
        "<+01-1",
        "CET-1CEST,J60,J300",
    ):
        raises(ValueError, zone.at, rule, NOON)


def test_the_time_is_kept_over_a_restart():
    memory = bytearray(256)
    clock = Clock(Ticks(), None, None, memory)
    clock._zero = None
    clock.set(NOON, 0)
    for reason, kept in (("WATCHDOG", True), ("SOFTWARE", True), ("POWER_ON", False)):
        after = MovedClock()
        clock_start.find(after, FakeSettings(), quiet_log(after), memory, reason, 2)
        assert after.is_set() == kept
        if kept:
            assert after.epoch() == NOON + 2 and after.source == "kept"


def test_it_is_written_every_ten_seconds_and_checked():
    memory = bytearray(256)
    clock = MovedClock()
    clock.memory = memory
    clock.set(NOON, 0)
    clock.pass_s(9)
    assert clock_start.kept(memory) == NOON
    clock.pass_s(2)
    assert clock_start.kept(memory) == NOON + 11
    memory[10] ^= 1
    assert clock_start.kept(memory) is None
    assert clock_start.kept(bytes(256)) is None and clock_start.kept(b"\xff" * 256) is None


def test_drifts_are_told():
    clock = MovedClock()
    clock.set(NOON, 0, "rtc")
    assert clock.drifts == {} and clock.source == "rtc"
    clock.pass_s(60)
    clock.set(NOON + 57, 0, "ntp")
    assert clock.drifts == {"ntp": -3} and clock.source == "ntp"


# --- time servers


class Server:
    """A name server and a time server, and the pool of sockets to them."""

    AF_INET = SOCK_DGRAM = 0

    def __init__(self, clock, lag_s=0.4):
        self.clock = clock
        self.lag_s = lag_s
        self.asked = []
        self.open = 0
        self.silent = False
        self.strange = False

    def socket(self, family, kind):
        self.open += 1
        return self

    def settimeout(self, seconds):
        assert seconds == 0

    def close(self):
        self.open -= 1

    def sendto(self, message, address):
        self.asked.append(address)
        self.waits = 0
        if address[1] == 53:
            head = (
                bytes(message[:2])
                + b"\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00"
                + bytes(message[12:])
            )
            alias = b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x09\x00\x02\xc0\x0c"
            self.answer = (
                head + alias + b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x09\x00\x04\x0a\x01\x02\x03"
            )
        else:
            found = bytearray(48)
            found[0] = 0x24
            found[1] = 0 if self.strange else 2
            found[24:32] = message[40:48]
            found[40:48] = struct.pack(">II", NOON + 2208988800, 0x80000000)
            self.answer = bytes(found)

    def recvfrom_into(self, buffer):
        self.waits += 1
        self.clock.pass_s(self.lag_s / 2)
        if self.silent or self.waits < 2:
            raise OSError(11, "EAGAIN")
        buffer[: len(self.answer)] = self.answer
        return len(self.answer), ("10.1.2.3", 123)


def asked(server, name="pool.ntp.org"):
    steps = ntp.ask(server.clock, server, "10.0.0.1", name)
    count = 0
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return count, stop.value
        count += 1


def test_a_time_server_is_asked_without_waiting():
    server = Server(MovedClock())
    steps, (epoch, tenths) = asked(server)
    assert server.asked == [("10.0.0.1", 53), ("10.1.2.3", 123)] and server.open == 0
    assert steps == 4  # each of them short
    # the server answered half a second after the full second; the answer took 0.2 s
    assert epoch == NOON and server.clock.tenths - tenths == 7
    assert asked(server, "10.1.2.3")[1][0] == NOON


def test_a_time_server_that_is_silent_or_does_not_know():
    server = Server(MovedClock())
    server.strange = True
    raises(ValueError, asked, server)
    server.silent = True
    begin = server.clock.tenths
    raises(OSError, asked, server)
    assert server.clock.tenths - begin < 50 and server.open == 0


def test_an_answer_that_says_nothing():
    for message in (b"", bytes(12), b"\x00" * 6 + b"\x00\x01" + bytes(9), b"\xff" * 40):
        raises(ValueError, ntp.address_in, message)


# --- clock chips


class I2C:
    """A bus with a clock chip of 20 registers."""

    def __init__(self):
        self.registers = bytearray(20)
        self.locked = False

    def try_lock(self):
        was = self.locked
        self.locked = True
        return not was

    def unlock(self):
        self.locked = False

    def writeto(self, address, content):
        assert address == 0x68 and self.locked
        first = content[0]
        self.registers[first : first + len(content) - 1] = content[1:]

    def writeto_then_readfrom(self, address, sent, found):
        assert address == 0x68 and self.locked
        found[:] = self.registers[sent[0] : sent[0] + len(found)]


def chip(bus):
    """The module of the clock chips, with that bus at GP4."""
    for name in ("board", "busio"):
        sys.modules[name] = type("module", (), {})
    sys.modules["datalogger.sensors.buses"] = type("module", (), {"made": {"GP4": bus}})
    try:
        from datalogger.rare import rtc_chip

        return rtc_chip
    finally:
        for name in ("board", "busio"):
            del sys.modules[name]


def test_clock_chips():
    bus = I2C()
    module = chip(bus)
    epoch = NOON + 3723  # 13:02:03 on a Tuesday
    try:
        bus.registers[0x0F] = 0x88  # its oscillator has stopped
        assert module.read("ds3231:GP4") is None
        module.write("ds3231:GP4", epoch)
        assert bytes(bus.registers[:7]) == b"\x03\x02\x13\x02\x24\x11\x26"
        assert bus.registers[0x0F] == 0x08 and module.read("ds3231:GP4") == epoch
        bus.registers[3] = 0x80
        assert module.read("pcf8523:GP4") is None
        bus.registers[2] = 0xE0  # as after a reset: the battery is not used
        module.write("pcf8523:GP4", epoch)
        assert bytes(bus.registers[2:10]) == b"\x00\x03\x02\x13\x24\x01\x11\x26"
        assert module.read("pcf8523:GP4") == epoch and not bus.locked
        bus.registers[4] = 0xFF
        raises(ValueError, module.read, "pcf8523:GP4")
        assert not bus.locked
    finally:
        del sys.modules["datalogger.sensors.buses"]


def test_the_clock_chip_counts_at_the_start():
    bus = I2C()
    module = chip(bus)
    clock = MovedClock()
    log = quiet_log(clock)
    wanted = FakeSettings(RTC_CHIP="ds3231:GP4", TIME_ZONE=BERLIN)
    try:
        module.write("ds3231:GP4", NOON)
        sys.modules["datalogger.rare.rtc_chip"] = module
        clock_start.find(clock, wanted, log, bytes(256), "ResetReason.POWER_ON", 2)
        assert clock.epoch() == NOON and clock.source == "rtc" and clock.utc_offset_s == 3600
        bus.registers[0x0F] = 0x80
        sys.modules["datalogger.rare.rtc_chip"] = module
        clock_start.find(clock, wanted, log, bytes(256), "ResetReason.POWER_ON", 2)
        assert "lost its time" in texts(log)
    finally:
        sys.modules.pop("datalogger.rare.rtc_chip", None)
        del sys.modules["datalogger.sensors.buses"]
