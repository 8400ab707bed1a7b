"""Replacing files so that power may fail at any point, and repairing after it did."""

from datalogger.rare import replacing
from fakes import exhaust, folder, raises, read, write

OLD = b"old content"
NEW = b"new content, " * 200


def target(name):
    path = folder(name) + "/file"
    write(path, OLD)
    return path


def test_replace():
    path = target("replace")
    replacing.replace(path, (NEW[:100], bytearray(NEW[100:300]), memoryview(NEW)[300:]))
    assert read(path) == NEW
    assert read(path + ".new") is None


def test_replace_what_is_not_there():
    path = folder("create") + "/file"
    replacing.replace(path, (NEW,))
    assert read(path) == NEW


def test_empty_content():
    path = target("empty")
    replacing.replace(path, ())
    assert read(path) == b""


def test_content_that_cannot_be_had_changes_nothing():
    path = target("fails")

    def pieces():
        yield NEW
        raise ValueError("no more")

    raises(ValueError, replacing.replace, path, pieces())
    assert read(path) == OLD
    assert read(path + ".new") is None


def test_installing_takes_short_steps():
    path = target("short")
    replacement = replacing.Replacement(path)
    replacement.write(NEW)
    replacement.seal()
    assert read(path) == OLD
    steps, _ = exhaust(replacement.install())
    assert steps > len(NEW) // 2048
    assert read(path) == NEW


def test_a_cut_at_any_point_leaves_the_old_or_the_new():
    whole = NEW + replacing.MARK
    for length in range(0, len(whole) + 1, 7):
        path = target("cut")
        write(path + ".new", whole[:length])
        exhaust(replacing.finish(path))
        assert read(path) == (NEW if length == len(whole) else OLD), length
        assert read(path + ".new") is None
    for length in range(0, len(NEW), 500):  # cut while copying
        path = target("copy")
        write(path, NEW[:length])
        write(path + ".new", whole)
        exhaust(replacing.finish(path))
        assert read(path) == NEW
        assert read(path + ".new") is None


def test_an_interrupted_installation_is_finished_later():
    path = target("interrupted")
    replacement = replacing.Replacement(path)
    replacement.write(NEW)
    replacement.seal()
    installing = replacement.install()
    next(installing)
    next(installing)
    installing.close()
    exhaust(replacing.finish(path))
    assert read(path) == NEW


def test_nothing_to_finish():
    path = target("nothing")
    exhaust(replacing.finish(path))
    assert read(path) == OLD


def test_abandoning():
    path = target("abandon")
    replacement = replacing.Replacement(path)
    replacement.write(NEW)
    replacement.abandon()
    replacement.abandon()
    assert read(path) == OLD
    assert read(path + ".new") is None


def test_no_room_to_take_the_place_changes_nothing():
    path = target("full")
    replacement = replacing.Replacement(path)
    replacement.write(NEW)
    replacement._free_clusters = lambda: 5
    raises(OSError, replacement.seal)
    replacement.abandon()
    assert read(path) == OLD
    assert read(path + ".new") is None
