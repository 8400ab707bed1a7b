"""Cuts the power after every sector write of every operation and checks what is left."""

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import drives_to_cut, fsck
from .board_to_cut import BoardError, BoardToCut
from .demands import Demands
from .drives_to_cut import ACROSS
from .flash import Writes

_CURRENT = "data/2026-11/2026-11-23"  # the recordings that may grow have names that begin so
# What the repair of a drive came to.
NOTHING = "nothing to repair"
FINISHED = "finished by boot.py"
UNDONE = "undone by boot.py"
FINISHED_BY_THE_APP = "finished by the app"
AS_IT_IS = 0
OVER_FAT_SECTORS = 679  # the 12 bits of cluster 682 lie in two sectors of the FAT
NEARLY_FULL = 838


@dataclass(frozen=True)
class Case:
    """An operation on a drive.

    free_from: cluster from which on all are free
    uploads: (path, bytes of new content, None for the present content with a line more, or GOES)
    large_recording: the day's recording has almost its largest size
    shift: see drives_to_cut.files()
    depth: 2 also cuts the power during boot.py's repair
    """

    operation: str
    free_from: int = AS_IT_IS
    uploads: tuple = ()
    large_recording: bool = False
    shift: int = ACROSS
    depth: int = 2

    @property
    def name(self):
        what = self.operation.replace("_", " ")
        return what + (f" {self.uploads[0][0]}" if len(self.uploads) == 1 else "")

    @property
    def place(self):
        """The drive in words."""
        names = "names across sectors" if self.shift == ACROSS else f"names + {self.shift}"
        return (f"free from {self.free_from}, " if self.free_from else "") + names


GOES = -1  # the size of a file that goes
_PAGES = (("www/index.html.gz", 1800), ("www/new/deep/page.txt", 700))
_UPDATE = (
    *_PAGES,
    ("code.py", None),
    ("boot.py", None),
    ("lib/datalogger/battery.mpy", None),
    ("lib/datalogger/update/entries.mpy", None),
    ("lib/rescue/update/entries.mpy", None),
    ("lib/datalogger/rare/metrics.mpy", GOES),
)
_FILES = (
    Case("append"),
    Case("new_day"),
    Case("new_file_when_large", large_recording=True),
    Case("delete_recordings"),
    Case("log_to_drive"),
    Case("deploy", uploads=_PAGES),
    Case("deploy", uploads=(("boot.py", None),)),
    Case("deploy", uploads=(("lib/rescue/power_up.mpy", None),)),
    Case("update", uploads=_UPDATE),
    Case("deploy_and_delete", uploads=(("www/a/b/page.txt", 1200),)),
)
_ALL = (
    Case("save_settings"),
    Case("restore_settings"),
    *_FILES,
    Case("all_at_once", uploads=(("www/app.js.gz", 5000),)),
)
QUICK_STRIDE = 16
_FULL = Case("make_room", NEARLY_FULL)
SHORT = (*(replace(case, free_from=OVER_FAT_SECTORS) for case in _ALL), _FULL)
CONTROL = Case("careless")
LONG = (
    *(replace(case, free_from=place) for case in _ALL for place in (AS_IT_IS, OVER_FAT_SECTORS)),
    *(
        replace(case, free_from=OVER_FAT_SECTORS, shift=shift, depth=1)
        for case in _FILES
        for shift in range(16)
    ),
    _FULL,
    Case("update", OVER_FAT_SECTORS, (("lib/ehttpserver.mpy", None),)),
)


@dataclass
class Findings:
    """What came out of one case."""

    case: Case
    writes: int = 0
    cuts: int = 0  # those in the repair included
    cuts_in_repair: int = 0
    drives: int = 0  # that differ from each other
    outcomes: Counter = field(default_factory=Counter)
    lost_clusters: int = 0  # the most that one cut has lost
    erases: int = 0
    fat_erases: int = 0
    problems: list = field(default_factory=list)


class PowerCuts:
    """Works in `folder`, with the payload of a deployment in `payload`. Of the cuts during a
    repair each `stride`-th is made."""

    def __init__(self, payload: Path, folder: Path, stride=1):
        self._payload = payload
        self._folder = folder
        self.stride = stride
        self._record = folder / "record"
        self._state = folder / "state"

    def run(self, case: Case) -> Findings:
        """Try all cuts of a case."""
        with BoardToCut() as board:
            return _Run(self, case, board).findings()

    def make_drive(self, board, case):
        """(image, {path: content}) of the drive of a case."""
        content = drives_to_cut.files(self._payload, case.large_recording, case.shift)
        tree = self._folder / "tree"
        drives_to_cut.write_tree(content, tree)
        image = self._folder / "image"
        board(
            "make",
            image=image,
            folder=tree,
            files=list(content),
            first_free_cluster=case.free_from,
        )
        return image.read_bytes(), content

    def operate(self, board, case, image, content):
        """The Writes of a case's operation."""
        uploads = []
        for number, (path, size) in enumerate(case.uploads):
            if size == GOES:
                uploads.append((path, None, {}))
                continue
            data = drives_to_cut.changed(content.get(path, b"page"), size)
            file = self._folder / f"upload-{number}"
            file.write_bytes(data)
            uploads.append((path, str(file), drives_to_cut.digest_headers(data)))
        self._state.write_bytes(image)
        result = board(
            "operate",
            image=self._state,
            record=self._record,
            name=case.operation,
            uploads=uploads,
        )
        return Writes.parse(self._record.read_bytes(), **result)

    def power_up(self, board, image, wanted, nvm=()):
        """(snapshot, Writes of the repair, fsck's findings before and after it). nvm: what the
        non-volatile memory holds."""
        self._state.write_bytes(image)
        before = fsck.check(self._state)
        result = board("power_up", image=self._state, record=self._record, wanted=wanted, nvm=nvm)
        writes = Writes.parse(self._record.read_bytes())
        after = self.check(writes.after(image)) if len(writes) else before
        return result, writes, before, after

    def live_on(self, board, image, wanted):
        """(what device/board_to_cut.py says, fsck's findings after it)."""
        result = board("live_on", record=self._record, wanted=wanted)
        writes = Writes.parse(self._record.read_bytes())
        return result, self.check(writes.after(image))

    def check(self, image):
        self._state.write_bytes(image)
        return fsck.check(self._state)


class _Run:
    """One case."""

    def __init__(self, bench: PowerCuts, case: Case, board: BoardToCut):
        self._bench = bench
        self._case = case
        self._board = board
        self._found = Findings(case)
        self._seen = {}  # hash of an image: what power_up() returned

    def findings(self) -> Findings:
        found = self._found
        image, base = self._bench.make_drive(self._board, self._case)
        base = self._with_ballast(image, base)
        writes = self._bench.operate(self._board, self._case, image, base)
        self._demands = Demands.of(base, writes)
        found.writes = len(writes)
        found.erases, found.fat_erases = writes.erases, writes.fat_erases
        for written, state in enumerate(writes.images(image)):
            for nvm in writes.nvm_at(written):
                self._look_at(state, written, 1, nvm=nvm)
        found.drives = len(self._seen)
        return found

    def _with_ballast(self, image, base):
        """The base with the recordings that fill the drive."""
        drive = self._bench.power_up(self._board, image, ["data/boot-"])[0]["drive"]
        contents = drive["contents"].items()
        return {**base, **{path: base64.b64decode(text) for path, text in contents}}

    def _look_at(self, state, written, depth, where="", nvm=()):
        found = self._found
        found.cuts += 1
        found.cuts_in_repair += depth > 1
        key = hashlib.sha256(state + repr(nvm).encode()).digest()
        first_time = key not in self._seen
        if first_time:
            try:
                self._seen[key] = self._bench.power_up(self._board, state, self._wanted(), nvm)
            except BoardError as error:
                self._seen[key] = None
                self._problem(written, where, f"the board did not come up: {error}")
        seen = self._seen[key]
        if seen is None:
            return
        result, repair, before, after = seen
        for problem in self._demands.problems(written, result["drive"]):
            self._problem(written, where, problem)
        if not first_time:
            return
        self._count(written, where, repair, before, after)
        if depth == 1:
            self._live_on(repair.after(state), result["drive"], written)
        if len(repair) and depth < self._case.depth:
            for count, again in enumerate(repair.images(state)):
                if count % self._bench.stride == 0 or count == len(repair):
                    self._look_at(again, written, depth + 1, f", {count} of the repair", nvm)

    def _wanted(self):
        return [*self._demands.wanted(), _CURRENT]

    def _count(self, written, where, repair, before, after):
        outcomes = self._found.outcomes
        console = "\n".join(self._board.console)
        if "Finished" in console or "The update is in place" in console:
            outcomes[FINISHED] += 1
        elif "Undid" in console or "taken back" in console:
            outcomes[UNDONE] += 1
        else:
            outcomes[FINISHED_BY_THE_APP if len(repair) else NOTHING] += 1
        for kind in after:
            if kind in fsck.HARMLESS:
                outcomes[kind] += 1
        self._found.lost_clusters = max(self._found.lost_clusters, after.get(fsck.LOST, 0))
        for when, checked in (("after the cut", before), ("after the repair", after)):
            for kind in checked:
                if kind not in fsck.HARMLESS:
                    self._problem(written, where, f"fsck.fat {when}: {kind}")

    def _live_on(self, image, drive, written):
        """The board goes on working: nothing that was there is damaged by that."""
        try:
            wanted = ["settings.toml", _CURRENT]
            result, checked = self._bench.live_on(self._board, image, wanted)
        except BoardError as error:
            self._problem(written, "", f"the board could not go on: {error}")
            return
        for kind in checked:
            if kind not in fsck.HARMLESS:
                self._problem(written, "", f"fsck.fat after living on: {kind}")
        for problem in _damage(drive, result["drive"], result["deleted"]):
            self._problem(written, "", f"after living on, {problem}")

    def _problem(self, written, where, text):
        case = self._case
        self._found.problems.append(
            f"{case.name} ({case.place}), cut after write {written}{where}: {text}"
        )


def _damage(before, after, deleted):
    """What has changed that should not have. deleted: paths of recordings, which others may have
    since."""
    may_change = {"settings.toml", "settings.jnl", "log.txt", "log-old.txt"}
    for path, found in before["digests"].items():
        now = after["digests"].get(path)
        if path in may_change or path in deleted or now == found:
            continue
        if now is None:
            yield f"{path} is gone"
        elif not (
            path.startswith(_CURRENT)
            and _content(after, path).startswith(_content(before, path).rstrip(b"\n"))
        ):
            yield f"{path} is not what it was"
    if b"LIVE_SECONDS = 30\n" not in _content(after, "settings.toml"):
        yield "settings.toml does not have the new setting"


def _content(drive, path):
    return base64.b64decode(drive["contents"].get(path, ""))
