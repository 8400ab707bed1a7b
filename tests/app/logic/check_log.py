"""The log in memory and on the drive."""

from datalogger.log import Log
from datalogger.log_file import LogFile
from fakes import FakeDrive, MovedClock, folder, quiet_log, read, texts, write


def test_levels():
    shown = []
    log = Log(MovedClock(), echo=shown.append)
    log.debug("one")
    log.info("two")
    log.set_level("error")
    log.warning("three")
    log.error("four")
    assert [entry[3] for entry in log.entries()] == ["two", "four"]
    assert shown == ["0.0 info: two", "0.0 error: four"]
    assert log.errors == 1


def test_no_terminal_is_given_commands():
    shown = []
    log = Log(MovedClock(), echo=shown.append)
    log.info("a\x9b31m\x1b[2J\r\x00\x7f\x85b\nc \xa0\xe4\u20ac\U0001f600")
    wanted = "a?31m?[2J????b\nc \xa0\xe4\u20ac\U0001f600"
    assert shown == ["0.0 info: " + wanted]
    assert texts(log) == wanted


def test_it_is_bounded():
    log = quiet_log(MovedClock())
    for number in range(500):
        log.info("message %d" % number)
    entries = list(log.entries())
    assert len(entries) <= 40
    assert entries[-1][3] == "message 499"
    assert log.next == 500
    for _ in range(100):
        log.info("x" * 5000)
    assert sum([len(entry[3]) for entry in log.entries()]) <= 4000
    assert len(list(log.entries())) >= 3
    for _ in range(3):
        log.info("\U0001f600" * 5000)
    assert [entry[3][:2] for entry in log.entries()] == ["\U0001f600" * 2]


def test_what_comes_and_goes_while_somebody_reads():
    log = quiet_log(MovedClock())
    for number in range(40):
        log.info("message %d" % number)
    entries = log.entries()
    assert next(entries)[0] == 0
    for number in range(40, 50):
        log.info("m\xe4ssage %d" % number)
    assert next(entries) == (10, 0, 1, "message 10")
    assert [entry[0] for entry in entries] == list(range(11, 50))
    entries = log.entries(45)
    assert next(entries)[3] == "m\xe4ssage 45"
    log.clear()
    assert list(entries) == []


def test_since_and_clear():
    log = quiet_log(MovedClock())
    for number in range(10):
        log.info(str(number))
    assert [entry[0] for entry in log.entries(7)] == [7, 8, 9]
    assert log.clear() == 10
    assert list(log.entries()) == []
    log.info("next")
    assert next(iter(log.entries()))[0] == 10


def test_tracebacks():
    log = quiet_log(MovedClock())
    try:
        {}["missing"]
    except KeyError as error:
        log.failure("It failed.", error)
    text = texts(log)
    assert text.startswith("It failed.\nTraceback")
    assert "KeyError" in text and "check_log" in text


def test_lines():
    clock = MovedClock()
    log = quiet_log(clock)
    clock.pass_s(12)
    log.warning("hm")
    entry = next(iter(log.entries()))
    assert log.line(entry) == "12.0 s warning hm\n"
    clock.set(1795485459, 3600)
    assert log.line(entry) == "2026-11-24T02:57:39+01:00 warning hm\n"


class Flushes:
    flush_at = 100


def log_file(name):
    clock = MovedClock()
    log = quiet_log(clock)
    drive = FakeDrive()
    root = folder(name)
    return LogFile(clock, log, drive, Flushes, root), log, drive, root, clock


def test_the_file_gets_each_entry_once():
    file, log, drive, root, _ = log_file("once")
    log.info("one")
    file.write()
    file.write()
    log.info("two")
    drive.writable = False
    file.write()
    assert read(root + "/log.txt") == b"0.0 s info one\n"
    drive.writable = True
    file.write()
    assert read(root + "/log.txt") == b"0.0 s info one\n0.0 s info two\n"
    assert "".join(file.texts()) == "0.0 s info one\n0.0 s info two\n"


def test_the_file_is_written_with_the_recording():
    file, log, _, root, clock = log_file("with")
    task = file.run()
    next(task)
    log.info("one")
    clock.pass_s(9.9)
    next(task)
    assert read(root + "/log.txt") is None
    clock.pass_s(0.2)
    next(task)
    assert read(root + "/log.txt")


def test_the_file_is_bounded():
    file, log, _, root, _ = log_file("bounded")
    for number in range(400):
        log.info("message %d " % number + "x" * 200)
        file.write()
    assert len(read(root + "/log.txt")) <= 16384
    assert len(read(root + "/log-old.txt")) <= 16384
    text = "".join(file.texts())
    assert "message 399" in text and "message 300" in text and "message 3 " not in text


def test_damage_in_the_file_is_shown_not_raised():
    file, _, _, root, _ = log_file("damage")
    write(root + "/log.txt", b"good\n\xff\xfe bad\n" + "ä".encode() * 600)
    assert "good\n?? bad\n" in "".join(file.texts())


def test_deleting_the_file():
    file, log, _, root, _ = log_file("delete")
    log.info("one")
    file.write()
    assert file.exists()
    file.delete()
    assert not file.exists()
    file.write()
    assert read(root + "/log.txt") is None
