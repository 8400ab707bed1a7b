"""The worked examples of README.md ("Make it yours"), as they stand there, on a copy of the project."""

import base64
import json
import shutil
import urllib.error
import urllib.request

import pytest
from documentation import readme
from playwright.sync_api import expect
from toolkit.environment import ROOT
from toolkit.generated import shipped_settings
from toolkit.payload import assembly, mpy

PASSWORD = "datalogger"  # as shipped
CHANGES = [block for block in readme.blocks(readme.section("Make it yours")) if block.path]


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A copy of the project with all the examples in it."""
    root = tmp_path_factory.mktemp("changed")
    for name in ("lib", "www"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("boot.py", "code.py", "settings.toml"):
        shutil.copy(ROOT / name, root)
    for change in CHANGES:
        change.apply(root)
    return root


@pytest.fixture(scope="module")
def drives(changed, tmp_path_factory):
    """{interpreter: {path: content}} of drives to which the changed project was deployed."""
    made = {}
    for vm, form in (("cpython", mpy.SOURCE), ("micropython", mpy.MICROPYTHON)):
        folder = tmp_path_factory.mktemp("drive")
        paths = assembly.build(folder, form, root=changed)
        made[vm] = {str(path): (folder / path).read_bytes() for path in paths}
    return made


def get(board, path):
    with urllib.request.urlopen(board.url + path, timeout=30) as answer:
        return json.load(answer)


def wait_for_light(board):
    def value():
        readings = {row["name"]: row for row in get(board, "/api/readings")["readings"]}
        return readings["light"]["value"] is not None and readings["light"]

    return board.wait_or_fail(value, "the light is not measured")


def test_all_kinds_are_there():
    titles = {"A sensor": 20, "A setting": 2, "A route": 20, "A page": 20, "A button": 35}
    for title, most in titles.items():
        parts = [block for block in readme.blocks(readme.section(title)) if block.path]
        assert parts, title
        assert sum(len(block.text.splitlines()) for block in parts) <= most, title
    assert len(CHANGES) == sum(len(readme.blocks(readme.section(title))) for title in titles)


@pytest.mark.daily
def test_sensor_setting_and_route(boards, drives, vm):
    board = boards(vm=vm, payload=False, files=drives[vm], pins={"A0": 1.65})
    light = wait_for_light(board)
    assert 48 <= light["value"] <= 52
    assert (light["label"], light["unit"], light["error"]) == ("Light", "%", None)
    rows = {row["key"]: row for row in get(board, "/api/settings")["settings"]}
    assert rows["DARK_PERCENT"]["value"] == 20
    assert get(board, "/api/dark") == {"dark": False, "limit": 20}
    board.change(pins={"A0": 0.33})
    board.wait_or_fail(lambda: get(board, "/api/dark")["dark"], "it does not get dark")
    assert "light" in get(board, "/api/history")["columns"]


def test_setting_in_the_shipped_file(changed):
    shipped = shipped_settings.text(changed)
    assert "DARK_PERCENT = 20" in shipped
    assert set(shipped.split("\n")) > set((ROOT / "settings.toml").read_text("utf-8").split("\n"))


@pytest.mark.daily
def test_button_needs_the_login(boards, drives, vm):
    board = boards(vm=vm, payload=False, files=drives[vm], traced=("pins",))
    with pytest.raises(urllib.error.HTTPError, match="401"):
        post(board, "/api/lamp", b"on")
    assert True not in lamp(board)
    login = b"Basic " + base64.b64encode(b"admin:" + PASSWORD.encode())
    assert post(board, "/api/lamp", b"on", login) == {"on": True}
    board.wait_or_fail(lambda: lamp(board)[-1:] == [True], "the lamp is off")
    assert post(board, "/api/lamp", b"off", login) == {"on": False}
    board.wait_or_fail(lambda: lamp(board)[-1:] == [False], "the lamp is on")


def post(board, path, body, authorization=b""):
    request = urllib.request.Request(board.url + path, body, {"Authorization": authorization})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def lamp(board):
    """The values that the pin of the lamp was switched to, in order."""
    return [bool(value) for name, value, _ in board.events("pin") if name == "GP15"]


def test_page_and_button(boards, drives, chromium):
    board = boards(payload=False, files=drives["cpython"], pins={"A0": 0.33}, traced=("pins",))
    page = chromium.new_page()
    problems = []
    page.on("pageerror", lambda problem: problems.append(problem))
    page.goto(board.url)
    page.get_by_role("link", name="Night", exact=True).click()
    status = page.get_by_text("Below 20 % counts as dark.")
    expect(status).to_contain_text("It is dark", timeout=30000)
    expect(page).to_have_title("Night · datalogger")
    page.get_by_role("button", name="Switch on the lamp").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Log in").click()
    expect(page.get_by_text("The lamp is on.")).to_be_visible(timeout=30000)
    board.wait_or_fail(lambda: lamp(board)[-1:] == [True], "the lamp is off")
    page.close()
    assert not problems
