"""The rescue page in a browser, on a simulated board whose app does not start."""

import os

import pytest
from toolkit.environment import ROOT

PASSWORDS = {"ADMIN_PASSWORD": "a good password", "AP_PASSWORD": "another password"}
PICTURE = ROOT / "docs/images/rescue.png"


@pytest.fixture
def board(boards):
    """A board that shows its rescue page."""
    broken = {"lib/datalogger/tasks.py": "import adafruit_bme280\n"}
    board = boards(settings=PASSWORDS, files=broken, start=False)
    board.change(speed=20)
    board.start()
    board.change(speed=1)
    return board


@pytest.fixture
def page(chromium, board):
    context = chromium.new_context(viewport={"width": 720, "height": 900}, color_scheme="light")
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(board.url)
    yield page
    context.close()
    assert not errors


def log_in(page, password="a good password"):
    page.get_by_label("Admin password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_wrong_password_shows_nothing(page):
    log_in(page, "a wrong one")
    page.get_by_text("The password is wrong").wait_for()
    assert not page.get_by_role("button", name="Restart", exact=True).is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_a_phone(page, theme):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page)
    page.get_by_text("adafruit_bme280").wait_for()
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    assert page.get_by_role("status").bounding_box()["height"] == 0  # it lies over the tools


@pytest.mark.parametrize("button", ["Replace this file", "Restore it"])
def test_says_that_no_file_is_chosen(page, button):
    log_in(page)
    page.get_by_role("button", name=button).click()
    page.get_by_text("That failed: no file is chosen.").wait_for()


def test_says_that_the_board_does_not_answer(page, board):
    log_in(page)
    page.get_by_text("adafruit_bme280").wait_for()
    board.stop()
    page.get_by_role("button", name="Show the log").click()
    page.get_by_text("That failed").wait_for()


def test_a_file_is_put_back(page, board):
    log_in(page)
    page.get_by_text("adafruit_bme280").wait_for()
    if os.environ.get("UPDATE_SCREENSHOTS"):
        page.set_viewport_size({"width": 720, "height": 1000})  # full_page leaves a white band
        page.screenshot(path=PICTURE)
    page.get_by_label("File").set_input_files(ROOT / "lib/datalogger/tasks.py")
    page.get_by_label("Path").fill("lib/datalogger/tasks.py")
    page.get_by_role("button", name="Replace this file").click()
    page.get_by_text("In place with the restart that follows").wait_for()
    board.wait_until_listening(2)
    assert (board.drive / "lib/datalogger/tasks.py").read_bytes() == (
        ROOT / "lib/datalogger/tasks.py"
    ).read_bytes()


def test_settings_come_back(page, board, tmp_path):
    log_in(page)
    backup = tmp_path / "settings.toml"
    backup.write_text("LIVE_SECONDS = 9\n")
    page.get_by_label("Backup of settings.toml").set_input_files(backup)
    page.get_by_role("button", name="Restore it").click()
    page.get_by_text("Restored.").wait_for()
    text = (board.drive / "settings.toml").read_text()
    assert "LIVE_SECONDS = 9\n" in text and 'ADMIN_PASSWORD = "a good password"' in text
