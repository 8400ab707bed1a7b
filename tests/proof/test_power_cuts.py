"""Power cuts on FatFs: what a limited number of cuts leaves. `prove.py power-cuts` makes all of
them."""

from collections import Counter

import programs
import pytest
from proof import flash, fsck, power_cuts
from proof.demands import Demands, digest


@pytest.fixture(scope="module")
def proof(compiled_payload_folder, tmp_path_factory):
    programs.need("fsck.fat", "dosfstools")

    def run(case):
        folder = tmp_path_factory.mktemp(case.operation)
        return power_cuts.PowerCuts(compiled_payload_folder, folder, power_cuts.QUICK_STRIDE).run(
            case
        )

    return run


@pytest.mark.slow
@pytest.mark.parametrize("case", power_cuts.SHORT, ids=lambda case: case.name.replace("/", "-"))
def test_no_cut_does_harm(proof, case):
    found = proof(case)
    print(found.cuts, "cuts:", dict(found.outcomes))
    assert not found.problems, "\n".join(found.problems)
    assert found.cuts > found.writes > 5
    assert found.drives > found.writes // 2


def test_a_careless_program_is_noticed(proof):
    """The control: a file is overwritten in its place, without a sync."""
    problems = proof(power_cuts.CONTROL).problems
    words = Counter("neither old nor new" in problem for problem in problems)
    assert words[True] >= 3, problems


def writes(*sectors, events=()):
    return flash.Writes(
        [(sector, bytes([number]) * 512) for number, sector in enumerate(sectors)], list(events)
    )


def test_what_the_cache_holds_is_not_durable():
    recorded = writes(1, 2, 40, 41, 3, events=[[2, "a"], [4, "b"], [5, "c"], [5, "sync"], [5, "d"]])
    assert [(durable, event[1]) for durable, event in recorded.durable_events()] == [
        (0, "a"),
        (2, "b"),
        (4, "c"),
        (5, "sync"),
        (5, "d"),
    ]


def test_images_hold_what_was_written_so_far():
    images = list(writes(0, 1, 0).images(bytes(flash.SECTORS * 512)))
    assert len(images) == 4
    assert images[1][:512] == bytes(512)
    assert images[2][512:1024] == b"\1" * 512
    assert images[3][:512] == b"\2" * 512
    assert images[3] == writes(0, 1, 0).after(images[0])


def test_demands_on_a_replaced_file():
    recorded = writes(
        1, 2, 3, events=[[1, "begins", "f"], [3, "sync"], [3, "holds", "f", digest(b"new")]]
    )
    demands = Demands.of({"f": b"old"}, recorded)

    def problems(written, content):
        digests = {} if content is None else {"f": digest(content)}
        return demands.problems(written, {"digests": digests, "contents": {}})

    assert not problems(0, b"old") and not problems(2, b"old") and not problems(2, b"new")
    assert problems(0, b"new") and problems(2, b"ne") and problems(2, None)
    assert problems(3, b"old") and not problems(3, b"new")


def empty_drive():
    image = bytearray(flash.SECTORS * 512)
    image[:62] = (
        b"\xeb\xfe\x90MSDOS5.0\x00\x02\x01\x01\x00\x01\x00\x02\xf8\x03\xf8\x03\x00\x3f\x00\xff\x00"
        + bytes(8)
        + b"\x80\x00\x29\x00\x00\x00\x00NO NAME    FAT12   "
    )
    image[510:512] = b"\x55\xaa"
    image[512:515] = b"\xf8\xff\xff"
    return image


def short_entry(name, size=100):
    return name + bytes(15) + b"\x02\x00" + size.to_bytes(4, "little")


def long_name_entry(order, part, short_name):
    """13 characters of a long name, as Microsoft's FAT specification has them."""
    checksum = 0
    for byte in short_name:
        checksum = ((checksum >> 1 | checksum << 7) + byte) & 0xFF
    text = (part + "\0").encode("utf-16-le")[:26].ljust(26, b"\xff")
    return (
        bytes([order]) + text[:10] + bytes([15, 0, checksum]) + text[10:22] + bytes(2) + text[22:]
    )


def test_fsck_tells_damage_from_lost_clusters(tmp_path):
    """A chain of clusters with two names, and one with none."""
    programs.need("fsck.fat", "dosfstools")
    image = empty_drive()
    image[515:518] = b"\xff\xff\xff"  # clusters 2 and 3 are chains of one
    file = tmp_path / "image"
    file.write_bytes(image)
    assert fsck.check(file) == {fsck.LOST: 2}
    image[2048:2112] = short_entry(b"A       TXT") + short_entry(b"B       TXT")
    file.write_bytes(image)
    found = fsck.check(file)
    assert found.pop(fsck.LOST) == 1
    assert any("share clusters" in line for line in found), found
    assert not set(found) & set(fsck.HARMLESS)


def test_fsck_tells_left_over_parts_of_long_names(tmp_path):
    """The first part of a long name, which a cut has left, with and without another name behind."""
    programs.need("fsck.fat", "dosfstools")
    short_name = b"LONGNA~1B  "
    left_over = long_name_entry(0x42, "left over", b"OTHERN~1B  ")
    whole = long_name_entry(0x41, "long name.b", short_name) + short_entry(short_name)
    file = tmp_path / "image"
    for entries in (left_over, left_over + whole):
        image = empty_drive()
        if whole in entries:
            image[515:517] = b"\xff\x0f"  # its one cluster
        image[2048 : 2048 + len(entries)] = entries
        file.write_bytes(image)
        found = fsck.check(file)
        assert found == {fsck.LEFT_OVER: 1}, found
