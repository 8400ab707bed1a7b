"""What surrounds the board: sensors, pins, lights, computer, time; and how a running simulation is
controlled."""

import pytest
from simulator import conditions
from simulator.control_file import ControlFile


def test_sensors_are_plausible_and_drift_slowly(on_board, vm):
    on_board(
        """
import analogio, board, microcontroller
monitor = analogio.AnalogIn(board.VOLTAGE_MONITOR)
volts = monitor.value / 65535 * monitor.reference_voltage * 3
assert 4.8 < volts < 5.1, volts
assert monitor.value % 16 == 0
assert 20 < microcontroller.cpu.temperature < 28
assert microcontroller.cpu.uid == b"\\xe6\\x61\\x41\\x03\\xe7\\x45\\x2d\\x2f"
assert microcontroller.cpu.frequency == 125000000 and microcontroller.cpu.voltage == 3.3
try:
    analogio.AnalogIn(board.A3)
    assert False
except ValueError as error:
    assert "in use" in str(error)
monitor.deinit()
analogio.AnalogIn(board.A3).deinit()
try:
    analogio.AnalogIn(board.GP0)
    assert False
except ValueError:
    pass
""",
        vm=vm,
    )


WATCH = """
import analogio, board, digitalio, microcontroller, time
monitor = analogio.AnalogIn(board.A3)
sense = digitalio.DigitalInOut(board.VBUS_SENSE)
button = digitalio.DigitalInOut(board.GP15)
button.switch_to_input(pull=digitalio.Pull.UP)
seen = None
while True:
    try:
        degrees = "%.1f" % microcontroller.cpu.temperature
    except OSError as error:
        degrees = "error %d" % error.errno
    now = (round(monitor.value / 65535 * 3.3 * 3, 1), degrees, sense.value, button.value)
    if now != seen:
        seen = now
        print(now)
    time.sleep(0.01)
"""


def test_conditions_change_what_the_program_measures(boards, vm):
    board = boards(
        vm=vm, files={"code.py": WATCH}, payload=False, start=False, voltage=3.6, temperature=20
    )
    board.power_on()
    board.wait_for_output("(3.6, '20.1', True, True)")
    board.change(voltage=3.2, usb_power=False)
    board.wait_for_output("(3.2, '20.1', False, True)")
    board.change(failing=["temperature"], pins={"GP15": False})
    board.wait_for_output("(3.2, 'error 5', False, False)")
    board.change(failing=[])
    board.wait_for_output("(3.2, '20.1', False, False)")


def test_lights_are_reported_where_they_are_traced(boards, vm):
    script = """
import board, digitalio, neopixel_write
led = digitalio.DigitalInOut(board.LED)
try:
    led.value = True
except AttributeError:
    led.direction = digitalio.Direction.OUTPUT
for value in (True, True, False):
    led.value = value
strip = digitalio.DigitalInOut(board.GP5)
strip.switch_to_output()
neopixel_write.neopixel_write(strip, bytearray((1, 2, 255)))
"""
    files = {"code.py": script}
    board = boards(
        vm=vm, files=files, payload=False, start=False, traced=("pins", "pixels"), speed=1
    )
    board.run_to_the_end()
    assert [event[:2] for event in board.events("pin")] == [["LED", True], ["LED", False]]
    assert [event[:2] for event in board.events("pixels")] == [["GP5", "0102ff"]]
    quiet = boards(vm=vm, files=files, payload=False, start=False)
    quiet.run_to_the_end()
    assert quiet.events("pin") == [] and quiet.events("pixels") == []


def test_computer_is_seen_a_moment_after_start(boards, vm):
    script = """
import supervisor, time
runtime = supervisor.runtime
print("first", runtime.usb_connected)
while not runtime.usb_connected:
    time.sleep(0.01)
print("later", time.monotonic() >= 1.5)
while runtime.usb_connected:
    time.sleep(0.01)
print("gone")
"""
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False, usb="ejected")
    board.power_on()
    board.wait_for_output("later True")
    board.detach_computer()
    assert board.run_to_the_end() == "first False\nlater True\ngone\n"


def test_speed_can_change_while_running(boards, vm):
    script = """
import time
last = time.monotonic()
print("ready")
while True:
    now = time.monotonic()
    assert now >= last
    last = now
    if now > 1800:
        break
"""
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False)
    board.power_on()
    board.wait_for_output("ready")
    board.change(speed=3600)
    board.run_to_the_end()


def test_computer_writing_a_file_reloads_the_program_and_counts(boards, vm):
    script = "import os, time\nprint('free', os.statvfs('/')[3])\nwhile True:\n    time.sleep(1)\n"
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False)
    board.power_on()
    board.wait_for_output("\n")
    board.computer_writes("big.bin", bytes(51200))
    board.wait_or_fail(lambda: board.output().count("\n") == 2, "no second run")
    first, second = (int(line.split()[1]) for line in board.output().splitlines())
    assert first - second == 100


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"weather": "fine"}, "unknown condition 'weather'"),
        ({"usb": ["mounted"]}, "usb must be a text"),
        ({"speed": "fast"}, "speed must be a number"),
        ({"speed": None}, "speed must be a number"),
        ({"voltage": "high"}, "voltage must be a number or null"),
        ({"wifi": 1}, "wifi must be true or false"),
        ({"sensors": "bme280"}, "sensors must be a list of texts"),
        ({"sensors": [1]}, "sensors must be a list of texts"),
        ({"faults": ["crc"]}, "faults must be an object"),
        ({"faults": {"bme280": []}}, "faults must be an object of texts"),
        ({"measured": {"bme280": 1}}, "measured must be an object of objects"),
        ({"pulses": {"GP15": "fast"}}, "pulses must be an object of numbers"),
        ({"pins": {"A0": {}}}, "pins must be an object of numbers, true or false"),
        ({"networks": {"home": 1}}, "networks must be an object of texts"),
        ({"usb": "yes"}, "usb must be one of none, mounted, ejected"),
        ({"speed": 0}, "speed must be above 0"),
    ],
)
def test_conditions_that_mean_nothing_are_refused(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        conditions.check(wrong)


def test_control_file_gives_each_change_once(tmp_path):
    control = ControlFile(tmp_path / "control.json")
    assert control.changes() == {}
    control.path.write_text('{"usb": "mounted", "wifi": true}')
    assert control.changes() == {"usb": "mounted"}
    assert control.changes() == {}
    control.path.write_text('{"usb": "none"}')
    assert control.changes() == {"usb": "none"}
    for text in ("{", "[1]", '{"usb": 1}'):
        control.path.write_text(text)
        with pytest.raises(ValueError):
            control.changes()
        assert control.changes() == {}
