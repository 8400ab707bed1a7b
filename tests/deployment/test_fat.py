"""The model of a FAT drive against FatFs, the board's own file system code, in MicroPython."""

import json
import random
from pathlib import Path, PurePosixPath

import pytest
from toolkit import fat

PICO_W = 1016
PICO_2_W = 5112
FATFS_FILL = Path(__file__).with_name("fatfs_fill.py")

NAMES = (
    "a",
    "code.py",
    "README.TXT",
    "Mixed.txt",
    "UPPER.txt",
    "lower.TXT",
    "noextension",
    "EIGHTCHR",
    "eightchr.abc",
    "ninechars.ab",
    "long.extension",
    "two.dots.py",
    ".hidden",
    "with blank.txt",
    "plus+sign.t",
    "comma,a.txt",
    "semi;a.txt",
    "equals=a.csv",
    "brack[e].t",
    "a~1.txt",
    "dash-1.txt",
    "under_sc.py",
    "123.456",
    "13characters.",
    "exactly13.abc",
    "exactly014.abc",
    "twentysixcharacters.abcdef",
    "twentysevencharacters.abcde",
    "x" * 120 + ".bin",
    "2026-11-23.csv",
    "(paren)&%$#@!.t",
    "it's{}^`-_.txt",
)
LEGAL_NAMES = [name for name in NAMES if not name.endswith(".")]


@pytest.fixture
def fatfs(micropython, tmp_path):
    """Returns FatFs's (cluster size, clusters, free clusters) for each tree."""

    def fill(trees):
        file = tmp_path / "trees.json"
        file.write_text(json.dumps(trees))
        return json.loads(micropython(FATFS_FILL, file, heap=32 * 1024 * 1024).stdout)

    return fill


def predicted(tree):
    volume = fat.Volume(fat.formatted(tree["sectors"]), has_label=False)
    for path in tree["folders"]:
        volume.add_folder(PurePosixPath(path))
    for path, size in tree["files"]:
        volume.add_file(PurePosixPath(path), size)
    return [
        volume.geometry.cluster,
        volume.geometry.clusters,
        volume.free // volume.geometry.cluster,
    ]


def random_tree(seed):
    """A tree that fits the drive: nested folders, files with short and long names and contents."""
    rng = random.Random(seed)
    sectors = rng.choice((PICO_W, PICO_W, PICO_W, PICO_2_W, 256, 2040))
    room = sectors * 512 // 3
    folders, files, taken = [""], [], set()
    for _ in range(rng.choice((0, 3, 30, 90))):
        parent = rng.choice(folders)
        name = random_name(rng)
        path = f"{parent}/{name}".lstrip("/")
        if path.lower() in taken or len(path) > 180:
            continue
        taken.add(path.lower())
        if rng.random() < 0.25 and path.count("/") < 5:
            folders.append(path)
        else:
            size = rng.choice(
                (0, 1, 511, 512, 513, 1024, rng.randrange(20000), rng.randrange(100000))
            )
            size = min(size, max(0, room))
            room -= size + 2048
            files.append([path, size])
    return {"sectors": sectors, "folders": folders[1:], "files": files}


def random_name(rng):
    if rng.random() < 0.5:
        return rng.choice(LEGAL_NAMES)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789_- +,."
    name = "".join(
        rng.choice(letters) for _ in range(rng.choice((1, 5, 8, 12, 13, 14, 26, 27, 40)))
    )
    return name.strip(" .") or "x"


def test_free_space_is_predicted_exactly_for_random_trees(fatfs):
    trees = [random_tree(seed) for seed in range(200)]
    assert sum(len(tree["files"]) for tree in trees) > 2000
    assert fatfs(trees) == [predicted(tree) for tree in trees]


def test_every_kind_of_name_takes_the_entries_fatfs_gives_it(fatfs):
    """How many entries make a folder's list take another cluster shows what each of them takes."""
    trees = []
    for name in LEGAL_NAMES:
        for count in (5, 7, 8, 14, 15, 28):
            folders = ["d"] + [f"d/{number}" for number in range(count - 1)]
            trees.append({"sectors": PICO_W, "folders": folders, "files": [[f"d/{name}", 0]]})
    assert fatfs(trees) == [predicted(tree) for tree in trees]


@pytest.mark.parametrize("sectors", [128, 256, 1016, 2040, 4088, 4096, 5112, 8192, 16384, 30000])
def test_formatted_drive_has_the_clusters_fatfs_makes(fatfs, sectors):
    geometry = fat.formatted(sectors)
    (figures,) = fatfs([{"sectors": sectors, "folders": [], "files": []}])
    assert figures == [geometry.cluster, geometry.clusters, geometry.clusters]


def test_a_pico_w_has_980_clusters_of_512_bytes():
    assert fat.formatted(PICO_W) == fat.Geometry(512, 980)
    assert fat.formatted(PICO_W).capacity == 501_760


@pytest.mark.parametrize(
    "name", ["a/b", 'quo"te', "que?.txt", "a:b", "tab\t", "blank ", "dot.", "...", "n" * 256, ""]
)
def test_a_name_that_fat_cannot_hold_is_refused(name):
    with pytest.raises(ValueError):
        fat.directory_entries(name)


def test_linux_and_macos_write_a_long_name_for_lower_case():
    assert fat.directory_entries("code.py") == 1
    assert fat.directory_entries("code.py", lower_case_is_short=False) == 2
    assert fat.directory_entries("CODE.PY", lower_case_is_short=False) == 1
