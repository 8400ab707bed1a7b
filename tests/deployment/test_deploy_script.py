"""deploy.py as a person runs it: what it prints, how it ends, killed at any moment, watching."""

import ast
import errno
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time

import pytest
from deployment.limited_drive import tree
from toolkit import environment, settings_toml
from toolkit.deploy import drive_errors, messages, watch
from toolkit.errors import ToolkitError

pytestmark = pytest.mark.slow

DEADLINE = 60
FOR_OLDER_PYTHONS = {
    "toolkit": "__init__.py",
    "toolkit.budget": "budget/__init__.py",
    "toolkit.budget.drive_sizes": "budget/drive_sizes.py",
    "toolkit.environment": "environment.py",
    "toolkit.errors": "errors.py",
    "toolkit.locks": "locks.py",
    "toolkit.package_failures": "package_failures.py",
    "toolkit.plain_text": "plain_text.py",
}


def deploy(project, drive, *arguments, **variables):
    result = project.run("deploy.py", "--to", drive, *arguments, **variables)
    assert "Traceback" not in result.stderr
    return result


def test_the_first_deployment_tells_passwords_and_where_to_browse(project, fresh_drive):
    result = deploy(project, fresh_drive)
    assert result.returncode == 0, result.stderr
    values = settings_toml.values((fresh_drive / "settings.toml").read_text())
    for key in ("AP_SSID", "AP_PASSWORD", "ADMIN_PASSWORD"):
        assert values[key] in result.stdout
    assert "http://192.168.4.1" in result.stdout
    assert "█" in result.stdout and "Scan it to join the Wi-Fi" in result.stdout
    assert "Raspberry Pi Pico W with rp2040, CircuitPython 10.3.1" in result.stdout


def test_passwords_are_shown_once(project, fresh_drive):
    deploy(project, fresh_drive)
    values = settings_toml.values((fresh_drive / "settings.toml").read_text())
    (project.root / "code.py").write_text("# changed\n")
    result = deploy(project, fresh_drive)
    assert "1 changed" in result.stdout
    for key in ("AP_PASSWORD", "ADMIN_PASSWORD"):
        assert values[key] not in result.stdout + result.stderr


def test_a_board_in_another_network_is_found_by_its_name(project, fresh_drive):
    (fresh_drive / "settings.toml").write_text('WIFI_MODE = "station"\nDEVICE_NAME = "attic"\n')
    result = deploy(project, fresh_drive)
    assert "http://attic.local" in result.stdout
    assert "Scan it" not in result.stdout


def test_a_terminal_that_cannot_show_the_code_gets_the_rest(project, fresh_drive):
    result = deploy(project, fresh_drive, PYTHONIOENCODING="ascii:replace")
    assert result.returncode == 0, result.stderr
    values = settings_toml.values((fresh_drive / "settings.toml").read_text())
    assert values["AP_PASSWORD"] in result.stdout
    assert "Scan it" not in result.stdout


def test_a_second_run_has_nothing_to_do(project, fresh_drive):
    deploy(project, fresh_drive)
    before = {file: file.stat().st_mtime_ns for file in fresh_drive.rglob("*")}
    result = deploy(project, fresh_drive)
    assert result.stdout == messages.NOTHING + "\n"
    assert {file: file.stat().st_mtime_ns for file in fresh_drive.rglob("*")} == before


def test_new_settings_are_told(project, fresh_drive):
    deploy(project, fresh_drive)
    with open(project.root / "settings.toml", "a") as template:
        template.write("# New.\nHOW_MANY = 3\n")
    result = deploy(project, fresh_drive)
    assert "New in settings.toml, at their defaults: HOW_MANY." in result.stdout


def test_a_dry_run_writes_nothing_and_makes_no_passwords(project, fresh_drive):
    before = tree(fresh_drive)
    result = deploy(project, fresh_drive, "--dry-run")
    assert re.search(r"^new +[\d,]+ bytes +www/index\.html\.gz$", result.stdout, re.MULTILINE)
    assert re.search(r"^changed +\d+ bytes +code\.py$", result.stdout, re.MULTILINE)
    assert "password" not in result.stdout.lower()
    assert tree(fresh_drive) == before


def test_files_edited_on_the_board_are_kept_on_the_computer(project, fresh_drive):
    deploy(project, fresh_drive)
    (fresh_drive / "code.py").write_text("# edited on the board\n")
    result = deploy(project, fresh_drive)
    assert "Changed on the board since the last deployment: code.py." in result.stderr
    (copy,) = (project.root / "build/replaced").rglob("code.py")
    assert copy.read_text() == "# edited on the board\n"


def test_the_shipped_passwords_are_warned_of(project, fresh_drive):
    (fresh_drive / "settings.toml").write_bytes((project.root / "settings.toml").read_bytes())
    result = deploy(project, fresh_drive)
    assert "still has a password that everybody knows" in result.stderr


def test_circuitpythons_own_web_server_is_warned_of(project, fresh_drive):
    (fresh_drive / "settings.toml").write_text('CIRCUITPY_WEB_API_PASSWORD = "x"\n')
    result = deploy(project, fresh_drive)
    assert "takes port 80" in result.stderr


def test_modules_are_compiled_unless_the_sources_are_wanted(project, fresh_drive):
    deploy(project, fresh_drive)
    assert (fresh_drive / "lib/app.mpy").read_bytes()[:2] == b"C\x06"
    assert not (fresh_drive / "lib/app.py").exists()
    deploy(project, fresh_drive, "--source")
    # Without docstring: nobody edits this file on a board.
    assert (fresh_drive / "lib/app.py").read_bytes() == b"VALUE = 1\n"
    assert not (fresh_drive / "lib/app.mpy").exists()
    edited = "lib/datalogger/rare/toml_subset.py"
    assert (fresh_drive / edited).read_bytes() == (project.root / edited).read_bytes()


def test_an_unknown_circuitpython_gets_sources_and_a_line_says_so(project, fresh_drive):
    boot_out = fresh_drive / "boot_out.txt"
    boot_out.write_text(boot_out.read_text().replace("10.3.1", "11.0.0"))
    result = deploy(project, fresh_drive)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("The modules travel as .py: CircuitPython 11 is not known") == 1
    assert (fresh_drive / "lib/app.py").exists()


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("lib/app.py", "VALUE =\n", "deploy.py: lib/app.py, line 1: SyntaxError"),
        ("www/data.json", "{", "deploy.py: www/data.json, line 1: Expecting property name"),
        ("code.py", None, "deploy.py: code.py is missing in"),
        ("boot.py", None, "deploy.py: boot.py is missing in"),
    ],
)
def test_nothing_is_written_of_a_payload_that_is_broken(project, fresh_drive, path, text, problem):
    deploy(project, fresh_drive)
    before = tree(fresh_drive)
    if text is None:
        (project.root / path).unlink()
    else:
        (project.root / path).write_text(text)
    result = deploy(project, fresh_drive)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(problem)
    assert tree(fresh_drive) == before


def test_help_needs_no_installation(project):
    (project.root / ".venv").unlink()
    for script in ("deploy.py", "check_budget.py", "gzip_assets.py"):
        result = project.run(script, "--help")
        assert result.returncode == 0
        assert "usage: " + script in result.stdout
    assert not (project.root / ".venv").exists()


@pytest.mark.parametrize("script", ["deploy", "check_budget", "gzip_assets", "simulate", "test"])
def test_what_is_imported_before_the_version_check_suits_older_pythons(script):
    """Otherwise they would show a traceback in place of the one line of the check."""
    code = f"import sys, {script}; print(*[name for name in sys.modules if name.startswith('toolkit')])"
    scripts = environment.ROOT / "scripts"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=scripts, capture_output=True, text=True, check=True
    )
    modules = set(result.stdout.split())
    assert modules <= set(FOR_OLDER_PYTHONS)
    for name in FOR_OLDER_PYTHONS.values():
        ast.parse((scripts / "toolkit" / name).read_text(), feature_version=(3, 6))


@pytest.mark.parametrize(
    ("script", "option", "what"),
    [
        ("deploy", "--to", "folder"),
        ("gzip_assets", "--out", "folder"),
        ("simulate", "--drive", "folder"),
        ("simulate", "--code", "file"),
        ("bench", "--json", "file"),
        ("bench", "--markdown", "file"),
    ],
)
def test_an_empty_path_is_refused(script, option, what):
    """An unset variable of a shell leads to one: it must not mean the current folder."""
    command = [sys.executable, environment.ROOT / "scripts" / f"{script}.py", option, ""]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert f"argument {option}: a {what} is needed; this is empty" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--to", "x", "--wifi", "y"],
        ["--wifi", "http://x", "--update-libs"],
        ["--dry-run", "--watch"],
        ["--update-libs", "--watch"],
        ["--update-libs", "--source"],
        ["--wifi", "", "--update-libs"],
        ["--password", "x"],
        ["--overwrite"],
        ["--no-such-option"],
    ],
)
def test_options_that_do_not_go_together_are_refused(project, arguments):
    result = project.run("deploy.py", *arguments)
    assert result.returncode == 2
    assert "deploy.py: error: " in result.stderr


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda drive: (drive / "boot_out.txt").unlink(), "has no boot_out.txt"),
        (
            lambda drive: (drive / "boot_out.txt").write_text(
                "Adafruit CircuitPython 8.2.10 on 2024-02-14; Raspberry Pi Pico W with rp2040"
            ),
            "The board runs CircuitPython 8.2.10; 10.0 or later is needed",
        ),
        (
            lambda drive: (drive / "boot_out.txt").write_text(
                "Adafruit CircuitPython 10.3.1 on 2026-07-02; Raspberry Pi Pico with rp2040\n"
                "Board ID:raspberry_pi_pico\n"
            ),
            "This is the wrong board",
        ),
        (lambda drive: (drive / "www").write_text("a file"), "a folder where a file belongs"),
    ],
)
def test_a_drive_that_will_not_do_is_refused_in_one_line(project, fresh_drive, spoil, message):
    spoil(fresh_drive)
    before = tree(fresh_drive)
    result = deploy(project, fresh_drive)
    assert result.returncode == 1
    assert message in result.stderr.splitlines()[-1]
    assert result.stderr.splitlines()[-1].startswith("deploy.py: ")
    assert tree(fresh_drive) == before


def test_a_wifi_password_never_shows(project):
    url = "http://127.0.0.1:9"
    result = project.run("deploy.py", "--wifi", url, DEPLOY_PASSWORD="secret-of-the-test")
    assert result.returncode == 1
    assert f"The board at {url} can't be reached" in result.stderr
    assert "secret-of-the-test" not in result.stdout + result.stderr


def test_a_missing_wifi_password_is_told(project):
    result = project.run("deploy.py", "--wifi", "http://127.0.0.1:9")
    assert result.returncode == 1
    assert "set DEPLOY_PASSWORD, or use --password" in result.stderr


def test_the_read_only_drive_is_explained(project, fresh_drive, monkeypatch):
    """Only the message is tested: a read-only bind mount needs root."""
    from toolkit.deploy import cable_session
    from toolkit.deploy.mounted_drive import MountedDrive

    monkeypatch.setattr(MountedDrive, "is_read_only", lambda drive: True)
    session = cable_session.Session(fresh_drive, False)
    for action in (session.deploy, session.update_libraries):
        with pytest.raises(ToolkitError) as raised:
            action()
        assert raised.value.message == drive_errors.READ_ONLY


def test_a_drive_that_becomes_read_only_on_the_way_is_explained(fresh_drive, monkeypatch):
    from toolkit.deploy import cable_session
    from toolkit.deploy.mounted_drive import MountedDrive

    def locked(drive, file, content, mode):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(MountedDrive, "_store", locked)
    with pytest.raises(ToolkitError) as raised:
        cable_session.Session(fresh_drive, False).deploy()
    assert raised.value.message == drive_errors.LOCKED


# ---- Killed ----


def test_killed_at_any_moment_a_second_run_finishes(project, fresh_drive, tmp_path):
    """A real process is really killed, at a random moment."""
    pages = [project.root / f"www/page{number}.png" for number in range(40)]  # stored as they are
    for page in pages:
        page.write_bytes(b"before")
    deploy(project, fresh_drive)
    names = set(tree(fresh_drive))
    rng = random.Random(6)
    killed = 0
    for attempt in range(6):
        for page in pages:
            page.write_bytes(b"%d" % attempt * 400)
        process = subprocess.Popen(
            project.command("deploy.py", "--to", fresh_drive),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        waiting = rng.randrange(1, 40)
        while process.poll() is None and len(list(fresh_drive.rglob("*.new"))) < waiting:
            pass
        process.kill()
        killed += process.wait() == -signal.SIGKILL and any(fresh_drive.rglob("*.new"))
        result = deploy(project, fresh_drive)
        assert result.returncode == 0, result.stderr
        assert set(tree(fresh_drive)) == names
        assert deploy(project, fresh_drive).stdout == messages.NOTHING + "\n"
    assert killed >= 3  # on a busy machine it may end before


def test_two_at_once_work_one_after_the_other(project, fresh_drive):
    """Otherwise each would make passwords, and one would show those that the board doesn't have."""
    both = [
        subprocess.Popen(
            project.command("deploy.py", "--to", fresh_drive),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    values = settings_toml.values((fresh_drive / "settings.toml").read_text())
    shown = [output for output in outputs if "Write these down" in output]
    assert len(shown) == 1 and values["ADMIN_PASSWORD"] in shown[0]
    assert sum(messages.NOTHING in output for output in outputs) == 1


def test_an_empty_address_does_not_mean_the_cable(project):
    result = project.run("deploy.py", "--wifi", "", "--password", "x")
    assert result.returncode == 1
    assert "is not the address of a board" in result.stderr


# ---- Watching ----


class Watching:
    """deploy.py --watch in the background."""

    def __init__(self, project, drive):
        self.process = subprocess.Popen(
            project.command("deploy.py", "--to", drive, "--watch"),
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.output += line

    def wait_until(self, condition):
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(DEADLINE)
        self._reader.join()


@pytest.fixture
def watching(project, fresh_drive):
    """A running --watch, after its first deployment."""
    running = Watching(project, fresh_drive)
    running.wait_until(lambda: "Watching for changes" in running.output)
    time.sleep(0.5)  # the watch itself begins after that line
    yield running
    running.stop()


def test_what_is_saved_is_deployed_at_once(project, fresh_drive, watching):
    stored = fresh_drive / "www/index.html.gz"
    before = stored.read_bytes()
    (project.root / "www/index.html").write_text("<!doctype html><title>Small</title><p>Changed")
    watching.wait_until(lambda: stored.read_bytes() != before and "1 changed" in watching.output)
    (project.root / "www/new.css").write_text("p { color: red }")
    watching.wait_until((fresh_drive / "www/new.css.gz").exists)
    (project.root / "www/new.css").unlink()
    watching.wait_until(lambda: not (fresh_drive / "www/new.css.gz").exists())
    assert "Changed: www/index.html" in watching.output


def test_a_mistake_is_told_and_the_watch_goes_on(project, fresh_drive, watching):
    (project.root / "www/app.js").write_text("let = ;")
    watching.wait_until(lambda: "www/app.js:1:" in watching.output)
    (project.root / "www/app.js").write_text("let fine = 1;")
    watching.wait_until((fresh_drive / "www/app.js.gz").exists)


def test_the_watch_ends_quietly(watching):
    watching.stop()
    assert watching.output.endswith("Watching for changes; Ctrl-C ends.\n")
    assert watching.process.returncode == 130


def test_a_watch_can_be_stopped_by_an_event():
    stop = threading.Event()
    stop.set()
    watch.run(lambda: pytest.fail("nothing changed"), stop)
