"""circup itself, offline, with a bundle of the test: it knows the libraries that were deployed."""

import json
import logging
import os
import re
import subprocess
import sys

import pytest
from circup.shared import extract_metadata
from deployment import limited_drive, samples
from toolkit import environment
from toolkit.deploy import cable, library_updates
from toolkit.deploy.mounted_drive import MountedDrive
from toolkit.errors import ToolkitError
from toolkit.payload import assembly, device_libraries, mpy

KEY = "adafruit/Adafruit_CircuitPython_Bundle"
NAME = "adafruit-circuitpython-bundle"
TAG = "20260701"
NEWER = "99.0.0"


@pytest.fixture
def deployed(fresh_drive):
    """A drive with the real payload."""
    cable.carry_out(prepared(fresh_drive))
    return fresh_drive


def prepared(drive):
    return cable.prepare(
        MountedDrive(drive),
        assembly.collect(),
        assembly.settings_template(),
        device_libraries.paths(print),
    )


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """Makes the only bundle that circup knows: `bundle(neopixel="6.4.2")`."""
    data = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    monkeypatch.setenv("HOME", str(tmp_path))

    def make(**versions):
        home = data / "circup"
        for platform, form, kind in (
            ("py", mpy.SOURCE, "py"),
            ("10mpy", mpy.CIRCUITPYTHON, "10.x-mpy"),
        ):
            library = home / "adafruit" / f"{NAME}-{platform}" / f"{NAME}-{kind}-{TAG}"
            (library / "lib").mkdir(parents=True)
            for name, version in versions.items():
                source = f'__version__ = "{version}"\n__repo__ = "https://example/{name}"\n'
                modules = mpy.compiled(samples.paths({f"lib/{name}.py": source}), form)
                for path, content in modules.items():
                    (library / path).write_bytes(content)
        (home / "bundle_config.json").write_text(json.dumps({"only": KEY}))
        (home / "circup.json").write_text(json.dumps({KEY: [TAG]}))

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
    """The version of a compiled module, as circup sees it."""
    metadata = extract_metadata(str(deployed / f"lib/{name}.mpy"), logging.getLogger(__name__))
    return metadata["__version__"]


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
    # As in the README: circup turns a path into lower case, so an absolute one would fail.
    told = circup("--path", other, "install", "./lib/ehttpserver.py")
    assert "Installed 'ehttpserver'" in told
    assert (other / "lib/ehttpserver.py").read_bytes() == library.read_bytes()


def test_what_circup_updated_survives_the_next_deployment(deployed, bundle):
    bundle(neopixel=NEWER, adafruit_ticks="1.0.0")
    library_updates.update(deployed, all_at_once=True, options=["--offline"])
    assert on_drive(deployed, "neopixel") == NEWER
    again = prepared(deployed)
    assert [str(path) for path in again.plan.newer] == ["lib/neopixel.mpy"]
    cable.carry_out(again)
    assert on_drive(deployed, "neopixel") == NEWER


def test_circup_leaves_our_own_files_alone(deployed, bundle):
    """The community bundle has another library called ehttpserver."""
    bundle(ehttpserver=NEWER, datalogger=NEWER, adafruit_ticks=NEWER)
    before = (deployed / "lib/ehttpserver.mpy").read_bytes()
    library_updates.update(deployed, all_at_once=True, options=["--offline"])
    assert (deployed / "lib/ehttpserver.mpy").read_bytes() == before
    assert on_drive(deployed, "adafruit_ticks") == NEWER


def test_our_own_files_that_circup_replaced_come_back(deployed, bundle):
    bundle(ehttpserver=NEWER)
    circup("--path", deployed, "update", "--all")
    assert on_drive(deployed, "ehttpserver") == NEWER
    cable.carry_out(prepared(deployed))
    assert on_drive(deployed, "ehttpserver") != NEWER


def test_a_version_on_the_drive_may_be_hostile(deployed, bundle, capfd):
    bundle(mine=NEWER)
    (deployed / "lib/mine.py").write_bytes(
        b'__version__ = "1.0\x1b]0;owned\x07\x1b[2J"\n__repo__ = "https://x"\n'
    )
    library_updates.update(deployed, all_at_once=True, options=["--offline"])
    shown = "".join(capfd.readouterr())
    assert "\nmine    1.0?]0;owned?" in shown and "Updated mine\n" in shown
    assert not set("\x1b\x07") & set(shown)


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


def test_a_library_that_circup_has_replaced_by_hand_is_put_back_and_explained(
    deployed, monkeypatch
):
    """The community bundle has another library of this name, with a version of its own."""
    library = next((deployed / "lib").glob("ehttpserver.*"))
    ours = library.read_bytes()
    other = mpy.compiled(
        samples.paths({"lib/ehttpserver.py": '__version__ = "99.0.0"\n'}), mpy.CIRCUITPYTHON
    )
    library.write_bytes(next(iter(other.values())))
    deployment = prepared(deployed)
    assert [path.name for path in deployment.plan.edited] == [library.name]
    assert "deploy.py --update-libs" in library_updates.hint(deployment.plan.edited)
    cable.carry_out(deployment)
    assert library.read_bytes() == ours
    assert library_updates.hint(samples.paths({"lib/neopixel.mpy": "", "code.py": ""})) == ""
