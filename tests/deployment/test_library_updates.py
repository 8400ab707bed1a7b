"""circup itself, offline, with a bundle of its own: it knows what a deployment put on the drive."""

import json
import os
import re
import subprocess
import sys

import pytest
from deployment import limited_drive
from toolkit import environment
from toolkit.deploy import cable, library_updates
from toolkit.deploy.mounted_drive import MountedDrive
from toolkit.deploy.plan import version_of
from toolkit.errors import ToolkitError
from toolkit.payload import assembly

KEY = "adafruit/Adafruit_CircuitPython_Bundle"
NAME = "adafruit-circuitpython-bundle"
TAG = "20260701"
NEWER = "99.0.0"


@pytest.fixture
def deployed(fresh_drive):
    """A drive with the real payload."""
    cable.carry_out(
        cable.prepare(MountedDrive(fresh_drive), assembly.collect(), assembly.settings_template())
    )
    return fresh_drive


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """Makes the only bundle that circup knows: `bundle(neopixel="6.4.2")`; returns the folder of its modules."""
    data = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    monkeypatch.setenv("HOME", str(tmp_path))

    def make(**versions):
        home = data / "circup"
        library = home / "adafruit" / f"{NAME}-py" / f"{NAME}-py-{TAG}" / "lib"
        library.mkdir(parents=True)
        for name, version in versions.items():
            (library / f"{name}.py").write_text(
                f'__version__ = "{version}"\n__repo__ = "https://example/"\n'
            )
        (home / "bundle_config.json").write_text(json.dumps({"only": KEY}))
        (home / "circup.json").write_text(json.dumps({KEY: [TAG]}))
        return library

    return make


def circup(*arguments):
    command = [
        sys.executable,
        "-c",
        "from circup import main; main()",
        "--offline",
        *map(str, arguments),
    ]
    result = subprocess.run(
        command, cwd=environment.ROOT, capture_output=True, text=True, env=os.environ, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def on_drive(deployed, name):
    return version_of((deployed / f"lib/{name}.py").read_bytes())


NAMES = ("adafruit_ticks", "ehttpserver", "neopixel")


def test_circup_lists_the_libraries_with_their_versions(deployed, bundle):
    bundle(**dict.fromkeys(NAMES, NEWER))
    listed = circup("--path", deployed, "list")
    assert "Found device raspberry_pi_pico_w" in listed
    for name in NAMES:
        assert re.search(
            rf"^{name}\s+{re.escape(on_drive(deployed, name))}\s+{NEWER}", listed, re.MULTILINE
        )
        assert on_drive(deployed, name)


def test_circup_freezes_the_libraries(deployed, bundle):
    bundle(**dict.fromkeys(NAMES, NEWER))
    frozen = circup("--path", deployed, "freeze").splitlines()
    assert {f"{name}=={on_drive(deployed, name)}" for name in NAMES} <= set(frozen)


def test_circup_puts_the_library_on_another_drive(bundle, tmp_path):
    bundle(adafruit_ticks="1.1.7")
    other = limited_drive.fresh(tmp_path / "OTHER")
    library = environment.ROOT / "lib/ehttpserver.py"
    # As the README has it: circup turns the whole path into small letters, so that an absolute one would not do.
    told = circup("--path", other, "install", "./lib/ehttpserver.py")
    assert "Installed 'ehttpserver'" in told
    assert (other / "lib/ehttpserver.py").read_bytes() == library.read_bytes()


def test_what_circup_updated_survives_the_next_deployment(deployed, bundle):
    bundle(neopixel=NEWER, adafruit_ticks="1.0.0")
    library_updates.update(deployed, all_at_once=True, options=["--offline"])
    assert on_drive(deployed, "neopixel") == NEWER
    again = cable.prepare(MountedDrive(deployed), assembly.collect(), assembly.settings_template())
    assert [str(path) for path in again.plan.newer] == ["lib/neopixel.py"]
    cable.carry_out(again)
    assert on_drive(deployed, "neopixel") == NEWER


def test_a_failure_of_circup_is_told(tmp_path, bundle):
    bundle()
    (tmp_path / "no drive").mkdir()
    with pytest.raises(ToolkitError, match="circup list failed"):
        library_updates.update(tmp_path / "no drive", options=["--offline"])


def test_circup_without_a_network_is_told_in_a_line(deployed, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with pytest.raises(ToolkitError, match="circup list failed"):
        library_updates.update(deployed)
    told = capfd.readouterr().err
    assert "circup got no answer from https://" in told
    assert "Traceback" not in told
