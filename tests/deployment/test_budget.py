"""The budget of the drive: the real payload against FatFs, the table, the limits."""

import hashlib
import json
import subprocess
from pathlib import Path, PurePosixPath

import programs
import pytest
from deployment import limited_drive, samples
from deployment.limited_drive import LimitedDrive, tree
from toolkit import fat
from toolkit.budget import drive_sizes, recording_days, shares
from toolkit.deploy import cable
from toolkit.payload import assembly

SECTORS = 1016
FAT_IMAGE = Path(__file__).with_name("fat_image.py")
FATFS_FILL = Path(__file__).with_name("fatfs_fill.py")


@pytest.fixture(scope="module")
def sizes():
    """{path: bytes} of the real payload with its settings."""
    files = {path: len(content) for path, content in assembly.collect().items()}
    files[assembly.SETTINGS] = len(assembly.settings_template())
    return files


def test_the_real_payload_leaves_exactly_the_bytes_that_fatfs_leaves(sizes, micropython, tmp_path):
    """Folders and files come in the order of a board: the fresh drive's, then the payload's."""
    fresh = {PurePosixPath(name): size for name, size in shares.FRESH_DRIVE.items()}
    folders = [name.rstrip("/") for name in shares.FRESH_DRIVE if name.endswith("/")]
    for path in sizes:
        missing = [
            str(folder) for folder in reversed(path.parents) if str(folder) not in (".", *folders)
        ]
        folders += missing
    files = {path: size for path, size in fresh.items() if str(path) not in folders} | sizes
    tree_file = tmp_path / "tree.json"
    written = [[str(path), size] for path, size in files.items()]
    tree_file.write_text(json.dumps([{"sectors": SECTORS, "folders": folders, "files": written}]))
    result = micropython(FATFS_FILL, tree_file, heap=32 * 1024 * 1024)
    ((cluster, clusters, free_clusters),) = json.loads(result.stdout)
    predicted = shares.calculate(sizes, drive_sizes.KILOBYTES["pico-w"])
    assert predicted.capacity == cluster * clusters
    assert predicted.free == cluster * free_clusters


def test_a_fresh_drive_takes_six_clusters():
    result = shares.calculate({}, drive_sizes.KILOBYTES["pico-w"])
    assert result.used == 6 * 512


def test_the_groups_add_up(sizes):
    result = shares.calculate(sizes, drive_sizes.KILOBYTES["pico-w"])
    assert sum(group.on_drive for group in result.groups) == result.used
    assert result.used + result.free == result.capacity
    assert sum(group.files for group in result.groups[:-1]) == len(sizes)


def test_the_real_payload_fits_with_room_for_recordings(sizes):
    result = shares.calculate(sizes, drive_sizes.KILOBYTES["pico-w"])
    settings = assembly.settings_template().decode()
    assert shares.problems(result, sizes, recording_days.reserve(settings)) == []
    assert recording_days.days(result.free, settings, result.cluster) > 2


def test_a_payload_over_budget_is_told():
    sizes = {PurePosixPath("www/video.webm"): 600_000}
    result = shares.calculate(sizes, 508)
    first, second = shares.problems(result, sizes, 0)
    assert first == "www/video.webm alone has 600,000 bytes; the whole drive holds 501,760."
    assert second == f"The payload is {-result.free:,} bytes too large for the drive."


def test_a_top_folder_with_too_many_names_is_told():
    sizes = {PurePosixPath(f"{'n' * 100}{number}.txt"): 0 for number in range(60)}
    result = shares.calculate(sizes, 508)
    assert result.root_entries > fat.ROOT_ENTRIES
    assert any("directory entries" in problem for problem in shares.problems(result, sizes, 0))


@pytest.mark.parametrize(
    ("seconds", "reserve", "days"), [(60, 50, 4.57), (1, 50, 0.076), (60, 400, 0)]
)
def test_days_of_recording_follow_the_settings(seconds, reserve, days):
    settings = f"SAMPLE_SECONDS = {seconds}\nRESERVE_KB = {reserve}\n"
    free = 50 * 1024 + int(4.57 * (1440 * recording_days.BYTES_PER_ROW + 256))
    assert recording_days.days(free, settings, 512) == pytest.approx(days, rel=0.02)


# ---- check_budget.py ----


def test_the_script_shows_table_bar_and_days(project):
    result = project.run("check_budget.py")
    assert result.returncode == 0, result.stderr
    for text in ("www/uplot/", "lib/", "(fresh drive)", "Payload (aim: under 128.0 KB)", "[█"):
        assert text in result.stdout
    assert "days of recording at one sample every 60 s" in result.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_output_that_cannot_show_the_bar_gets_the_rest(project, encoding):
    result = project.run("check_budget.py", PYTHONIOENCODING=encoding)
    assert result.returncode == 0, result.stderr
    assert "[???" in result.stdout and "are left for data" in result.stdout


def test_the_scripts_json_has_the_figures(project):
    figures = json.loads(project.run("check_budget.py", "--json").stdout)
    assert figures["fits"] is True and figures["problems"] == []
    assert figures["capacity"] == 501_760
    assert figures["used"] + figures["free"] == figures["capacity"]
    assert {folder["name"] for folder in figures["folders"]} >= {"lib/", "www/", "www/uplot/"}


def test_the_script_fails_over_budget_and_under_the_reserve(project):
    (project.root / "www/photo.png").write_bytes(b"x" * 430_000)
    result = project.run("check_budget.py")
    assert result.returncode == 1
    assert "bytes are left for data; at least 51,200 should be." in result.stderr
    assert project.run("check_budget.py", "--reserve", "0").returncode == 0
    assert project.run("check_budget.py", "--drive", "pico-2-w").returncode == 0
    (project.root / "www/photo.png").write_bytes(b"x" * 510_000)
    result = project.run("check_budget.py", "--json", "--reserve", "0")
    assert result.returncode == 1 and json.loads(result.stdout)["fits"] is False


@pytest.mark.parametrize("drive", ["pico", "508", "1KB", "9000MB", "-5KB"])
def test_the_script_refuses_drives_that_make_no_sense(project, drive):
    result = project.run("check_budget.py", f"--drive={drive}")
    assert result.returncode != 0
    assert "Traceback" not in result.stderr and result.stderr


@pytest.mark.parametrize("reserve", ["-5", "many"])
def test_the_script_refuses_reserves_that_make_no_sense(project, reserve):
    result = project.run("check_budget.py", f"--reserve={reserve}")
    assert result.returncode == 2
    assert f"'{reserve}' is no number of KB from 0" in result.stderr.splitlines()[-1]


def test_the_days_are_those_of_the_settings_whatever_reserve_is_asked_for(project):
    result = project.run("check_budget.py", "--reserve", "200")
    assert "60 s, 50.0 KB kept free." in result.stdout


@pytest.mark.parametrize("option", [[], ["--json"], ["--drive", "100KB"]])
def test_a_reader_that_has_had_enough_is_no_error(project, option):
    process = subprocess.Popen(
        project.command("check_budget.py", *option),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.close()
    complaints = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert "Broken" not in complaints and "Traceback" not in complaints


# ---- On a FAT image ----


def test_a_deployed_drive_fits_a_fat_image_and_reads_back(fresh_drive, micropython, tmp_path):
    """Three programs check a copy of the deployed folder in an image formatted as on the board."""
    mcopy = programs.need("mcopy", "mtools")
    fsck = programs.need("fsck.fat", "dosfstools")
    template = assembly.settings_template()
    drive = LimitedDrive(fresh_drive)
    cable.carry_out(cable.prepare(drive, assembly.collect(), template))
    image = tmp_path / "drive.img"
    image.touch()
    micropython(FAT_IMAGE, "format", image, SECTORS)
    entries = [str(entry) for entry in sorted(fresh_drive.iterdir())]
    subprocess.run([mcopy, "-s", "-i", str(image), *entries, "::"], check=True)
    subprocess.run([fsck, "-n", str(image)], check=True, capture_output=True)
    free, found = json.loads(micropython(FAT_IMAGE, "list", image, heap=8 * 1024 * 1024).stdout)
    assert found == {
        name: hashlib.sha256(content).hexdigest() for name, content in tree(fresh_drive).items()
    }
    assert free >= drive.free()


def test_the_limited_drive_is_no_larger_than_a_board(fresh_drive):
    drive = LimitedDrive(fresh_drive)
    files = samples.paths({"www/fill.png": "x" * (drive.free() - 8192)})
    cable.carry_out(cable.prepare(drive, files, samples.TEMPLATE))
    assert 0 <= drive.free() < 8192
    assert limited_drive.tree(fresh_drive)["www/fill.png"]
