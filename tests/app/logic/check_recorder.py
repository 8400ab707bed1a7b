"""Recording: cadence, files, flush, retention, full and foreign drives."""

from datalogger import file_system
from datalogger.rare import prospects
from datalogger.rare.dated_recording import texts as texts_of
from datalogger.rare.growing_file import content_end
from datalogger.rare.recording_names import make, names
from datalogger.rare.recordings import _describe
from datalogger.recording.recorder import Recorder
from datalogger.recording.recordings import Recordings
from datalogger.sensors.readings import Readings
from datalogger.turns import Turn
from fakes import (
    FakeDrive,
    FakeRoom,
    FakeSettings,
    MovedClock,
    chosen,
    exhaust,
    folder,
    quiet_log,
    raises,
    read,
    texts,
    write,
)

NOON = 1795521600  # 2026-11-24T12:00:00Z
HEADER = "time (UTC+00:00),one (V),two (V)\n"


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
    """A recorder with everything it needs, in a folder."""

    def __init__(self, name, sensors=(One, Two), root=None, nvm=None, **settings):
        self.clock = MovedClock()
        self.settings = FakeSettings(**settings)
        self.log = quiet_log(self.clock)
        self.root = root or folder(name)
        self.recordings = Recordings(self.root)
        self.room = FakeRoom()
        self.drive = FakeDrive()
        Two.fails = False
        readings = Readings(chosen(*sensors), self.clock, self.settings, self.log)
        self.recorder = Recorder(
            self.clock,
            self.settings,
            self.log,
            readings,
            self.room,
            self.recordings,
            self.drive,
            nvm,
        )
        self.turns = []
        self.recorder.new_turn = lambda: Turn(self.turns, (), self.clock, 60)
        self.task = self.recorder.run()
        next(self.task)

    def run(self, seconds, step=1):
        """Let time pass, `step` seconds at a time; each time the recorder is stepped often enough
        to finish a flush."""
        passed = 0
        while passed < seconds:
            self.clock.pass_s(step)
            passed += step
            for _ in range(60):
                next(self.task)

    def flush(self):
        while self.recorder.write_step():
            pass

    def content(self, name):
        """The text of a recording, without the blank lines that fill it and the blanks that leave
        room for a date in its title."""
        found = read(self.recordings.path(name))
        return found and found.decode().rstrip("\n").replace(" " * 38, "") + "\n"

    def let_files(self, instead):
        """From now on, call `instead(file, content, write)` in place of each write."""
        make = type(self.recorder)._writer

        def patched():
            writer = make(self.recorder)
            real = writer._open

            class File(real):
                def write(self, content):
                    instead(self, content, lambda text: real.write(self, text))

            writer._open = File
            return writer

        self.recorder._writer = patched

    def names(self):
        return list(names(self.recordings))

    def make(self, name, content):
        exhaust(make(self.recordings, name))
        write(self.recordings.path(name), content)


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


def test_no_two_samples_share_a_second():
    """Recordings have times in whole seconds."""
    bench = Bench("seconds", SAMPLE_SECONDS=1)
    bench.clock.pass_s(0.9)
    bench.task = bench.recorder.run()
    for late in (0, 0.1, 0.9, 0, 0.1, 0, 0, 0.9, 0.2) * 5:
        bench.clock.pass_s(0.8 + late)
        next(bench.task)
        next(bench.task)
    samples = bench.recorder.samples
    seconds = [samples.time(row) // 10 for row in range(samples.added)]
    assert len(seconds) > 30
    assert seconds == sorted(set(seconds))


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
    assert bench.names() == []
    assert prospects.next_write_s(bench.recorder, bench.clock) == 1
    bench.run(1)
    assert bench.names() == ["boot-1.csv"]
    bench.run(2)
    assert bench.recorder.samples.pending() == 0
    assert 590 <= prospects.next_write_s(bench.recorder, bench.clock) <= 600


def test_writing_waits_for_its_turn_but_not_for_ever():
    bench = Bench("turn", SAMPLE_SECONDS=1, FLUSH_SECONDS=5)
    recorder = bench.recorder
    request = Turn(bench.turns, (), bench.clock, 60)
    exhaust(request.wait())
    bench.run(10)
    assert bench.names() == [] and recorder.samples.added == 11  # sampling goes on
    request.end()
    bench.run(1)
    assert bench.names() and not bench.turns
    Turn(bench.turns, (), bench.clock, 60)  # of a request that never ends
    pending = recorder.samples.pending()
    bench.run(30)
    assert recorder.samples.pending() < pending + 20


def test_nobody_waits_for_a_task_that_has_failed():
    bench = Bench("failed-turn", SAMPLE_SECONDS=1, FLUSH_SECONDS=5)

    def fails():
        raise MemoryError

    bench.recorder._writer = fails
    raises(MemoryError, bench.run, 6)
    assert not bench.turns


def test_nobody_waits_for_a_writer_that_has_nothing_to_do():
    bench = Bench("no-turn", SAMPLE_SECONDS=1, FLUSH_SECONDS=5)
    request = Turn(bench.turns, (), bench.clock, 60)
    bench.run(6)
    assert len(bench.turns) == 2
    bench.flush()  # somebody else has it written at once
    bench.run(1)
    assert bench.turns == [request]


def test_without_a_clock():
    bench = Bench("unset", SAMPLE_SECONDS=60)
    bench.run(120)
    bench.flush()
    assert bench.content("boot-1.csv") == "seconds,one (V),two (V)\n0,1.5,7\n60,1.5,7\n120,1.5,7\n"
    again = Bench("unset", root=bench.root)
    again.run(1)
    again.flush()
    assert again.content("boot-2.csv") == "seconds,one (V),two (V)\n0,1.5,7\n"


def test_with_a_clock():
    bench = Bench("set", SAMPLE_SECONDS=60)
    bench.run(60)
    bench.clock.set(NOON, 3600)
    bench.run(60)
    bench.flush()
    assert bench.content("2026-11-24.csv") == (
        "time (UTC+01:00),one (V),two (V)\n"
        "2026-11-24 12:59:00,1.5,7\n"
        "2026-11-24 13:00:00,1.5,7\n"
        "2026-11-24 13:01:00,1.5,7\n"
    )
    assert bench.recorder.file() == "2026-11-24.csv"


def test_setting_the_clock_between_two_writes():
    bench = Bench("between")
    bench.flush()
    bench.clock.set(NOON, 0)
    bench.run(60)
    bench.flush()
    assert bench.names() == ["boot-1.csv", "2026-11-24.csv"]
    assert bench.content("2026-11-24.csv") == HEADER + "2026-11-24 12:01:00,1.5,7\n"


def test_recordings_without_a_clock_are_dated_once_it_is_known():
    bench = Bench("dated")
    bench.recorder.notes.append((bench.clock.tenths, "early"))
    bench.run(100)
    bench.flush()
    before = read(bench.recordings.path("boot-1.csv"))
    bench.clock.pass_s(18)
    bench.clock.set(NOON, 3600)
    bench.run(2)
    bench.flush()
    after = read(bench.recordings.path("boot-1.csv"))
    title = b"seconds since 2026-11-24 12:58:02 (UTC+01:00)"
    assert after == title + before[len(title) :] and len(after) % 512 == 0
    bench.run(60)
    bench.flush()  # it is dated only once
    assert read(bench.recordings.path("boot-1.csv")) == after
    assert "".join(texts_of(bench.recordings, "boot-1.csv")) == (
        HEADER.replace("+00", "+01")
        + "2026-11-24 12:58:02,1.5,7\n2026-11-24 12:59:02,1.5,7\n# note 2026-11-24 12:58:02 early\n"
    )
    known = exhaust(_describe(bench.recordings, "boot-1.csv"))[1]
    assert known[2:] == ("2026-11-24T12:58:02+01:00", "2026-11-24T12:59:02+01:00")


def test_all_pieces_of_a_long_run_are_dated():
    bench = Bench("pieces")
    bench.flush()
    with open(bench.recordings.path("boot-1.csv"), "r+b") as file:
        for place in range(4096, 98304, 2048):
            file.seek(place)
            file.write(b"0,1.5,7\n" * 256)
    bench.run(60)
    bench.flush()
    assert sorted(bench.names()) == ["boot-1-2.csv", "boot-1.csv"]
    bench.clock.set(NOON, 0)
    bench.recordings.delete("boot-1.csv")  # one of them may be gone
    bench.run(60)
    bench.flush()
    assert bench.content("boot-1-2.csv").startswith(
        "seconds since 2026-11-24 11:59:00 (UTC+00:00),"
    )


def test_midnight_begins_a_new_file():
    bench = Bench("midnight", SAMPLE_SECONDS=60)
    bench.clock.set(NOON + 43200 - 90, 0)
    bench.run(180)
    bench.flush()
    assert bench.content("2026-11-24.csv").count("\n") == 3
    assert bench.content("2026-11-25.csv") == (
        HEADER + "2026-11-25 00:00:30,1.5,7\n2026-11-25 00:01:30,1.5,7\n"
    )


def test_a_failing_sensor_leaves_a_gap():
    bench = Bench("gap", SAMPLE_SECONDS=60)
    Two.fails = True
    bench.run(60)
    Two.fails = False
    bench.run(60)
    bench.flush()
    assert bench.content("boot-1.csv") == "seconds,one (V),two (V)\n0,1.5,7\n60,1.5,\n120,1.5,7\n"


def test_changed_columns_begin_a_new_file():
    bench = Bench("columns")
    bench.clock.set(NOON, 0)
    bench.flush()
    other = Bench("columns", sensors=(One,), root=bench.root)
    other.clock.set(NOON + 60, 0)
    other.flush()
    assert (
        other.content("2026-11-24-2.csv") == "time (UTC+00:00),one (V)\n2026-11-24 12:01:00,1.5\n"
    )
    third = Bench("columns", root=bench.root)
    third.clock.set(NOON + 120, 0)
    third.flush()
    assert third.content("2026-11-24.csv").count("\n") == 3
    assert sorted(third.names()) == ["2026-11-24-2.csv", "2026-11-24.csv"]


def test_another_offset_begins_a_new_file():
    """The header states the UTC offset of all times in the file."""
    bench = Bench("offset")
    bench.clock.set(NOON, 3600)
    bench.flush()
    bench.clock.set(NOON, 0)
    bench.run(60)
    bench.flush()
    assert sorted(bench.names()) == ["2026-11-24-2.csv", "2026-11-24.csv"]
    assert bench.content("2026-11-24-2.csv").startswith(HEADER)


def test_a_file_of_an_earlier_version_is_left_alone():
    bench = Bench("earlier version")
    bench.clock.set(NOON, 0)
    old = b"time,one,two\n2026-11-24T11:00:00+00:00,1.5,7\n"
    bench.make("2026-11-24.csv", old)
    bench.flush()
    assert read(bench.recordings.path("2026-11-24.csv")) == old
    assert bench.content("2026-11-24-2.csv").startswith(HEADER)


def test_a_unit_can_not_break_the_header():
    class Odd(One):
        unit = 'a,b"(\n)'

    bench = Bench("odd unit", sensors=(Odd,))
    bench.flush()
    assert bench.content("boot-1.csv") == "seconds,one (ab)\n0,1.5\n"


def test_stopped_by_hand_also_over_a_restart():
    nvm = bytearray(32)
    bench = Bench("by hand", nvm=nvm, SAMPLE_SECONDS=60)
    bench.run(60)
    bench.recorder.stop(True)
    bench.run(600)
    assert bench.recorder.state() == ("stopped", "Recording was stopped by hand.")
    assert bench.content("boot-1.csv") == "seconds,one (V),two (V)\n0,1.5,7\n60,1.5,7\n"
    again = Bench("by hand", root=bench.root, nvm=nvm, SAMPLE_SECONDS=60)
    again.run(600)
    assert again.recorder.state()[0] == "stopped" and again.recorder.samples.added == 0
    again.recorder.sample()
    again.recorder.stop(False)
    again.run(60)
    again.flush()
    assert again.recorder.state()[0] == "recording"
    assert again.content("boot-2.csv").count("\n") == 3


def test_notes_are_lines_of_their_own():
    bench = Bench("notes", SAMPLE_SECONDS=60)
    bench.clock.set(NOON, 0)
    bench.run(60)
    bench.recorder.notes.append((bench.clock.tenths, "window open, 2 cm"))
    bench.recorder.write_soon()
    bench.run(1)
    assert bench.recorder.notes == []
    assert bench.content("2026-11-24.csv").endswith(
        "2026-11-24 12:01:00,1.5,7\n# note 2026-11-24 12:01:00 window open, 2 cm\n"
    )
    bench.recorder.notes.append((bench.clock.tenths, "without a row"))
    bench.flush()
    assert bench.content("2026-11-24.csv").endswith("# note 2026-11-24 12:01:01 without a row\n")


def test_a_line_that_was_cut_stays_alone():
    bench = Bench("cut")
    bench.clock.set(NOON, 0)
    bench.flush()
    path = bench.recordings.path("2026-11-24.csv")
    with open(path, "r+b") as file:
        file.seek(content_end(path))
        file.write(b"2026-11-24 12:0")
    again = Bench("cut", root=bench.root)
    again.clock.set(NOON + 60, 0)
    again.flush()
    assert again.content("2026-11-24.csv").endswith(
        "\n2026-11-24 12:0\n2026-11-24 12:01:00,1.5,7\n"
    )


def test_a_line_that_was_cut_at_the_very_end_stays_alone():
    bench = Bench("cut at the end")
    bench.clock.set(NOON, 0)
    bench.make("2026-11-24.csv", (HEADER + "2026-11-24 11:0").encode())
    bench.flush()
    assert bench.content("2026-11-24.csv") == (
        HEADER + "2026-11-24 11:0\n2026-11-24 12:00:00,1.5,7\n"
    )


def test_an_empty_file_gets_its_header():
    bench = Bench("empty")
    bench.clock.set(NOON, 0)
    bench.make("2026-11-24.csv", b"")
    bench.flush()
    assert bench.content("2026-11-24.csv").startswith(HEADER + "2026-")


def test_a_large_file_is_followed_by_another():
    bench = Bench("large")
    bench.clock.set(NOON, 0)
    bench.flush()
    with open(bench.recordings.path("2026-11-24.csv"), "ab") as file:
        while file.tell() < 100_000:  # piece by piece: the interpreter's heap is small
            file.write(b"x\n" * 250)
    bench.run(60)
    bench.flush()
    assert bench.content("2026-11-24-2.csv").count("\n") == 2


def test_a_computer_has_the_drive():
    bench = Bench("computer", SAMPLE_SECONDS=1, FLUSH_SECONDS=10)
    bench.drive.writable = False
    bench.drive.reason = "A computer."
    bench.run(100)
    assert bench.names() == []
    assert bench.recorder.state() == ("paused", "A computer.")
    assert prospects.next_write_s(bench.recorder, bench.clock) is None
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
    """Rows that fit in place of the blank lines of the file are still written, then no more."""
    bench = Bench("full", RETENTION="stop", RESERVE_KB=50, SAMPLE_SECONDS=10, FLUSH_SECONDS=60)
    bench.run(60)
    bench.flush()
    size = bench.recordings.size("boot-1.csv")
    assert size == 4096
    bench.room.bytes_free = 50 * 1024 + 511
    bench.run(4500)
    assert bench.recordings.size("boot-1.csv") == size
    before = bench.content("boot-1.csv")
    assert bench.recorder.state()[0] == "full"
    assert texts(bench.log).count("drive is full") == 1
    bench.room.bytes_free = 60 * 1024
    bench.recorder.delete("boot-7.csv")
    bench.run(61)
    assert bench.recorder.state()[0] == "recording"
    assert bench.content("boot-1.csv").startswith(before)
    assert bench.content("boot-1.csv").count("\n") > 450


def test_the_oldest_recordings_go_but_never_the_present_one():
    bench = Bench("oldest", FLUSH_SECONDS=60)
    bench.clock.set(NOON, 0)
    for name in ("2026-11-20.csv", "2026-11-21.csv", "2026-11-24.csv", "boot-3.csv"):
        bench.make(name, (HEADER + "x,1,2\n").encode())
    with open(bench.root + "/data/notes.txt", "w") as file:
        file.write("mine")
    deleted = []
    delete = bench.recordings.delete

    def count(name):
        deleted.append(name)
        bench.room.bytes_free = 400000 if len(deleted) == 2 else 51300
        return delete(name)

    bench.recordings.delete = count
    bench.room.bytes_free = 51300
    bench.run(70)
    assert deleted == ["boot-3.csv", "2026-11-20.csv"]
    assert bench.recorder.state()[0] == "recording"
    assert read(bench.root + "/data/notes.txt") == b"mine"
    bench.room.bytes_free = 51300
    bench.recordings.delete = delete
    bench.run(60 * 700, step=60)
    assert bench.names() == ["2026-11-24.csv"]
    assert bench.recorder.state()[0] == "full"


def test_nothing_is_deleted_where_all_of_it_would_not_be_enough():
    bench = Bench("reserve", FLUSH_SECONDS=60, RESERVE_KB=400)
    bench.clock.set(NOON, 0)
    names = ["2026-11-20.csv", "2026-11-21.csv"]
    for name in names:
        bench.make(name, (HEADER + "x,1,2\n").encode())
    bench.room.bytes_free = 300000
    bench.run(120)
    assert bench.names() == names
    assert bench.recorder.state()[0] == "full"
    bench.settings.values["RESERVE_KB"] = 50
    bench.run(61)
    assert bench.recorder.state()[0] == "recording"


def test_deleting_the_present_file_begins_a_new_one():
    bench = Bench("deleted", FLUSH_SECONDS=60)
    bench.run(120)
    bench.flush()
    bench.recorder.delete("boot-1.csv")
    bench.run(60)
    bench.flush()
    assert bench.content("boot-1.csv").startswith("seconds,one (V),two (V)\n180,")


def test_errors_are_told_and_tried_again():
    bench = Bench("errors", FLUSH_SECONDS=60)

    def fail(file, content, write):
        raise OSError(5)

    bench.let_files(fail)
    bench.run(200)
    state, reason = bench.recorder.state()
    assert state == "error" and "again" in reason
    assert texts(bench.log).count("Writing the recording failed") == 1
    bench.let_files(lambda file, content, write: write(content))
    bench.run(31)
    assert bench.recorder.state() == ("recording", "")
    assert bench.recorder.samples.pending() == 0


def test_a_row_that_failed_half_written_stays_alone():
    bench = Bench("half", SAMPLE_SECONDS=60)
    bench.flush()

    def fail(file, content, write):
        write(bytes(content)[:5])
        raise OSError(5)

    bench.let_files(fail)
    bench.run(60)
    bench.flush()
    bench.let_files(lambda file, content, write: write(content))
    bench.flush()
    assert bench.content("boot-1.csv") == "seconds,one (V),two (V)\n0,1.5,7\n60,1.\n60,1.5,7\n"


def test_a_drive_that_turns_full_while_writing():
    bench = Bench("turns", FLUSH_SECONDS=60)

    def fail(file, content, write):
        raise OSError(28, "ENOSPC")

    bench.let_files(fail)
    bench.run(100)
    assert bench.recorder.state()[0] == "full"
    assert bench.recorder.samples.dropped == 0


def test_one_step_writes_little():
    bench = Bench("steps", SAMPLE_SECONDS=1)
    bench.clock.set(NOON, 0)
    bench.drive.writable = False
    bench.run(300)
    bench.drive.writable = True
    sizes = []

    def watch(file, content, write):
        sizes.append(len(content))
        write(content)

    bench.let_files(watch)
    bench.flush()
    assert len(sizes) > 5
    assert max(sizes) <= 512


def test_a_flush_writes_within_the_size_of_the_file():
    """Growing the file would erase the block that holds FAT and root directory."""
    bench = Bench("within")
    bench.clock.set(NOON, 0)
    bench.run(3600, step=10)
    name = "2026-11-24.csv"
    size = bench.recordings.size(name)
    bench.run(3600, step=10)
    assert bench.content(name).count("\n") > 110
    assert bench.recordings.size(name) == size


def test_a_recording_is_filled_up_for_the_rest_of_its_day():
    bench = Bench("rest of the day", SAMPLE_SECONDS=60)
    bench.clock.set(NOON + 43200 - 3600, 0)
    bench.run(4000, step=10)
    bench.flush()
    first = bench.recordings.path("2026-11-24.csv")
    blank = bench.recordings.size("2026-11-24.csv") - content_end(first)
    assert 0 <= blank < 1024
    assert bench.recordings.size("2026-11-25.csv") == 16384


def test_a_recording_that_is_being_written_can_be_deleted():
    bench = Bench("while writing")
    bench.clock.set(NOON, 0)
    bench.flush()
    bench.run(599)
    bench.recorder.write_step()
    bench.recorder.write_step()
    assert bench.recorder.delete("2026-11-24.csv")
    bench.flush()
    assert bench.content("2026-11-24.csv").startswith(HEADER + "2026-11-24 12:01:00")


def test_nothing_is_written_in_the_step_that_loads_the_code():
    """Each of them takes long on a board: 50 to 100 ms."""
    bench = Bench("load first")
    bench.clock.set(NOON, 0)
    bench.run(60)
    assert bench.recorder.samples.pending()
    assert bench.recorder.write_step()
    assert not file_system.is_folder(bench.recordings.folder)
    assert bench.recorder.write_step()
    assert file_system.is_folder(bench.recordings.folder)


def test_flash_life():
    bench = Bench("life")
    assert 31 < prospects.flash_years(bench.recorder, bench.settings) < 33
    bench.settings.values["FLUSH_SECONDS"] = 60
    assert (
        31 < prospects.flash_years(bench.recorder, bench.settings) < 33
    )  # a flush leaves FAT and root directory alone
    bench.settings.values["LOG_TO_DRIVE"] = True
    assert 0.18 < prospects.flash_years(bench.recorder, bench.settings) < 0.20  # ten weeks


def test_estimates():
    bench = Bench("estimates", FLUSH_SECONDS=86400, SAMPLE_SECONDS=1)
    # The memory is full before the day is over
    assert prospects.write_interval_s(bench.recorder, bench.settings) < 300
    bench.room.bytes_free = 50 * 1024
    assert prospects.days_left(bench.recorder, bench.settings, bench.room) == 0
