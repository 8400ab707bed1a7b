"""Replacing files so that power may fail at any point, and repairing after it did."""

import os

from datalogger import file_system
from datalogger.rare import folders, replacing
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


def test_sizes_and_folders():
    root = folder("folders")
    path = root + "/a/b/c.txt"
    folders.make_folders(path)
    folders.make_folders(path)
    write(path, b"12345")
    assert file_system.size(path) == 5
    assert file_system.size(root + "/a") is None
    assert file_system.size(root + "/none") is None
    assert file_system.is_folder(root + "/a/b")
    assert not file_system.is_folder(path)
    folders.remove_empty_folders(root, path)
    assert file_system.is_folder(root + "/a/b")
    assert file_system.remove(path)
    assert not file_system.remove(path)
    folders.remove_empty_folders(root, path)
    assert os.listdir(root) == ["a"] and os.listdir(root + "/a") == []
    folders.remove_empty_folders(root, root + "/code.py")
    assert os.listdir(root) == ["a"]


def test_clusters():
    assert [folders.clusters(size) for size in (0, 1, 512, 513)] == [0, 1, 1, 2]
