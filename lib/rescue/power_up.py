"""What boot.py does: an update takes its place or is taken back, interrupted writing ends."""

import os

import microcontroller
import storage

from .nonvolatile import SETTINGS_AT, SETTINGS_IN_JOURNAL, STARTS_AT
from .update import commit, entries, install, needs, state

_PIECE = 4096  # bytes: the flash is erased and written in such blocks
_MARK = b"\n\x00whole\n"  # ends a NAME.new that is whole
_SETTINGS = "/settings.toml"
_JOURNAL = "/settings.jnl"  # written by datalogger/rare/settings_journal.py
_JOURNAL_ROOM = 4  # times its size must be free
_RECORDINGS = "/data"
_DEPLOYED = ("lib", "www")
_WATCHDOG_S = 8
_PAGE_STARTS = 3  # see code.py
_MANY_STARTS = 4  # in a row that did not run for a minute, or somebody asks for the rescue page


def run():
    """Leave the drive in order; it is read-only for Python again afterwards."""
    nvm = microcontroller.nvm
    rests = _rests()
    unfinished = _unfinished()
    word, _ = state.read()
    saving = nvm[SETTINGS_AT] == SETTINGS_IN_JOURNAL
    if word or rests or unfinished or saving or _lacks_journal():
        storage.remount("/", readonly=False)
        try:
            if saving:
                _finish_saving(nvm)
            for path in unfinished:
                _finish(path)
            for path in rests:
                os.remove(path)
                print("Finished the removal of", path)
            if word:
                word = settle(nvm)
            if not word and _lacks_journal():  # what came before may have taken the room
                _make_journal()
        finally:
            entries.sync()
            storage.remount("/", readonly=True)
    # A version that nothing can take the place of, and the rescue page, may hang at their import
    if word in (state.TRIAL, state.FAILED) or _PAGE_STARTS <= nvm[STARTS_AT] < 255:
        _guard()


def settle(nvm, root=""):
    """Bring an update further; returns the word for its state."""
    word, kept = state.read(root)
    buffer = bytearray(_PIECE)
    if word == state.COMMITTED:
        word, kept = _prepare(root, buffer)
    if word == state.KEPT:
        word = _put_in_place(nvm, root, kept, buffer)
    elif word == state.TRIAL:
        word = _judge(nvm, root, kept)
    elif word == state.PROVEN and nvm[STARTS_AT] >= _MANY_STARTS:
        word = _finish(root, buffer)
    if word in (state.UNDOING, state.FAILED):
        _take_back(root, word, buffer)
    if word == state.UNDOING:
        nvm[STARTS_AT] = 0
        word = state.UNDONE
        state.write(word, 0, root)
        print("The update was taken back: it did not run for a minute.")
    if word in state.ENDS:
        for folder in (entries.NEW, entries.OLD):
            _run(entries.discard(root + folder))
    return word


def _prepare(root, buffer):
    """Keep what the update replaces, as far as there is room; returns the state."""
    needed = commit.of_all(root)
    room = entries.free_clusters(root) - needed.growth
    if room < 0:
        state.write(state.REFUSED, 0, root)
        print("There is no room for the update.")
        return state.REFUSED, 0
    kept = 0
    if room >= needed.keeping:
        kept = _run(install.keep(root, buffer))
    elif room >= needed.keeping_start:
        _run(install.keep(root, buffer, needs.is_start))
    state.write(state.KEPT, kept, root)
    return state.KEPT, kept


def _put_in_place(nvm, root, kept, buffer):
    try:
        _run(install.install(root, entries.NEW, buffer, needs.is_not_ladder))
    except OSError as error:
        print("The update can't take its place:", error)
        word = state.UNDOING if kept else state.FAILED
        state.write(word, kept, root)
        return word
    nvm[STARTS_AT] = 1  # this one; see code.py
    state.write(state.TRIAL, kept, root)
    print("The update is in place, on trial.")
    return state.TRIAL


def _take_back(root, word, buffer):
    """Put in place what was kept; what is new may take the room for that."""
    _run(entries.discard(root + entries.NEW))
    try:
        _run(install.install(root, entries.OLD, buffer))
    except OSError:
        if word == state.UNDOING:
            state.write(state.FAILED, 0, root)  # else no other update could mend it
        raise


def _judge(nvm, root, kept):
    """The second start after an update: did it run for a minute?"""
    if nvm[STARTS_AT] == 0:
        word = state.PROVEN  # the app could not say so: a computer had the drive
    else:
        word = state.UNDOING if kept else state.FAILED
    state.write(word, kept, root)
    return word


def _finish(root, buffer):
    """Put in place what is left, which the app does not do. Returns the word for no update."""
    _run(install.install(root, entries.NEW, buffer))
    for folder in (entries.OLD, entries.NEW):
        _run(entries.discard(root + folder))
    state.clear(root)
    return ""


def _run(generator):
    """Step a generator to its end; returns what it returns."""
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return end.value


def _guard():
    """A program that can't even start is ended by the watchdog, so that boot.py runs again. The
    watchdog goes on from here to code.py."""
    from watchdog import WatchDogMode

    microcontroller.watchdog.timeout = _WATCHDOG_S
    microcontroller.watchdog.mode = WatchDogMode.RESET


def _lacks_journal():
    """Whether the journal is to be made: here nobody waits for the flash. Later it would be made when
    the first setting is saved, which took a third longer than the next."""
    length = entries.size(_SETTINGS)
    return (
        length is not None
        and entries.size(_JOURNAL) is None
        and entries.free_clusters("") >= _JOURNAL_ROOM * entries.clusters(length)
    )


def _make_journal():
    """Make the journal as large as the settings, of blank lines."""
    with open(_JOURNAL, "wb") as file:
        file.write(b"\n" * (512 * entries.clusters(entries.size(_SETTINGS))))


def _finish_saving(nvm):
    """Copy the journal over settings.toml: power failed while the board was doing that."""
    if entries.size(_JOURNAL):
        buffer = bytearray(512)
        mode = "wb" if entries.size(_SETTINGS) is None else "r+b"
        with open(_JOURNAL, "rb") as source, open(_SETTINGS, mode) as target:
            while source.readinto(buffer):
                target.write(buffer)
        entries.sync()
        print("Finished the replacement of", _SETTINGS)
    nvm[SETTINGS_AT] = 0


def _unfinished(folder=""):
    """The NAME.new that wait to be copied over NAME: that of the settings, which the app writes, and
    whole ones of a deployment by cable."""
    found = []
    for name in os.listdir(folder or "/"):
        path = folder + "/" + name
        if name[-4:] == ".new":
            if path == _SETTINGS + ".new" or _is_whole(path):
                found.append(path)
        elif (folder or name in _DEPLOYED) and entries.is_folder(path):
            found += _unfinished(path)
    return found


def _is_whole(new):
    length = entries.size(new)
    if length is None or length < len(_MARK):
        return False
    with open(new, "rb") as source:
        source.seek(length - len(_MARK))
        return source.read() == _MARK


def _finish(new):
    """Copy a whole NAME.new over NAME; then, or when it isn't whole, remove it. Where there is no
    room, nothing is touched, and the next start tries again."""
    target = new[:-4]
    whole = _is_whole(new)
    if whole:
        length = entries.size(new) - len(_MARK)
        needed = entries.clusters(length) - entries.clusters(entries.size(target) or 0)
        if needed > entries.free_clusters(""):
            print("There is no room to finish the replacement of", target)
            return
        with open(new, "rb") as source, open(target, "wb") as file:
            while length > 0:
                piece = source.read(min(length, _PIECE))
                file.write(piece)
                length -= len(piece)
        entries.sync()
    os.remove(new)
    entries.sync()
    print("Finished" if whole else "Undid", "the replacement of", target)


def _rests(folder=_RECORDINGS):
    """The recordings that were being removed: FAT keeps a long name in several entries, and a
    cut between two of them leaves the file with its short name only, such as 2026-1~2.CSV."""
    found = []
    for name in entries.names(folder):
        path = folder + "/" + name
        stem, wave, number = name[:-4].partition("~")
        ours = stem[:5] == "BOOT-" or stem[:4].isdigit() and stem[4:5] == "-"
        if wave and name[-4:] == ".CSV" and number.isdigit() and ours and stem[5:].isdigit():
            found.append(path)
        elif entries.is_folder(path):
            found += _rests(path)
    return found
