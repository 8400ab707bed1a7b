"""Dashboard: live values, recorder, chart."""

import re

import pytest
from playwright.sync_api import expect

from .screen import wait_for
from .site import SETTINGS


def open_dashboard(open_screen, url, **options):
    screen = open_screen(f"{url}/#/dashboard", **options)
    expect(screen.page.locator(".lanes canvas").first).to_be_visible()
    return screen


def chip(screen, label):
    return screen.page.locator(".chip", has_text=label)


@pytest.mark.daily
def test_shows_every_reading_with_its_unit_and_range(board, open_screen):
    screen = open_dashboard(open_screen, board().url)
    tiles = screen.page.locator(".tile")
    expect(tiles).to_have_count(3)
    expect(tiles.nth(0)).to_contain_text("Chip temperature")
    expect(tiles.nth(0).locator(".value")).to_have_text(re.compile(r"[0-9]+\.[0-9] °C"))
    expect(tiles.nth(1).locator(".value")).to_have_text(re.compile(r"[0-9]+\.[0-9]{2} V"))
    expect(tiles.nth(2).locator(".value")).to_have_text(re.compile(r"[0-9]+\.[0-9] KB"))
    expect(tiles.nth(0).locator(".span")).to_have_text(re.compile(r"min \d+\.\d.*max \d+\.\d"))


def test_values_and_chart_follow_without_moving_the_layout(board, open_screen):
    screen = open_dashboard(open_screen, board().url)
    places = (
        "[...document.querySelectorAll('.tile, .value, .trend, .recorder, .history, .lanes')]"
        ".map((e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })"
    )
    latest = screen.page.locator(".cursor-time")
    expect(latest).to_contain_text("Latest")
    expect(screen.page.locator(".trend").first).not_to_have_text("no trend yet")
    before, seen = screen.page.evaluate(places), {latest.text_content()}
    wait_for(lambda: seen.add(latest.text_content()) or len(seen) >= 4, "new samples in the chart")
    assert screen.page.evaluate(places) == before


def test_says_what_the_recorder_does(board, open_screen):
    screen = open_dashboard(open_screen, board().url)
    recorder = screen.page.locator(".recorder")
    expect(recorder).to_contain_text("Recording")
    expect(recorder).to_contain_text(re.compile("Next write in "))


def test_offers_to_take_the_drive_over_from_a_computer(board, open_screen):
    simulated = board(usb="mounted")
    screen = open_dashboard(open_screen, simulated.url)
    recorder = screen.page.locator(".recorder")
    expect(recorder).to_contain_text("Paused")
    simulated.eject_drive()
    recorder.get_by_role("button", name="Take over the drive").click()
    if screen.page.get_by_role("dialog", name="Take over the drive?").count():
        screen.confirm("Take it over")
    screen.log_in(SETTINGS["ADMIN_PASSWORD"])
    expect(recorder).to_contain_text("Recording")


def test_taking_over_keeps_its_button_while_rows_arrive(mock, open_screen):
    status, waiting = mock.status, {"buffered": 6}

    def buffering():
        answer = status()
        answer["recorder"].update(waiting)
        return answer

    mock.status, mock.owner = buffering, "computer"
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    button = screen.page.get_by_role("button", name="Take over the drive")
    button.focus()
    waiting["buffered"] = 7
    expect(screen.page.locator(".recorder")).to_contain_text("7 rows wait in memory.")
    expect(button).to_be_focused()


def test_series_can_be_switched_off_and_on(board, open_screen):
    screen = open_dashboard(open_screen, board().url)
    lanes = screen.page.locator(".lanes canvas")
    expect(lanes).to_have_count(3)
    chip(screen, "Supply voltage").click()
    expect(lanes).to_have_count(2)
    expect(chip(screen, "Supply voltage")).to_have_attribute("aria-pressed", "false")
    expect(chip(screen, "Supply voltage")).to_be_focused()
    chip(screen, "Supply voltage").click()
    expect(lanes).to_have_count(3)


def test_cursor_shows_time_and_values(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    latest = chip(screen, "Chip temperature").locator("b").text_content()
    area = screen.page.locator(".lanes .u-over").first
    box = area.bounding_box()
    screen.page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 20)
    expect(screen.page.locator(".cursor-time")).to_have_text(
        re.compile(r"^At \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
    )
    assert chip(screen, "Chip temperature").locator("b").text_content() != latest
    screen.page.mouse.move(0, 0)
    expect(screen.page.locator(".cursor-time")).to_contain_text("Latest")


def view(screen):
    """What the slider of the chart covers, read off the labels of the time axis."""
    return screen.page.evaluate(
        """() => { const canvas = [...document.querySelectorAll('.lanes canvas')].pop();
        return canvas.toDataURL(); }"""
    )


def test_zooms_by_button_mouse_and_keyboard(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    buttons = screen.page.locator(".chart-bar")
    whole = view(screen)
    buttons.get_by_role("button", name="Zoom in").click()
    wait_for(lambda: view(screen) != whole, "zooming in by button")
    buttons.get_by_role("button", name="All").click()
    wait_for(lambda: view(screen) == whole, "showing all again")

    box = screen.page.locator(".lanes .u-over").first.bounding_box()
    screen.page.mouse.move(box["x"] + 200, box["y"] + 30)
    screen.page.mouse.down()
    screen.page.mouse.move(box["x"] + 500, box["y"] + 30, steps=5)
    screen.page.mouse.up()
    screen.page.mouse.move(0, 0)
    wait_for(lambda: view(screen) != whole, "zooming in by mouse")

    lanes = screen.page.get_by_role("slider")
    lanes.focus()
    screen.page.keyboard.press("Escape")
    wait_for(lambda: view(screen) == whole, "showing all by keyboard")
    screen.page.keyboard.press("+")
    wait_for(lambda: view(screen) != whole, "zooming in by keyboard")
    screen.page.keyboard.press("0")
    screen.page.keyboard.press("ArrowLeft")
    before = lanes.get_attribute("aria-valuetext")
    screen.page.keyboard.press("ArrowLeft")
    expect(lanes).not_to_have_attribute("aria-valuetext", before)
    assert "Chip temperature" in lanes.get_attribute("aria-valuetext")


def test_a_gap_in_the_samples_is_a_gap_in_the_line(mock, open_screen):
    """The mock has no samples between t = 3000 s and 3500 s; the slider has one more stop for that gap."""
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    rows = len(mock.history(-1)["rows"])
    expect(screen.page.get_by_role("slider")).to_have_attribute("aria-valuemax", str(rows))


def test_the_last_hour_and_the_time_since_start(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    hour = view(screen)
    screen.page.get_by_text("Since start").click()
    wait_for(lambda: view(screen) != hour, "showing the time since start")


def test_since_start_reaches_back_into_the_files(mock, open_screen):
    """Ten hours ago is beyond the 240 samples in memory: those rows come from the recordings."""
    start = int(mock.started) - 8 * 3600
    mock.started = start
    mock.files.clear()
    mock.add_day("1970-01-01.csv", start - 600, 700)
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    slider = screen.page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuemax", re.compile(r"^2\d\d$"))
    screen.page.get_by_text("Since start").click()
    expect(slider).to_have_attribute("aria-valuemax", re.compile(r"^(59|60)\d$"))


def test_older_samples_that_do_not_come_can_be_asked_for_again(mock, open_screen):
    mock.started -= 8 * 3600
    mock.files.clear()
    mock.add_day("1970-01-01.csv", int(mock.started), 700)
    mock.faults["/api/files"] = 500
    screen = open_dashboard(open_screen, mock.url.rstrip("/"), failures=True)
    screen.page.get_by_text("Since start").click()
    screen.see("Older samples did not come: The mock was told to answer 500.")
    mock.faults.clear()
    screen.page.get_by_role("button", name="Try again").click()
    expect(screen.page.get_by_role("slider")).to_have_attribute(
        "aria-valuemax", re.compile(r"^(59|60)\d$")
    )
    expect(screen.page.locator(".history header [role=status]")).to_be_empty()


def test_times_since_start_are_not_negative_and_differ(mock, open_screen):
    mock.clock_set = False
    mock.started += 7200 - 130
    mock.faults["POST /api/time"] = 409
    screen = open_screen(None, failures=True)
    screen.page.add_init_script(
        """window.drawn = []; const fill = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
            window.drawn.push(text); fill.call(this, text, ...place); };"""
    )
    screen.page.goto(mock.url)
    expect(screen.page.locator(".cursor-time")).to_have_text("Latest 2 min after start")
    # As drawn last: from the first label of the axis on.
    labels = screen.page.evaluate("window.drawn.slice(window.drawn.lastIndexOf('0 s'))")
    times = [label for label in labels if label.endswith((" s", " min"))]
    assert "1 min 30 s" in times and len(times) == len(set(times)), times


@pytest.mark.parametrize(("width", "text"), [(360, "100%"), (320, "200%")])
def test_long_readings_fit(mock, open_screen, width, text):
    readings = mock.readings

    def long():
        answer = readings()
        answer["readings"][0].update(
            label="Photosynthetic photon flux density",
            unit="µmol/m²/s",
            value=123456.78,
            max=123456.78,
        )
        return answer

    mock.readings = long
    screen = open_dashboard(open_screen, mock.url.rstrip("/"), size=(width, 800))
    screen.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", text)
    expect(screen.page.locator(".chip").first).to_contain_text("µmol")
    assert screen.fits()


def test_a_failing_sensor_says_so(mock, open_screen):
    readings = mock.readings

    def failing():
        answer = readings()
        answer["readings"][0].update(value=None, error="The sensor does not answer.")
        return answer

    mock.readings = failing
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    tile = screen.page.locator(".tile").first
    expect(tile).to_contain_text("The sensor does not answer.")
    expect(tile.locator(".value")).to_have_text("– °C")


def test_a_finger_points_and_two_zoom(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"), size="narrow", has_touch=True)
    area = screen.page.locator(".lanes .u-over").first
    area.scroll_into_view_if_needed()
    whole = view(screen)
    box = area.bounding_box()
    middle = box["y"] + 30
    touch = screen.context.new_cdp_session(screen.page)

    def fingers(kind, *xs):
        points = [{"x": x, "y": middle, "id": number} for number, x in enumerate(xs)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", box["x"] + 60)
    expect(screen.page.locator(".cursor-time")).to_contain_text("At")
    fingers("touchEnd")
    fingers("touchStart", box["x"] + 60, box["x"] + 90)
    fingers("touchMove", box["x"] + 30, box["x"] + 120)
    fingers("touchEnd")
    wait_for(lambda: view(screen) != whole, "zooming in by two fingers")
    screen.page.get_by_role("button", name="All").click()


def test_the_chart_follows_the_theme(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    light = view(screen)
    screen.page.emulate_media(color_scheme="dark")
    wait_for(lambda: view(screen) != light, "drawing the chart in the dark theme")
