"""Locks: nobody else can hold, link or watch them, and waiting ends."""

import os
import stat

import pytest
from toolkit import locks


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The only place where the folder of locks can be."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "no home"))
    (tmp_path / "no home").write_text("a file")
    return tmp_path / "datalogger-locks"


def test_the_folder_is_of_this_user_alone(folder):
    assert locks.file_for("a drive").parent == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_one_thing_has_one_lock(folder):
    assert locks.file_for("a") == locks.file_for("a") != locks.file_for("b")


def test_a_link_in_its_place_is_not_used(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(locks.LockError, match="no folder of your own for locks"):
        locks.file_for("a drive")


def test_a_folder_that_others_may_write_is_not_used(folder):
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(locks.LockError):
        locks.file_for("a drive")


def test_a_folder_of_another_user_is_not_used(folder, monkeypatch):
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    with pytest.raises(locks.LockError):
        locks.file_for("a drive")


def test_where_one_place_will_not_do_the_next_is_taken(folder, tmp_path, monkeypatch):
    folder.symlink_to(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert locks.file_for("a drive").parent == tmp_path / "cache" / "datalogger-locks"


def test_a_linked_lock_is_not_opened(folder, tmp_path):
    file = locks.file_for("a drive")
    file.symlink_to(tmp_path / "mine.txt")
    with pytest.raises(OSError), locks.held(file, "waiting"):
        pass
    assert not (tmp_path / "mine.txt").exists()


def test_waiting_ends(folder, capsys):
    file = locks.file_for("a drive")
    with (
        locks.acquire(file),
        pytest.raises(locks.LockError, match="Another script still has"),
        locks.held(file, "Waiting for the other ...", max_seconds=0.1),
    ):
        pass
    assert capsys.readouterr().out == "Waiting for the other ...\n"
    with locks.held(file, "not to be seen"):
        assert locks.acquire(file) is None
