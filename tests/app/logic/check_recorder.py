"""Recording: cadence, files, flush, retention, full and foreign drives."""

from datalogger.recording.recorder import Recorder
from datalogger.recording.recordings import Recordings
from datalogger.sensors.readings import Readings
from fakes import FakeDrive, FakeRoom, FakeSettings, MovedClock, folder, quiet_log, read, texts

NOON = 1795521600  # 2026-11-24T12:00:00Z


class One:
    name = "one"
    label = "One"
    unit = "V"
    decimals = 1
    value = 1.5

    def read(self):
        return One.value


class Two(One):
    name = "two"
    decimals = 0
    fails = False

    def read(self):
        if Two.fails:
            raise OSError(5)
        return 7


class Bench:
    """A recorder with all it needs, on a folder."""

    def __init__(self, name, sensors=(One, Two), root=None, **settings):
        self.clock = MovedClock()
        self.settings = FakeSettings(**settings)
        self.log = quiet_log(self.clock)
        self.root = root or folder(name)
        self.recordings = Recordings(self.root)
        self.room = FakeRoom()
        self.drive = FakeDrive()
        Two.fails = False
        readings = Readings(sensors, self.clock, self.settings, self.log)
        self.recorder = Recorder(
            self.clock, self.settings, self.log, readings, self.room, self.recordings, self.drive
        )
        self.task = self.recorder.run()
        next(self.task)

    def run(self, seconds, step=1):
        """Let time pass; the recorder is stepped twice per step of so many seconds."""
        passed = 0
        while passed < seconds:
            self.clock.pass_s(step)
            passed += step
            next(self.task)
            next(self.task)

    def flush(self):
        while self.recorder.write_step():
            pass

    def content(self, name):
        found = read(self.root + "/data/" + name)
        return found and found.decode()


def test_samples_keep_their_pace():
    bench = Bench("pace", SAMPLE_SECONDS=10)
    bench.run(100)
    samples = bench.recorder.samples
    assert [samples.time(row) for row in range(samples.added)] == list(range(0, 1001, 100))


def test_pace_does_not_drift_under_load():
    bench = Bench("load", SAMPLE_SECONDS=10)
    bench.run(100, step=3)  # the loop takes three seconds a round
    samples = bench.recorder.samples
    times = [samples.time(row) for row in range(samples.added)]
    for number in range(len(times)):
        assert 0 <= times[number] - number * 100 <= 30, times


def test_a_long_stall_costs_samples_but_no_burst():
    bench = Bench("stall", SAMPLE_SECONDS=10)
    bench.run(20)
    before = bench.recorder.samples.added
    bench.clock.pass_s(95)
    next(bench.task)
    next(bench.task)
    assert bench.recorder.samples.added == before + 1
    bench.run(5)
    assert bench.recorder.samples.added == before + 2


def test_a_shorter_interval_counts_at_once():
    bench = Bench("shorter", SAMPLE_SECONDS=3600)
    bench.run(10)
    bench.settings.values["SAMPLE_SECONDS"] = 5
    before = bench.recorder.samples.added
    bench.run(20)
    assert bench.recorder.samples.added >= before + 4


def test_nothing_is_written_before_the_time():
    bench = Bench("early")
    bench.run(599)
    assert bench.recordings.names() == []
    assert bench.recorder.next_write_s() == 1
    bench.run(1)
    assert bench.recordings.names() == ["boot-1.csv"]
    bench.run(2)
    assert bench.recorder.samples.pending() == 0
    assert 590 <= bench.recorder.next_write_s() <= 600


def test_without_a_clock():
    bench = Bench("unset", SAMPLE_SECONDS=60)
    bench.run(120)
    bench.flush()
    assert bench.content("boot-1.csv") == "seconds,one,two\n0,1.5,7\n60,1.5,7\n120,1.5,7\n"
    again = Bench("unset", root=bench.root)
    again.run(1)
    again.flush()
    assert again.content("boot-2.csv") == "seconds,one,two\n0,1.5,7\n"


def test_with_a_clock():
    bench = Bench("set", SAMPLE_SECONDS=60)
    bench.run(60)
    bench.clock.set(NOON, 3600)
    bench.run(60)
    bench.flush()
    assert bench.content("2026-11-24.csv") == (
        "time,one,two\n"
        "2026-11-24T12:59:00+01:00,1.5,7\n"
        "2026-11-24T13:00:00+01:00,1.5,7\n"
        "2026-11-24T13:01:00+01:00,1.5,7\n"
    )
    assert bench.recorder.file() == "2026-11-24.csv"


def test_setting_the_clock_between_two_writes():
    bench = Bench("between")
    bench.flush()
    bench.clock.set(NOON, 0)
    bench.run(60)
    bench.flush()
    assert bench.recordings.names() == ["boot-1.csv", "2026-11-24.csv"]
    assert bench.content("2026-11-24.csv") == "time,one,two\n2026-11-24T12:01:00+00:00,1.5,7\n"


def test_midnight_begins_a_new_file():
    bench = Bench("midnight", SAMPLE_SECONDS=60)
    bench.clock.set(NOON + 43200 - 90, 0)
    bench.run(180)
    bench.flush()
    assert bench.content("2026-11-24.csv").count("\n") == 3
    assert bench.content("2026-11-25.csv") == (
        "time,one,two\n2026-11-25T00:00:30+00:00,1.5,7\n2026-11-25T00:01:30+00:00,1.5,7\n"
    )


def test_a_failing_sensor_leaves_a_gap():
    bench = Bench("gap", SAMPLE_SECONDS=60)
    Two.fails = True
    bench.run(60)
    Two.fails = False
    bench.run(60)
    bench.flush()
    assert bench.content("boot-1.csv") == "seconds,one,two\n0,1.5,7\n60,1.5,\n120,1.5,7\n"


def test_changed_columns_begin_a_new_file():
    bench = Bench("columns")
    bench.clock.set(NOON, 0)
    bench.flush()
    other = Bench("columns", sensors=(One,), root=bench.root)
    other.clock.set(NOON + 60, 0)
    other.flush()
    assert other.content("2026-11-24-2.csv") == "time,one\n2026-11-24T12:01:00+00:00,1.5\n"
    third = Bench("columns", root=bench.root)
    third.clock.set(NOON + 120, 0)
    third.flush()
    assert third.content("2026-11-24.csv").count("\n") == 3
    assert third.recordings.names() == ["2026-11-24.csv", "2026-11-24-2.csv"]


def test_a_line_that_was_cut_stays_alone():
    bench = Bench("cut")
    bench.clock.set(NOON, 0)
    bench.flush()
    with open(bench.root + "/data/2026-11-24.csv", "ab") as file:
        file.write(b"2026-11-24T12:0")
    again = Bench("cut", root=bench.root)
    again.clock.set(NOON + 60, 0)
    again.flush()
    assert again.content("2026-11-24.csv").endswith(
        "\n2026-11-24T12:0\n2026-11-24T12:01:00+00:00,1.5,7\n"
    )


def test_an_empty_file_gets_its_header():
    bench = Bench("empty")
    bench.clock.set(NOON, 0)
    bench.recordings.append("2026-11-24.csv", b"", 0, None, None)
    bench.flush()
    assert bench.content("2026-11-24.csv").startswith("time,one,two\n2026-")


def test_a_large_file_is_followed_by_another():
    bench = Bench("large")
    bench.clock.set(NOON, 0)
    bench.flush()
    with open(bench.root + "/data/2026-11-24.csv", "ab") as file:
        file.write(b"x\n" * 50000)
    bench.run(60)
    bench.flush()
    assert bench.content("2026-11-24-2.csv").count("\n") == 2


def test_a_computer_has_the_drive():
    bench = Bench("computer", SAMPLE_SECONDS=1, FLUSH_SECONDS=10)
    bench.drive.writable = False
    bench.drive.reason = "A computer."
    bench.run(100)
    assert bench.recordings.names() == []
    assert bench.recorder.state() == ("paused", "A computer.")
    assert bench.recorder.next_write_s() is None
    assert bench.recorder.samples.pending() == 101
    bench.drive.writable = True
    bench.run(6)
    assert bench.recorder.state() == ("recording", "")
    assert bench.content("boot-1.csv").count("\n") >= 102


def test_the_memory_is_bounded_and_the_oldest_go():
    bench = Bench("bounded", SAMPLE_SECONDS=1)
    bench.drive.writable = False
    capacity = bench.recorder.samples.capacity
    bench.run(capacity + 49)
    assert bench.recorder.samples.pending() == capacity
    assert bench.recorder.samples.dropped == 50
    bench.drive.writable = True
    bench.flush()
    lines = bench.content("boot-1.csv").split("\n")
    assert lines[1].split(",")[0] == "50"
    assert len(lines) == capacity + 2


def test_nearly_full_memory_is_written_before_the_time():
    bench = Bench("nearly", SAMPLE_SECONDS=1, FLUSH_SECONDS=86400)
    bench.run(1000)
    assert bench.recorder.samples.dropped == 0
    assert bench.content("boot-1.csv").count("\n") > 700


def test_a_full_drive_stops_recording():
    bench = Bench("full", RETENTION="stop", RESERVE_KB=50, FLUSH_SECONDS=60)
    bench.run(60)
    bench.flush()
    before = bench.content("boot-1.csv")
    bench.room.bytes_free = 51 * 1024
    bench.run(300)
    assert bench.content("boot-1.csv") == before
    assert bench.recorder.state()[0] == "full"
    assert texts(bench.log).count("drive is full") == 1
    bench.room.bytes_free = 60 * 1024
    bench.recorder.deleted("boot-7.csv")
    bench.run(61)
    assert bench.recorder.state()[0] == "recording"
    assert bench.content("boot-1.csv").startswith(before)
    assert bench.content("boot-1.csv").count("\n") >= 7


def test_the_oldest_recordings_go_but_never_the_present_one():
    bench = Bench("oldest", FLUSH_SECONDS=60)
    bench.clock.set(NOON, 0)
    for name in ("2026-11-20.csv", "2026-11-21.csv", "2026-11-24.csv", "boot-3.csv"):
        bench.recordings.append(name, b"time,one,two\nx,1,2\n", 1, "x", "x")
    with open(bench.root + "/data/notes.txt", "w") as file:
        file.write("mine")
    deleted = []
    delete = bench.recordings.delete

    def count(name):
        deleted.append(name)
        bench.room.bytes_free = 400000 if len(deleted) == 2 else 53000
        return delete(name)

    bench.recordings.delete = count
    bench.room.bytes_free = 53000
    bench.run(70)
    assert deleted == ["boot-3.csv", "2026-11-20.csv"]
    assert bench.recorder.state()[0] == "recording"
    assert read(bench.root + "/data/notes.txt") == b"mine"
    bench.room.bytes_free = 53000
    bench.recordings.delete = delete
    bench.run(300)
    assert bench.recordings.names() == ["2026-11-24.csv"]
    assert bench.recorder.state()[0] == "full"


def test_nothing_is_deleted_where_all_of_it_would_not_be_enough():
    bench = Bench("reserve", FLUSH_SECONDS=60, RESERVE_KB=400)
    bench.clock.set(NOON, 0)
    names = ["2026-11-20.csv", "2026-11-21.csv"]
    for name in names:
        bench.recordings.append(name, b"time,one,two\nx,1,2\n", 1, "x", "x")
    bench.room.bytes_free = 300000
    bench.run(120)
    assert bench.recordings.names() == names
    assert bench.recorder.state()[0] == "full"
    bench.settings.values["RESERVE_KB"] = 50
    bench.run(61)
    assert bench.recorder.state()[0] == "recording"


def test_deleting_the_present_file_begins_a_new_one():
    bench = Bench("deleted", FLUSH_SECONDS=60)
    bench.run(120)
    bench.flush()
    bench.recordings.delete("boot-1.csv")
    bench.recorder.deleted("boot-1.csv")
    bench.run(60)
    bench.flush()
    assert bench.content("boot-1.csv").startswith("seconds,one,two\n180,")


def test_errors_are_told_and_tried_again():
    bench = Bench("errors", FLUSH_SECONDS=60)

    def fail(*_):
        raise OSError(5)

    append = bench.recordings.append
    bench.recordings.append = fail
    bench.run(200)
    state, reason = bench.recorder.state()
    assert state == "error" and "again" in reason
    assert texts(bench.log).count("Writing the recording failed") == 1
    bench.recordings.append = append
    bench.run(31)
    assert bench.recorder.state() == ("recording", "")
    assert bench.recorder.samples.pending() == 0


def test_a_row_that_failed_half_written_stays_alone():
    bench = Bench("half", SAMPLE_SECONDS=60)
    bench.flush()
    append = bench.recordings.append

    def fail(name, content, *rest):
        append(name, content[:5], *rest)
        raise OSError(5)

    bench.recordings.append = fail
    bench.run(60)
    bench.flush()
    bench.recordings.append = append
    bench.flush()
    assert bench.content("boot-1.csv") == "seconds,one,two\n0,1.5,7\n60,1.\n60,1.5,7\n"


def test_a_drive_that_turns_full_while_writing():
    bench = Bench("turns", FLUSH_SECONDS=60)

    def fail(*_):
        raise OSError(28, "ENOSPC")

    bench.recordings.append = fail
    bench.run(100)
    assert bench.recorder.state()[0] == "full"
    assert bench.recorder.samples.dropped == 0


def test_one_step_writes_little():
    bench = Bench("steps", SAMPLE_SECONDS=1)
    bench.drive.writable = False
    bench.run(300)
    bench.drive.writable = True
    sizes = []
    append = bench.recordings.append

    def watch(name, content, *rest):
        sizes.append(len(content))
        append(name, content, *rest)

    bench.recordings.append = watch
    bench.flush()
    assert len(sizes) > 5
    assert max(sizes) <= 1500


def test_estimates():
    bench = Bench("estimates")
    assert 1.89 < bench.recorder.flash_years() < 1.91
    bench.settings.values["FLUSH_SECONDS"] = 60
    assert 0.18 < bench.recorder.flash_years() < 0.20  # ten weeks
    bench.settings.values["FLUSH_SECONDS"] = 86400
    bench.settings.values["SAMPLE_SECONDS"] = 1
    assert bench.recorder.write_interval_s() < 300  # the memory is full before
    bench.room.bytes_free = 50 * 1024
    assert bench.recorder.days_left() == 0
