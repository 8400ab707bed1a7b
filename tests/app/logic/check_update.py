"""Updates: entries, their state, and how they are put in place."""

import hashlib
import os
from binascii import hexlify

from datalogger.recording.recordings import Recordings
from datalogger.update import commit, entries, install, listing, needs, receive, staging, state
from fakes import exhaust, folder, raises, read, write

CONTENT = b"new content, " * 200


def drive(name):
    """A drive with a few files; returns its root."""
    root = folder(name)
    for path in ("/www", "/lib", "/lib/datalogger"):
        os.mkdir(root + path)
    write(root + "/code.py", b"old code")
    write(root + "/www/page.txt", b"old page")
    write(root + "/lib/datalogger/a_module.py", b"old module")
    return root


def stage(root, path, content):
    if content is None:
        assert commit.remove(root, {}, path)[0] == 200
        return
    entry = staging.Entry(root, path, len(content))
    entry.write(content[:100])
    entry.write(content[100:])
    entry.seal(hashlib.sha256(content).digest())


def fingerprint(files):
    found = bytearray(32)
    for path in files:
        content = files[path]
        digest = "-" if content is None else hexlify(hashlib.sha256(content).digest()).decode()
        line = hashlib.sha256(("%s %s" % (digest, path)).encode()).digest()
        for index in range(32):
            found[index] ^= line[index]
    return {"fingerprint": hexlify(found).decode()}


def deploy(root, files):
    for path in files:
        stage(root, path, files[path])
    return commit.commit(root, {}, fingerprint(files))


def put_in_place(root, folder_name, wants=None):
    return exhaust(install.install(root, folder_name, bytearray(512), wants))[1]


def test_an_entry_tells_what_it_is():
    root = drive("entry")
    stage(root, "/www/page.txt", CONTENT)
    ((file_path, length, digest, path),) = entries.whole(root + entries.NEW)
    assert (length, path) == (len(CONTENT), "/www/page.txt")
    assert digest == hexlify(hashlib.sha256(CONTENT).digest()).decode()
    assert len(file_path.rpartition("/")[2]) == 8  # a short name of FAT
    assert read(root + "/www/page.txt") == b"old page"


def test_a_cut_entry_is_none():
    root = drive("cut")
    stage(root, "/www/page.txt", CONTENT)
    ((file_path, _, _, _),) = entries.whole(root + entries.NEW)
    whole = read(file_path)
    for length in list(range(0, len(whole), 37)) + [len(whole) - 1]:
        write(file_path, whole[:length])
        assert list(entries.whole(root + entries.NEW)) == [], length


def test_an_entry_under_the_name_of_another_is_none():
    root = drive("names")
    stage(root, "/www/page.txt", CONTENT)
    ((file_path, _, _, _),) = entries.whole(root + entries.NEW)
    os.rename(file_path, file_path[:-1] + "Z")
    assert list(entries.whole(root + entries.NEW)) == []


def test_the_state_is_one_line_or_nothing():
    root = drive("state")
    assert state.read(root) == ("", 0)
    for word, kept in ((state.COMMITTED, 0), (state.KEPT, 120), (state.TRIAL, 3)):
        state.write(word, kept, root)
        assert state.read(root) == (word, kept)
    path = root + "/update/state"
    line = read(path)
    for damaged in (b"", line[:-1], line + b"x", b"\xff" * len(line), b"x" * len(line)):
        write(path, damaged)
        assert state.read(root) == ("", 0), damaged
        state.write(state.PROVEN, 0, root)
        assert state.read(root) == (state.PROVEN, 0)
    state.clear(root)
    assert state.read(root) == ("", 0)


FILES = {
    "/code.py": CONTENT,
    "/www/page.txt": None,
    "/www/a/b/new.txt": b"",
    "/lib/datalogger/a_module.py": None,
    "/lib/datalogger/a_module.mpy": b"compiled",
}


def test_all_take_their_places_and_go_back():
    root = drive("places")
    status, answer = deploy(root, FILES)
    assert (status, answer) == (202, {"files": 5, "restarting": True, "way_back": True})
    assert exhaust(install.keep(root, bytearray(512)))[1] == 5
    assert put_in_place(root, entries.NEW) == 5
    assert put_in_place(root, entries.NEW) == 0  # done again, nothing is written
    assert read(root + "/code.py") == CONTENT
    assert read(root + "/www/a/b/new.txt") == b""
    assert read(root + "/lib/datalogger/a_module.mpy") == b"compiled"
    assert read(root + "/www/page.txt") is None
    assert put_in_place(root, entries.OLD) == 5
    assert read(root + "/code.py") == b"old code"
    assert read(root + "/www/page.txt") == b"old page"
    assert read(root + "/lib/datalogger/a_module.py") == b"old module"
    assert read(root + "/lib/datalogger/a_module.mpy") is None
    assert not entries.is_folder(root + "/www/a") and entries.is_folder(root + "/www")
    for name in (entries.NEW, entries.OLD):
        exhaust(entries.discard(root + name))
        assert not entries.is_folder(root + name)


def test_what_has_its_content_is_not_written_again():
    root = drive("same")
    deploy(root, {"/code.py": b"old code", "/www/page.txt": b"old pagE"})
    assert put_in_place(root, entries.NEW) == 1


def test_the_ladder_is_left_to_the_app():
    root = drive("ladder")
    deploy(root, {"/boot.py": b"b", "/lib/rescue/page.mpy": b"p", "/lib/rescues.py": b"r"})
    put_in_place(root, entries.NEW, needs.is_not_ladder)
    assert read(root + "/boot.py") is None and read(root + "/lib/rescues.py") == b"r"
    put_in_place(root, entries.NEW, needs.is_ladder)
    assert read(root + "/boot.py") == b"b" and read(root + "/lib/rescue/page.mpy") == b"p"


def test_pages_and_the_ladder_need_no_restart():
    root = drive("restart")
    assert not deploy(root, {"/www/page.txt": b"x", "/boot.py": b"y"})[1]["restarting"]
    assert state.read(root) == (state.PROVEN, 0)


def test_only_what_was_sent_is_committed():
    root = drive("sent")
    stage(root, "/code.py", CONTENT)
    stage(root, "/www/page.txt", None)
    for wrong in ({"/code.py": CONTENT}, {"/code.py": b"x", "/www/page.txt": None}, {}):
        assert commit.commit(root, {}, fingerprint(wrong))[0] == 409
    assert commit.commit(root, {}, {})[0] == 409
    assert state.read(root) == ("", 0)
    assert (
        commit.commit(root, {}, fingerprint({"/code.py": CONTENT, "/www/page.txt": None}))[0] == 202
    )


def test_nothing_comes_between_commit_and_end():
    root = drive("between")
    deploy(root, {"/code.py": CONTENT})
    for word in (state.COMMITTED, state.KEPT, state.TRIAL, state.UNDOING, state.PROVEN):
        state.write(word, 1, root)
        assert raises(staging.Refused, staging.Entry, root, "/code.py", 1).status == 409
        assert commit.remove(root, {}, "/www/page.txt")[0] == 409
        assert commit.remove(root, {}, "")[0] == 409
        assert commit.commit(root, {}, fingerprint({"/code.py": CONTENT}))[0] == 409
    for word in state.ENDS:
        state.write(word, 0, root)
        stage(root, "/www/page.txt", b"next")
        assert len(list(entries.whole(root + entries.NEW))) == 1


def test_what_is_in_the_way_is_named():
    root = drive("way")
    for path in ("/www", "/lib/datalogger", "/code.py/x", "/www/page.txt/deeper/x"):
        assert raises(staging.Refused, staging.Entry, root, path, 1).status == 409, path
    assert not entries.is_folder(root + entries.NEW)


def test_an_upload_by_pieces():
    root = drive("pieces")
    uploads = {}
    assert send(root, uploads, CONTENT)[0] == 200
    assert uploads == {}
    assert send(root, uploads, CONTENT, expected=b"x")[0] == 400
    assert list(entries.whole(root + entries.NEW)) == []  # the earlier entry is gone, too


def send(root, uploads, content, expected=None, headers=()):
    from binascii import b2a_base64

    digest = hashlib.sha256(content if expected is None else expected).digest()
    fields = {
        "content-digest": "sha-256=:%s:" % b2a_base64(digest).decode().strip(),
        "content-length": str(len(content)),
    }
    fields.update(headers)
    handler = receive.receive(root, uploads, "/www/page.txt", fields)
    try:
        next(handler)
        for start in range(0, len(content) + 1000, 1000):
            handler.send(content[start : start + 1000])
    except StopIteration as end:
        return end.value


def test_no_room_is_told_before_the_first_byte():
    root = drive("room")
    real = entries.free_clusters
    uploads = {}
    try:
        entries.free_clusters = lambda _root: 5
        assert send(root, uploads, CONTENT)[0] == 507
        other = staging.Entry(root, "/www/other.txt", 2000)
        uploads = {"/www/other.txt": other}
        entries.free_clusters = lambda _root: 9  # enough for either, not for both
        assert send(root, uploads, CONTENT)[0] == 507
        other.abandon()
        assert send(root, {}, CONTENT)[0] == 200
        entries.free_clusters = lambda _root: 3
        status, answer = commit.commit(root, {}, fingerprint({"/www/page.txt": CONTENT}))
        assert status == 507 and "bytes more" in answer["error"]
        assert state.read(root) == ("", 0)
    finally:
        entries.free_clusters = real


def test_the_version_before_is_kept_where_there_is_room():
    root = drive("keeping")
    real = entries.free_clusters
    try:
        stage(root, "/code.py", CONTENT)
        entries.free_clusters = lambda _root: 10
        assert commit.commit(root, {}, fingerprint({"/code.py": CONTENT})) == (
            202,
            {"files": 1, "restarting": True, "way_back": False},
        )
    finally:
        entries.free_clusters = real


def test_a_file_that_is_not_there_cannot_go():
    root = drive("gone")
    assert commit.remove(root, {}, "/www/none.txt")[0] == 404
    stage(root, "/www/none.txt", b"x")
    assert commit.remove(root, {}, "/www/none.txt")[0] == 200
    assert list(entries.whole(root + entries.NEW)) == []


def test_what_a_cut_removal_has_left_goes():
    root = drive("rests")
    left = root + "/lib/datalogger/A_MODU~1.PY"
    mine = root + "/lib/datalogger/MINE~1.PY"
    for path in (left, mine):
        write(path, b"x")
    deploy(root, {"/lib/datalogger/a_module.py": None})
    os.remove(root + "/lib/datalogger/a_module.py")
    put_in_place(root, entries.NEW)
    assert read(left) is None and read(mine) == b"x"


def test_the_list():
    import json

    root = drive("list")
    stage(root, "/www/page.txt", None)
    stage(root, "/www/other.txt", b"other")
    found = json.loads(
        "".join([text for text in listing.listing(root, Recordings().ilistdir) if text])
    )
    assert sorted([file["path"] for file in found["files"]]) == [
        "code.py",
        "lib/datalogger/a_module.py",
        "www/page.txt",
    ]
    assert (
        sorted([(file["path"], file["sha256"]) for file in found["waiting"]])
        == [
            ("www/other.txt", hexlify(hashlib.sha256(b"other").digest()).decode()),
            ("www/page.txt", None),
        ]
        and found["state"] == ""
    )
