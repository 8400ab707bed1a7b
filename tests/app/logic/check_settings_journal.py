"""Replacing settings.toml so that power may fail at any point."""

from datalogger.nonvolatile import SETTINGS_AT, SETTINGS_IN_JOURNAL
from datalogger.rare import settings_journal, toml_lines
from fakes import exhaust, folder, raises, read, write

OLD = b"old content\n"
NEW = b"new content\n" * 60


class Nvm:
    """Non-volatile memory that records its changes."""

    def __init__(self):
        self._bytes = bytearray(16)
        self.changes = []

    def __getitem__(self, place):
        return self._bytes[place]

    def __setitem__(self, place, value):
        self._bytes[place] = value
        self.changes.append((place, value))


def content(text):
    return gathered((text,))


def gathered(pieces):
    return exhaust(toml_lines.gathered(pieces))[1]


def target(name):
    path = folder(name) + "/settings.toml"
    write(path, OLD)
    return path


def test_replace():
    path = target("replace")
    nvm = Nvm()
    pieces = (NEW[:100], bytearray(NEW[100:300]), NEW[300:])
    exhaust(settings_journal.replace(path, nvm, gathered(pieces)))
    assert read(path) == NEW + b"\n" * (1024 - len(NEW))
    assert read(settings_journal.journal_of(path)) == read(path)
    assert nvm.changes == [(SETTINGS_AT, SETTINGS_IN_JOURNAL), (SETTINGS_AT, 0)]


def test_content_is_gathered_in_pieces():
    for length in (0, 1, 255, 256, 257, 512, 513, 1024, 1500):
        text = (b"0123456789" * 150)[:length]
        for size in (1, 7, 256, 700):
            pieces = [text[start : start + size] for start in range(0, length, size)]
            found = gathered(pieces)
            assert b"".join(found) == text
            assert [len(piece) for piece in found[:-1]] == [256] * (len(found) - 1)


def test_every_length_is_written_whole():
    for length in (1, 255, 256, 257, 511, 512, 513, 767, 768, 769):
        path = folder("lengths") + "/settings.toml"
        text = (b"0123456789" * 80)[:length]
        exhaust(settings_journal.replace(path, Nvm(), content(text)))
        assert read(path) == text + b"\n" * (-length % 512)


def test_replace_what_is_not_there():
    path = folder("create") + "/settings.toml"
    exhaust(settings_journal.replace(path, Nvm(), content(NEW)))
    assert read(path).rstrip() == NEW.rstrip()


def test_files_keep_their_size():
    path = target("sizes")
    exhaust(settings_journal.replace(path, Nvm(), content(NEW)))
    exhaust(settings_journal.replace(path, Nvm(), content(OLD)))
    assert read(path) == OLD + b"\n" * (1024 - len(OLD))
    assert read(settings_journal.journal_of(path)) == read(path)


def test_content_that_cannot_be_had_changes_nothing():
    path = target("fails")

    def pieces():
        yield NEW
        raise ValueError("no more")

    raises(ValueError, gathered, pieces())
    assert read(path) == OLD


def test_a_stop_at_any_step_leaves_the_old_or_the_new():
    steps, _ = exhaust(settings_journal.replace(target("steps"), Nvm(), content(NEW)))
    assert steps > 6
    for count in range(steps + 1):
        path = target("stop")
        nvm = Nvm()
        replacing = settings_journal.replace(path, nvm, content(NEW))
        for _ in range(count):
            next(replacing)
        replacing.close()
        assert nvm[SETTINGS_AT] == 0
        assert read(path).rstrip() in (OLD.rstrip(), NEW.rstrip()), count
        if nvm.changes:  # from there on the replacement is finished
            assert read(path).rstrip() == NEW.rstrip()


def test_no_room_changes_nothing():
    path = target("full")
    free = settings_journal._free_sectors
    settings_journal._free_sectors = lambda path: 3
    try:
        raises(OSError, exhaust, settings_journal.replace(path, Nvm(), content(NEW)))
    finally:
        settings_journal._free_sectors = free
    assert read(path) == OLD
