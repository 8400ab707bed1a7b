"""The manifest on the board: what it records, and that a damaged or forged one does no harm."""

import gzip
from pathlib import PurePosixPath

import pytest
from deployment import samples
from toolkit import manifest
from toolkit.build_cache import BuildCache

FILES = samples.version(1)


def test_a_record_knows_every_file_by_its_content():
    assert manifest.read(manifest.write(FILES)) == {
        path: {manifest.digest(content)} for path, content in FILES.items()
    }


def test_a_record_does_not_list_itself():
    assert manifest.PATH not in manifest.read(manifest.write({**FILES, manifest.PATH: b"itself"}))


def test_under_way_it_keeps_what_was_there_before():
    earlier = manifest.read(manifest.write(FILES))
    both = manifest.read(manifest.write(samples.version(2), earlier))
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
    content = manifest.write(FILES, **options)
    assert manifest.is_unfinished(content) == unfinished
    assert manifest.has_unseen_passwords(content) == unseen
    assert manifest.read(content).keys() == FILES.keys()


@pytest.mark.parametrize(
    "content", [b"", b"junk", manifest.write(FILES)[:-9], gzip.compress(b"\xff\xfe", mtime=0)]
)
def test_a_damaged_record_counts_as_none(content):
    assert manifest.read(content) == {}
    assert not manifest.is_unfinished(content)


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
    forged = gzip.compress(f"{manifest.digest(b'x')}  {name}\n".encode())
    assert manifest.read(forged) == {}


def test_the_cache_forgets_what_was_made_by_another_recipe(tmp_path, monkeypatch):
    monkeypatch.setattr("toolkit.environment.BUILD", tmp_path)
    BuildCache("kind", b"version 1").keep(b"source", b"result")
    assert BuildCache("kind", b"version 1").find(b"source") == b"result"
    assert BuildCache("kind", b"version 2").find(b"source") is None
    assert BuildCache("kind", b"version 1").find(b"other") is None
