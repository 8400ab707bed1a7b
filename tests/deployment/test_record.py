"""The record on the board: what it keeps, and what a damaged or forged one cannot do."""

import gzip
from pathlib import PurePosixPath

import pytest
from deployment import samples
from toolkit import record
from toolkit.cache import Cache

FILES = samples.version(1)


def test_a_record_knows_every_file_by_its_content():
    assert record.read(record.write(FILES)) == {
        path: {record.digest(content)} for path, content in FILES.items()
    }


def test_a_record_does_not_list_itself():
    assert record.PATH not in record.read(record.write({**FILES, record.PATH: b"itself"}))


def test_under_way_it_keeps_what_was_there_before():
    earlier = record.read(record.write(FILES))
    both = record.read(record.write(samples.version(2), earlier))
    assert both[PurePosixPath("lib/app/old.py")] == earlier[PurePosixPath("lib/app/old.py")]
    assert len(both[PurePosixPath("lib/server.py")]) == 2


@pytest.mark.parametrize(
    ("options", "unfinished", "unseen"),
    [
        ({}, False, False),
        ({"earlier": {}}, True, False),
        ({"earlier": {}, "passwords_unseen": True}, True, True),
    ],
)
def test_it_tells_how_far_a_deployment_came(options, unfinished, unseen):
    content = record.write(FILES, **options)
    assert record.is_unfinished(content) == unfinished
    assert record.has_unseen_passwords(content) == unseen
    assert record.read(content).keys() == FILES.keys()


@pytest.mark.parametrize(
    "content", [b"", b"junk", record.write(FILES)[:-9], gzip.compress(b"\xff\xfe", mtime=0)]
)
def test_a_damaged_record_counts_as_none(content):
    assert record.read(content) == {}
    assert not record.is_unfinished(content)


@pytest.mark.parametrize(
    "name",
    [
        "data/2026-11-23.csv",
        "settings.toml",
        "/etc/passwd",
        "lib/../data/a.csv",
        "lib",
        "www",
        "..",
        "",
        "a.txt",
    ],
)
def test_a_forged_record_leads_nowhere(name):
    forged = gzip.compress(f"{record.digest(b'x')}  {name}\n".encode())
    assert record.read(forged) == {}


def test_the_cache_forgets_what_was_made_by_another_recipe(tmp_path, monkeypatch):
    monkeypatch.setattr("toolkit.environment.BUILD", tmp_path)
    Cache("kind", b"version 1").keep(b"source", b"result")
    assert Cache("kind", b"version 1").find(b"source") == b"result"
    assert Cache("kind", b"version 2").find(b"source") is None
    assert Cache("kind", b"version 1").find(b"other") is None
