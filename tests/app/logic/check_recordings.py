"""The recordings as files."""

from datalogger.rare.growing_file import GrowingFile, content_end
from datalogger.rare.recording_names import age_key, is_name, make, names
from datalogger.rare.recordings import _describe
from datalogger.recording.recordings import Recordings
from fakes import exhaust, folder, write


def files(name):
    found = Recordings(folder(name))
    for recording in ("boot-1.csv", "2026-11-24.csv"):
        exhaust(make(found, recording))
        found.delete(recording)
    return found


def again(found):
    """The recordings of the same folder, with nothing known about them."""
    return Recordings(found.path("boot-1.csv")[: -len("/data/boot/boot-1.csv")])


def append(found, name, content, rows, first, last):
    if found.size(name) is None:
        exhaust(make(found, name))
    file = GrowingFile(found.path(name))
    before = file.end
    file.write(content)
    file.close()
    found.grown(name, before, file.end, rows, first, last)


def test_names():
    for name in ("2026-11-24.csv", "2026-11-24-2.csv", "boot-1.csv", "boot-12-3.csv"):
        assert is_name(name), name
    for name in (
        "",
        ".csv",
        "2026-11-24.CSV",
        "2026-11-24.csv.new",
        "../2026-11-24.csv",
        "2026-11-24.csv/..",
        "2026-1-24.csv",
        "2026-11-24-0.csv",
        "boot-0.csv",
        "boot-.csv",
        "boot-1.csv\n",
        "boot-1\0.csv",
        "boot-1xcsv",
        "BOOT-1.csv",
        "boot-" + "1" * 40 + ".csv",
        "settings.toml",
        "BOOT-1~1.CSV",
    ):
        assert not is_name(name), name


def test_order_of_age():
    ordered = [
        "boot-2.csv",
        "boot-2-2.csv",
        "boot-10.csv",
        "2025-12-31.csv",
        "2026-11-24.csv",
        "2026-11-24-2.csv",
        "2026-11-24-10.csv",
        "2026-11-25.csv",
    ]
    assert sorted(ordered[3:] + ordered[:3], key=age_key) == ordered


def test_no_folder_means_no_recordings():
    assert list(names(Recordings(folder("nothing")))) == []


def test_only_recordings_are_listed():
    found = files("list")
    for name in ("boot-1.csv", "2026-11-24.csv"):
        write(found.path(name), b"x")
    root = found.path("boot-1.csv")[: -len("boot/boot-1.csv")]
    for path in (
        "notes.txt",
        "._2026-11-24.csv",
        "2026-10-31.csv",  # of an earlier version
        "boot/2026-11-25.csv",  # in the wrong place: it could not be found by its name
        "2026-11/boot-2.csv",
        "2026-11/2026-12-01.csv",
    ):
        write(root + path, b"x")
    assert list(names(found)) == ["2026-10-31.csv", "boot-1.csv", "2026-11-24.csv"]
    assert found.path("2026-10-31.csv") == root + "2026-10-31.csv"


def test_description_of_what_lies_there():
    found = files("describe")
    rows = b"".join([b"%d,1.5\n" % number for number in range(1000)])
    for content, expected in (
        (b"", (0, 0, None, None)),
        (b"time,a\n", (7, 0, None, None)),
        (b"time,a\nx,1\n", (11, 1, "x", "x")),
        (b"time,a\nx,1\ny,2", (14, 2, "x", "y")),
        (b"time,a\n" + rows, (7 + len(rows), 1000, "0", "999")),
        (b"time,a\n\xff\xfe,1\n", (12, 1, None, None)),
        (
            b"time (UTC+01:00),a\n2026-11-24 12:00:00,1\n# note x\n2026-11-24 12:01:00,2\n# note y\n",
            (
                len(b"time (UTC+01:00),a\n") + 2 * 22 + 2 * 9,
                2,
                "2026-11-24T12:00:00+01:00",
                "2026-11-24T12:01:00+01:00",
            ),
        ),
        (b"\n\n\n", (0, 0, None, None)),
        (b"time,a\nx,1\ny,2\n" + b"\n" * 9000, (15, 2, "x", "y")),
        (b"time,a\n" + b"x" * 20000, (20007, 1, None, None)),
    ):
        write(found.path("boot-1.csv"), content)
        fresh = again(found)
        assert exhaust(_describe(fresh, "boot-1.csv"))[1] == expected, content[:20]


def test_counting_takes_short_steps_and_is_done_once():
    found = files("steps")
    write(found.path("boot-1.csv"), b"time,a\n" + b"1,2\n" * 10000)
    steps, known = exhaust(_describe(found, "boot-1.csv"))
    assert known[1] == 10000
    assert steps >= 40007 // 512
    assert exhaust(_describe(found, "boot-1.csv"))[0] == 0


def test_appending_keeps_the_count():
    found = files("append")
    append(found, "boot-1.csv", b"time,a\n1,2\n", 1, "1", "1")
    append(found, "boot-1.csv", b"2,2\n3,2\n", 2, "2", "3")
    steps, known = exhaust(_describe(found, "boot-1.csv"))
    assert (steps, known) == (0, (19, 3, "1", "3"))
    fresh = again(found)
    assert exhaust(_describe(fresh, "boot-1.csv"))[1] == known


def test_appending_to_what_somebody_else_wrote():
    found = files("foreign")
    write(found.path("boot-1.csv"), b"time,a\n1,2\n")
    append(found, "boot-1.csv", b"2,2\n", 1, "2", "2")
    assert exhaust(_describe(found, "boot-1.csv"))[1] == (15, 2, "1", "2")


def test_gone_files():
    found = files("gone")
    assert exhaust(_describe(found, "boot-1.csv"))[1] is None
    assert not found.delete("boot-1.csv")
    assert found.end("boot-1.csv") is None
    assert found.size("boot-1.csv") is None


def test_what_is_known_is_bounded():
    found = files("bounded")
    table = len(found._known)
    for number in range(1, 100):
        append(found, "boot-%d.csv" % number, b"time,a\n1,2\n", 1, "1", "1")
        append(found, "boot-%d.csv" % number, b"2,2\n", 1, "2", "2")
    assert len(found._known) == table
    for number in range(88, 100):
        assert found.known("boot-%d.csv" % number, 15) == (15, 2, "1", "2"), number
    assert found.known("boot-87.csv", 15) is None
    assert found.known("boot-99.csv", 11) is None
    found.forget("boot-95.csv")
    assert found.known("boot-95.csv", 15) is None
    append(found, "boot-100.csv", b"time,a\n1,2\n", 1, None, None)
    assert found.known("boot-100.csv", 11) == (11, 1, None, None)
    assert found.known("boot-88.csv", 15), "the place of a forgotten recording is used first"
    assert exhaust(_describe(found, "boot-1.csv"))[1] == (15, 2, "1", "2")
    found.remember("2026-11-29-10000-and-longer.csv", (1, 1, "1", "1"))
    found.remember("boot-100.csv", (12, 1, "1" * 40, "1"))  # a name and a time too long to be kept
    assert found.known("2026-11-29-10000-and-longer.csv", 1) is None
    assert found.known("boot-100.csv", 12) is None


def test_the_end_of_a_file_is_found():
    path = folder("end") + "/file"
    for length in (0, 1, 2, 63, 64, 65, 447, 448, 511, 512, 513, 1024):
        for blank in (0, 1, 63, 64, 65, 511, 512, 1500):
            line = b"x" * length + (b"\n" if length else b"")
            write(path, line + b"\n" * blank)
            assert content_end(path) == len(line), (length, blank)
    write(path, b"x\ny")
    assert content_end(path) == 3
