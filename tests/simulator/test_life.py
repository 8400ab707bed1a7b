"""The life of a simulated board: power, reset, reload, watchdog, and what survives each of them."""

import os
import time

import pytest

STEP = """
import microcontroller, rtc, supervisor, time, storage
count = microcontroller.nvm[0] if microcontroller.nvm[0] != 255 else 0
print("run", count, microcontroller.cpu.reset_reason, supervisor.runtime.run_reason, time.localtime()[0])
microcontroller.nvm[0] = count + 1
rtc.RTC().datetime = time.struct_time((2026, 11, 23, 10, 20, 30, 0, 0, -1))
print("clock", time.localtime()[:6])
if count == 0:
    supervisor.reload()
if count == 1:
    microcontroller.reset()
if count == 2:
    microcontroller.watchdog.timeout = 1
    microcontroller.watchdog.mode = __import__("watchdog").WatchDogMode.RESET
    while True:
        pass
raise ValueError("the end")
"""


@pytest.mark.daily
def test_reset_reload_and_watchdog(boards, vm):
    board = boards(vm=vm, files={"code.py": STEP}, payload=False, start=False, expected=("bite",))
    board.power_on()
    board.wait_or_fail(lambda: board.status == "error", "the last run did not come")
    lines = board.output().splitlines()
    runs = [line for line in lines if line.startswith("run ")]
    assert runs == [
        "run 0 microcontroller.ResetReason.POWER_ON supervisor.RunReason.STARTUP 2000",
        "run 1 microcontroller.ResetReason.POWER_ON supervisor.RunReason.SUPERVISOR_RELOAD 2026",
        "run 2 microcontroller.ResetReason.SOFTWARE supervisor.RunReason.STARTUP 2000",
        "run 3 microcontroller.ResetReason.WATCHDOG supervisor.RunReason.STARTUP 2000",
    ]
    assert lines.count("clock (2026, 11, 23, 10, 20, 30)") == 4
    assert "ValueError: the end" in lines
    assert board.runs == 4


def test_nonvolatile_bytes_are_always_whole(boards, vm):
    """A test that reads them while the board runs once found an empty file."""
    code = """
import microcontroller
while True:
    microcontroller.nvm[0] = (microcontroller.nvm[0] + 1) % 256
"""
    board = boards(vm=vm, files={"code.py": code}, payload=False, start=False)
    board.power_on()
    file = board.state_folder / "nvm.bin"
    board.wait_or_fail(file.exists, "no byte was written")
    contents = [file.read_bytes() for _ in range(5000)]
    assert {len(content) for content in contents} == {4096}
    assert len({content[0] for content in contents}) > 10, "nothing was written meanwhile"


def test_watchdog_leaves_a_feeding_program_alone(on_board, vm):
    on_board(
        """
import microcontroller, time, watchdog
dog = microcontroller.watchdog
dog.timeout = 1
dog.mode = watchdog.WatchDogMode.RESET
for _ in range(200):
    dog.feed()
    time.sleep(0.01)
try:
    dog.timeout = 9
except ValueError:
    print("no more than 8 s")
""",
        vm=vm,
    )


def test_power_cut_ends_the_program_at_once_and_clears_the_clock(boards, vm):
    script = "import time\nprint('year', time.localtime()[0])\nwhile True:\n    time.sleep(1)\n"
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False)
    for count in (1, 2):
        board.power_on()
        board.wait_for_output("year 2000\n" * count)
        board.stop()
        assert board.status == "off"


def test_boot_py_runs_at_reset_only_and_leaves_boot_out_txt(boards, vm):
    files = {
        "boot.py": "import supervisor\nprint('boot', supervisor.runtime.usb_connected)\n",
        "code.py": "print('code')\n",
    }
    board = boards(vm=vm, files=files, payload=False, start=False, usb="mounted")
    board.power_on()
    board.wait_or_fail(lambda: board.status == "done", "no end")
    board.reload()
    board.wait_or_fail(lambda: board.runs == 2 and board.status == "done", "no second run")
    assert board.output().count("boot False") == 1
    assert board.output().count("code\n") == 2
    text = (board.drive / "boot_out.txt").read_text()
    assert text.splitlines()[:3] == [
        "Adafruit CircuitPython 10.3.1 on 2026-07-01; Raspberry Pi Pico W with rp2040",
        "Board ID:raspberry_pi_pico_w",
        "UID:E6614103E7452D2F",
    ]
    assert text.endswith("boot False\n")


def test_error_shows_the_programs_own_lines_only(boards, vm):
    files = {"code.py": "import part\n\npart.work()\n", "lib/part.py": "def work():\n    1 / 0\n"}
    board = boards(vm=vm, files=files, payload=False, start=False)
    board.power_on()
    board.wait_or_fail(lambda: board.status == "error", "no error")
    lines = board.output().splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert '"/code.py", line 3' in lines[1]
    assert '"/lib/part.py", line 2' in lines[2]
    assert lines[3].startswith("ZeroDivisionError")


def test_previous_traceback_is_there_after_a_reload(boards, vm):
    script = """
import supervisor
print("before:", supervisor.get_previous_traceback())
raise ValueError("broken")
"""
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False)
    board.power_on()
    board.wait_or_fail(lambda: board.status == "error", "no error")
    board.reload()
    board.wait_or_fail(lambda: board.runs == 2 and board.status == "error", "no second run")
    assert "before: None" in board.output()
    assert "before: Traceback" in board.output()


def test_missing_code_is_told(boards):
    board = boards(payload=False, start=False)
    board.power_on()
    assert board.wait(lambda: board.status == "missing")


@pytest.mark.parametrize("how", ["power_on", "stop"])
def test_power_switch_can_be_used_twice(boards, how):
    board = boards(files={"code.py": "print('here')"}, payload=False, start=False)
    board.power_on()
    board.wait_for_output("here")
    getattr(board, how)()
    getattr(board, how)()
    board.stop()
    assert board.output().count("here") == 1


def test_nothing_runs_after_stop(boards, vm):
    script = "import os, time\nprint('on')\nwhile True:\n    time.sleep(0.1)\n"
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False)
    board.power_on()
    board.wait_for_output("on")
    number = board._process._process.pid
    board.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_board_time_runs_at_the_given_speed_and_on_across_reloads(boards, vm):
    script = """
import supervisor, time
print("at", time.monotonic_ns() // 1000000)
if time.monotonic() < 3600:
    time.sleep(3600)
    supervisor.reload()
"""
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False, speed=3600)
    began = time.monotonic()
    board.power_on()
    board.wait_or_fail(lambda: board.status == "done", "no end")
    took = time.monotonic() - began
    times = [int(line.split()[1]) for line in board.output().splitlines() if line.startswith("at")]
    assert times[0] < 3_600_000 <= times[1]
    assert times[1] < (took + 1) * 3_600_000
