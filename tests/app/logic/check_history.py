"""GET /api/history of a span: what the recordings and the memory hold, in buckets."""

import json

from check_recorder import NOON, Bench
from datalogger.rare import spans
from datalogger.rare.dates import day_number, epoch_of, offset_of
from datalogger.rare.recording_names import make
from fakes import exhaust, raises, write


class History(Bench):
    """A recorder whose recordings can be asked for."""

    def ask(self, query=""):
        app = App(self)
        response = spans.get(Server(app), "", query, {}, b"")
        body = response.body
        if response.status_code != 200:
            return json.loads(body if isinstance(body, str) else bytes(body))
        self.steps = 0
        pieces = []
        for piece in body:
            self.steps += 1
            pieces.append(piece)
        return json.loads(b"".join(pieces))

    def recording(self, name, text):
        """text: the content, or a generator of its pieces."""
        exhaust(make(self.recordings, name))
        with open(self.recordings.path(name), "wb") as file:
            pieces = (text,) if isinstance(text, str) else text
            for piece in pieces:
                content = piece.encode()
                file.write(content)


class App:
    """What the handler needs of the app."""

    def __init__(self, bench):
        self.clock = bench.clock
        self.settings = bench.settings
        self.recordings = bench.recordings
        self.recorder = bench.recorder
        self.readings = bench.recorder._readings


class Server:
    """What the handler needs of the server."""

    def __init__(self, app):
        self.app = app


HEADER = "time (UTC+00:00),one (V),two (V)\n"


def day(date, hours=24, note=None):
    """Yields the text of a recording: `one` counts the minutes, `two` is missing in every other
    row; a note comes before the row of the minute `note`."""
    yield HEADER
    for minute in range(hours * 60):
        if minute == note:
            yield "# note %s 14:59:59 Hé\n" % date
        two = "" if minute % 2 else str(minute)
        yield "%s %02d:%02d:00,%d.5,%s\n" % (date, minute // 60, minute % 60, minute, two)
    yield "\n" * 600


def test_days_and_times():
    assert day_number(1970, 1, 1) == 0 and day_number(2000, 3, 1) == 11017
    assert day_number(2024, 12, 31) - day_number(2024, 2, 28) == 307
    assert epoch_of(b"2026-11-24 12:00:00") == NOON and epoch_of(b"2026-11-24") == NOON - 43200
    assert offset_of(b"+05:45") == 20700 and offset_of(b"-03:30") == -12600
    raises(ValueError, epoch_of, b"2026-xx-24")


def test_a_span_of_a_day_in_buckets():
    bench = History("h1")
    bench.clock.set(NOON, 0)
    start = NOON - 86400  # noon of the day before
    bench.recording("2026-11-23.csv", day("2026-11-23", note=905))
    found = bench.ask("from=%d&to=%d&points=6" % (start, start + 3 * 3600))
    assert found["from"] == start and found["to"] == start + 10800 and found["step"] == 1800
    assert found["channels"] == ["one", "two"]
    # the end of the span is a row of its own bucket
    assert len(found["rows"]) == 7 and found["rows"][6] == [
        start + 10800,
        900.5,
        900.5,
        900.5,
        900,
        900,
        900,
    ]
    assert found["rows"][0] == [start + 870, 720.5, 735.0, 749.5, 720, 734, 748]
    assert found["notes"] == [[start + 10799, "Hé"]]
    assert bench.steps > 10  # other tasks run in between
    assert bench.ask("from=%d&to=%d" % (start - 90000, start - 86400))["rows"] == []


def test_the_past_and_the_memory_in_one():
    bench = History("h2")
    bench.clock.set(NOON, 0)
    bench.recording("2026-11-23.csv", day("2026-11-23"))
    bench.run(1800)
    bench.flush()
    bench.run(300)  # these rows wait in memory
    assert bench.recorder.samples.pending() >= 4
    found = bench.ask("from=%d&points=10" % (NOON - 86400))
    times = [row[0] for row in found["rows"]]
    assert times == sorted(times) and found["to"] == NOON + 2100 and found["step"] == 8850
    assert found["rows"][0][1] == 720.5 and found["rows"][-1][1:4] == [1.5, 1.5, 1.5]
    every = bench.ask("from=%d&points=500" % NOON)["rows"]
    assert [row[0] for row in every] == [NOON + 60 * n for n in range(36)]  # no row twice
    assert bench.ask("points=9")["from"] == NOON - 129600  # from the oldest row on


def test_without_a_clock_only_this_run_counts():
    bench = History("h3")
    bench.recording("boot-1.csv", "seconds,one (V),two (V)\n0,9.5,9\n")
    bench.recording("2026-11-23.csv", day("2026-11-23", 1))
    bench.run(600)
    bench.flush()
    bench.run(120)
    found = bench.ask("points=100")
    assert [row[0] for row in found["rows"]] == [60 * n for n in range(13)]
    assert found["from"] == 0 and found["rows"][0][1] == 1.5


def test_this_run_is_dated_once_the_clock_is_set():
    bench = History("h4")
    bench.run(600)
    bench.flush()
    bench.clock.set(NOON, 3600)
    bench.run(300)
    bench.flush()
    found = bench.ask("points=100")
    assert [row[0] for row in found["rows"]] == [NOON + 60 * n for n in range(-10, 6)]


def test_other_columns_and_old_forms():
    bench = History("h5")
    bench.clock.set(NOON, 0)
    old = "time,two,gone,one\n2026-11-24T11:00:00+01:00,7.4,1,2.25\n2026-11-24T11:01:00+01:00,x,1\n"
    piece = "time (UTC-02:00),one (V)\n2026-11-24 09:00:00,3\nnonsense\n\n" + "x" * 3000
    bench.recording("2026-11-24-3.csv", piece + "\n2026-11-24 09:01:00,4.0\n")
    write(bench.recordings.folder + "/2026-11-24.csv", old.encode())
    found = bench.ask("from=%d&points=500" % (NOON - 7200))
    assert found["rows"] == [
        [NOON - 7200, 2.2, 2.2, 2.2, 7, 7, 7],
        [NOON - 7140, None, None, None, None, None, None],
        [NOON - 3600, 3.0, 3.0, 3.0, None, None, None],
        [NOON - 3540, 4.0, 4.0, 4.0, None, None, None],
        [NOON, 1.5, 1.5, 1.5, 7, 7, 7],  # the first sample
    ]


def test_notes_are_bounded():
    bench = History("h6")
    bench.clock.set(NOON, 0)
    notes = ["# note 2026-11-24 10:%02d:00 %d\n" % (n, n) for n in range(40)]
    bench.recording("2026-11-24.csv", HEADER + "2026-11-24 10:00:00,1.0,1\n" + "".join(notes))
    found = bench.ask("from=%d" % (NOON - 36000))
    assert [text for _, text in found["notes"]] == [str(n) for n in range(24, 40)]


def test_nonsense_is_refused():
    bench = History("h7")
    for query in (
        "points=0",
        "from=x",
        "to=-1",
        "points=501",
        "points=1e3",
        "from=99999999999",
        "from=1.5",
    ):
        assert bench.ask(query)["field"] == query.split("=")[0]
    assert bench.ask("from=99&to=98")["rows"] == []


def test_a_recording_that_goes_meanwhile():
    bench = History("h8")
    bench.clock.set(NOON, 0)
    for name in ("2026-11-22.csv", "2026-11-23.csv"):
        bench.recording(name, day(name[:10]))
    body = spans.get(Server(App(bench)), "", "points=50", {}, b"").body
    pieces = [next(body), next(body)]
    bench.recordings.delete("2026-11-23.csv")
    pieces.extend(body)
    rows = json.loads(b"".join(pieces))["rows"]
    assert rows[-1][0] == NOON and rows[-2][0] < NOON - 129600
