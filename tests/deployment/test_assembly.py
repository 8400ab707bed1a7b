"""The payload as a whole: its parts, its manifest, the files that a build leaves alone."""

import subprocess
from pathlib import PurePosixPath

from toolkit import environment, manifest
from toolkit.payload import assembly, mpy


def test_the_payload_has_every_part_and_its_manifest(tmp_path):
    files = assembly.collect()
    for name in (
        "code.py",
        "boot.py",
        "lib/ehttpserver.mpy",
        "lib/adafruit_ticks.mpy",
        "lib/neopixel.mpy",
    ):
        assert PurePosixPath(name) in files
    assert PurePosixPath("www/index.html.gz") in files
    assert assembly.SETTINGS not in files
    known = manifest.read(files[manifest.PATH])
    assert known.keys() == files.keys() - {manifest.PATH}
    assert all(known[path] == {manifest.digest(files[path])} for path in known)


def test_a_build_leaves_settings_and_other_files_alone(tmp_path):
    paths = assembly.build(tmp_path, mpy.SOURCE)
    assert assembly.SETTINGS in paths
    assert (tmp_path / "settings.toml").read_bytes() == assembly.settings_template()
    (tmp_path / "settings.toml").write_text("mine")
    (tmp_path / "www/mine.txt").write_text("mine")
    assert assembly.SETTINGS not in assembly.build(tmp_path, mpy.SOURCE)
    assert (tmp_path / "settings.toml").read_text() == "mine"
    assert (tmp_path / "www/mine.txt").read_text() == "mine"


def test_names_that_differ_in_case_only_are_refused(project):
    (project.root / "lib/Thing.py").write_text("")
    (project.root / "lib/thing.py").write_text("")
    result = project.run("check_budget.py")
    assert result.returncode == 1
    assert "lib/Thing.py and lib/thing.py differ in case only" in result.stderr


def test_a_library_in_the_place_of_one_from_pypi_is_refused(project):
    (project.root / "lib/neopixel.py").write_text("")
    result = project.run("check_budget.py")
    assert "lib/neopixel.py would overwrite the library of that name from PyPI" in result.stderr


def test_device_libraries_are_pinned_by_hash():
    text = (environment.ROOT / "scripts/device-requirements.txt").read_text()
    names = [line for line in text.splitlines() if "==" in line]
    assert len(names) >= 2 and text.count("--hash=sha256:") >= len(names)


def test_git_ignores_what_the_scripts_make():
    command = ["git", "check-ignore", "build/x", ".venv/x", "node_modules/x"]
    result = subprocess.run(
        command, cwd=environment.ROOT, capture_output=True, text=True, check=False
    )
    assert result.stdout.split() == command[2:]
