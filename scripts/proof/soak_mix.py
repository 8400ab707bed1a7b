"""What the people of a long run ask for, in the proportions of a day with the pages open."""

import json
import time

from .visits import WrongAnswer

_AGAIN_S = 0.2
_TRIES = 50  # a save takes a second on the board, and everybody may want one


class Mix:
    """Chooses requests by chance, makes them, and checks the answers.

    Each kind is a method that makes one request: (kind, how often in a hundred). It raises
    WrongAnswer when the answer isn't what it must be.
    """

    KINDS = (
        ("values", 34),
        ("page", 26),
        ("history", 8),
        ("recording", 8),
        ("list", 5),
        ("log", 5),
        ("settings", 4),
        ("change", 3),
        ("metrics", 3),
        ("clock", 2),
        ("session", 2),
    )

    def __init__(self, visitor, chance, pages, password):
        """visitor: a Visitor of its own; chance: a random.Random; pages: paths below /."""
        self._visitor = visitor
        self._chance = chance
        self._pages = pages
        self._password = password
        self._tags = {}  # path: ETag, as a browser keeps them
        self._files = {}  # name: the titles of its values, which never change
        self._names, self._weights = zip(*self.KINDS, strict=True)
        visitor.log_in(password)

    def choose(self):
        """The name of a kind."""
        return self._chance.choices(self._names, self._weights)[0]

    def ask(self, kind, connection=None):
        """Make a request of that kind; over a kept connection, if given."""
        getattr(self, "_" + kind)(connection)

    def _get(self, path, connection, statuses=(200,), headers=None):
        answer = self._visitor("GET", path, headers=headers, connection=connection)
        if answer.status not in statuses:
            raise WrongAnswer(f"GET {path}: {answer.status} {answer.body[:200]!r}")
        return answer

    def _change_by(self, method, path, body, connection):
        """Send a change; while somebody else's settings are being saved the board asks for it again."""
        for _ in range(_TRIES):
            answer = self._visitor(method, path, body, connection=connection)
            if answer.status != 409:
                break
            time.sleep(_AGAIN_S)
        if answer.status != 200:
            raise WrongAnswer(f"{method} {path}: {answer.status} {answer.body[:200]!r}")

    def _values(self, connection):
        path = self._chance.choice(("/api/status", "/api/readings"))
        expect(self._get(path, connection).json, "epoch" if "readings" in path else "uptime_s")

    def _page(self, connection):
        """As a browser does: with what it knows already, most times."""
        path = self._chance.choice(self._pages)
        known = self._tags.get(path) if self._chance.random() < 0.7 else None
        headers = {"Accept-Encoding": "gzip"}
        if known:
            headers["If-None-Match"] = known
        answer = self._get(path, connection, (200, 304), headers)
        if (answer.status == 304) != bool(known):
            raise WrongAnswer(f"GET {path}: {answer.status} to If-None-Match: {known}")
        self._tags[path] = answer.headers.get("etag")  # a plain file has none without a clock

    def _history(self, connection):
        since = self._chance.choice(("", "?since=10", "?since=100.5"))
        expect(self._get("/api/history" + since, connection).json, "rows")

    def _list(self, connection):
        for entry in expect(self._get("/api/files", connection).json, "files"):
            self._files.setdefault(entry["name"], None)

    def _recording(self, connection):
        """A whole recording, or the end of it as for an interrupted download."""
        if not self._files:
            self._list(connection)
            return
        name = self._chance.choice(sorted(self._files))
        path = f"/api/files/{name}"
        if self._chance.random() < 0.3:
            self._get(path, connection, (206,), {"Range": "bytes=20-"})
            return
        lines = self._get(path, connection).body.splitlines(keepends=True)
        # That of its times does once, if the board had no clock at first
        titles = lines[0].partition(b",")[2]
        known = self._files[name] = self._files[name] or titles
        commas = lines[0].count(b",")
        if titles != known or any(line.count(b",") != commas for line in lines):
            raise WrongAnswer(f"GET {path}: not a whole recording")
        if not lines[-1].endswith(b"\n"):
            raise WrongAnswer(f"GET {path}: it ends within a row")

    def _log(self, connection):
        if self._chance.random() < 0.5:
            expect(self._get("/api/log?since=3", connection).json, "entries")
        else:
            self._get("/api/log?format=text", connection)

    def _settings(self, connection):
        if self._chance.random() < 0.7:
            expect(self._get("/api/settings", connection).json, "settings")
        else:
            self._get("/api/settings.toml", connection)

    def _change(self, connection):
        changes = {
            "NEOPIXEL_PERCENT": self._chance.randint(1, 100),
            "LIVE_SECONDS": self._chance.randint(1, 3),
        }
        self._change_by("PUT", "/api/settings", changes, connection)

    def _metrics(self, connection):
        body = self._get("/metrics", connection).body
        if b"datalogger_uptime_seconds " not in body:
            raise WrongAnswer(f"GET /metrics: {body[:200]!r}")

    def _clock(self, connection):
        epoch = expect(self._get("/api/status", connection).json, "clock")["epoch"]
        body = {"epoch": epoch, "utc_offset_s": 3600}
        self._change_by("POST", "/api/time", body, connection)

    def _session(self, connection):
        self._change_by("POST", "/api/logout", {}, connection)
        self._visitor.log_in(self._password)


def expect(value, key):
    """The member of that name of a JSON object."""
    if key not in value:
        raise WrongAnswer(f"{key!r} is missing in {json.dumps(value)[:200]}")
    return value[key]
