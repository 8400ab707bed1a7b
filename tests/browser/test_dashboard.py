"""Dashboard: live values, recorder, chart."""

import datetime
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from . import mock_data
from .mock_board import MockBoard
from .screen import wait_for
from .site import SETTINGS

HISTORIES_ASKED = """performance.getEntriesByType('resource')
    .filter(({name}) => name.includes('/api/history')).length"""


def open_dashboard(open_screen, url, **options):
    screen = open_screen(f"{url}/#/dashboard", **options)
    expect(screen.page.locator(".lanes canvas").first).to_be_visible()
    return screen


def chip(screen, label):
    return screen.page.locator(".chip", has_text=label)


@pytest.mark.daily
def test_shows_every_measurement_with_its_unit(board, open_screen):
    """Free memory, a diagnostic channel, is on the System page instead."""
    simulated = board(settings={"SENSORS": "chip diagnostics"})
    screen = open_dashboard(open_screen, simulated.url)
    tiles = screen.page.locator(".tile")
    expect(tiles).to_have_count(2)
    expect(tiles.nth(0)).to_contain_text("Chip temperature")
    expect(tiles.nth(0).locator(".value")).to_have_text(re.compile(r"[0-9]+\.[0-9] °C"))
    expect(tiles.nth(1).locator(".value")).to_have_text(re.compile(r"[0-9]+\.[0-9]{2} V"))
    expect(tiles.nth(0).locator(".span")).to_have_text(
        re.compile(r"Lowest today\d+\.\d\s+Highest today\d+\.\d")
    )
    screen.tab("System")
    expect(screen.page.locator("#board")).to_contain_text("Free memory")


def test_tiles_come_before_everything_else(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    order = screen.page.evaluate(
        "[...document.querySelector('main').children].map((e) => e.className)"
    )
    places = ["tiles", "recorder", "history"]
    assert (
        sorted(places, key=lambda name: next(i for i, c in enumerate(order) if name in c)) == places
    )


def test_twelve_channels_fit_on_two_screens_of_a_phone(open_screen, built_pages):
    board = MockBoard(www=built_pages, channels=mock_data.TWELVE)
    board.default_password = False
    try:
        screen = open_dashboard(open_screen, board.url.rstrip("/"), size="narrow")
        tiles = screen.page.locator(".tile")
        expect(tiles).to_have_count(12)
        first, last = tiles.first.bounding_box(), tiles.last.bounding_box()
        assert last["x"] > first["x"], "two columns"
        assert last["y"] + last["height"] <= 2 * 740
        colours = screen.page.evaluate(
            "[...document.querySelectorAll('.tile h2 i')].map((e) => getComputedStyle(e).backgroundColor)"
        )
        assert len(set(colours)) == 12
    finally:
        board.stop()


def test_a_tile_has_the_extremes_of_today_and_the_last_hours(mock, open_screen):
    mock.started = time.time() - 20 * 3600
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    tile = screen.page.locator(".tile").first
    expect(tile.locator(".spark .line")).to_have_attribute("d", re.compile(r"^M.*L"))
    midnight = time.time() // 86400 * 86400
    times = [t for t in mock.samples() if mock.started + t >= midnight]
    values = [mock_data.value_at(mock.channels[0], 0, t) for t in [*times, mock.t]]
    shown = [float(n) for n in re.findall(r"[-\u2212\d.]+", tile.locator(".span").text_content())]
    assert abs(shown[0] - min(values)) < 0.2 and abs(shown[1] - max(values)) < 0.2, (
        shown,
        values[:3],
    )


def test_values_and_chart_follow_without_moving_the_layout(board, open_screen):
    screen = open_dashboard(open_screen, board(writes=True).url)
    places = (
        "[...document.querySelectorAll('.tile, .value, .spark, .span, .recorder, .history, .lanes')]"
        ".map((e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })"
    )
    latest = screen.page.locator(".cursor-time")
    expect(latest).to_contain_text("Latest")
    expect(screen.page.locator(".spark .line").first).to_have_attribute("d", re.compile("^M"))
    before, seen = screen.page.evaluate(places), {latest.text_content()}
    wait_for(lambda: seen.add(latest.text_content()) or len(seen) >= 4, "new samples in the chart")
    assert screen.page.evaluate(places) == before


def test_the_recorder_fits_between_phone_and_desk(mock, open_screen):
    """Beside long words on its buttons its state stays readable."""
    screen = open_screen(mock.url, size=(768, 900), locale="de-DE")
    expect(screen.page.locator(".recorder")).to_contain_text("Aufzeichnung läuft")
    assert screen.page.locator(".recorder").bounding_box()["height"] < 150


def test_says_what_the_recorder_does(board, open_screen):
    screen = open_dashboard(open_screen, board().url)
    recorder = screen.page.locator(".recorder")
    expect(recorder).to_contain_text("Recording")
    expect(recorder).to_contain_text(re.compile(r"A sample every .*( saved in |$)"))


def test_offers_to_take_the_drive_over_from_a_computer(board, open_screen):
    simulated = board(usb="mounted")
    screen = open_dashboard(open_screen, simulated.url)
    recorder = screen.page.locator(".recorder")
    expect(recorder).to_contain_text("Paused")
    simulated.eject_drive()
    recorder.get_by_role("button", name="Take over the drive").click()
    if screen.page.get_by_role("dialog", name="Take over the drive?").count():
        screen.confirm("Take over")
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
    expect(screen.page.locator(".recorder")).to_contain_text("7 rows are waiting in memory.")
    expect(button).to_be_focused()


def test_series_can_be_switched_off_and_on(board, open_screen):
    screen = open_dashboard(open_screen, board().url)
    lanes = screen.page.locator(".lanes canvas")
    expect(lanes).to_have_count(2)
    chip(screen, "Supply voltage").click()
    expect(lanes).to_have_count(1)
    expect(chip(screen, "Supply voltage")).to_have_attribute("aria-pressed", "false")
    expect(chip(screen, "Supply voltage")).to_be_focused()
    chip(screen, "Supply voltage").click()
    expect(lanes).to_have_count(2)


def test_cursor_shows_time_and_values(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    latest = chip(screen, "Temperature").locator("b").text_content()
    area = screen.page.locator(".lanes .u-over").first
    box = area.bounding_box()
    screen.page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 20)
    expect(screen.page.locator(".cursor-time")).to_have_text(
        re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
    )
    assert chip(screen, "Temperature").locator("b").text_content() != latest
    screen.page.mouse.move(0, 0)
    expect(screen.page.locator(".cursor-time")).to_contain_text("Latest")


def view(screen):
    """The picture of the last lane of the chart, with the time axis: it shows the visible span."""
    return screen.page.evaluate(
        """() => { const canvas = [...document.querySelectorAll('.lanes canvas')].pop();
        return canvas.toDataURL(); }"""
    )


def test_zooms_by_button_mouse_and_keyboard(mock, open_screen):
    mock.live_seconds = 100  # the picture of the chart changes only with the zoom
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    buttons = screen.page.locator(".chart-bar")
    wait_for(lambda: rows(screen) > 50, "the history")
    whole = view(screen)
    buttons.get_by_role("button", name="Zoom in").click()
    wait_for(lambda: view(screen) != whole, "zooming in by button")
    buttons.get_by_role("button", name="Reset zoom").click()
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
    assert "Temperature" in lanes.get_attribute("aria-valuetext")


def rows(screen):
    return int(screen.page.get_by_role("slider").get_attribute("aria-valuemax")) + 1


@pytest.mark.parametrize("hole", [True, False])
def test_a_gap_in_the_samples_is_a_gap_in_the_line(mock, open_screen, hole):
    """The chart has one more stop for a gap; the live reading, as old as a sample, adds none."""
    mock.live_seconds, readings = 100, mock.readings
    mock.started = int(mock.started)

    def at_a_sample():
        t = mock.t // 60 * 60
        return {**readings(), "t": t, "epoch": int(mock.started + t)}

    mock.readings = at_a_sample
    mock.hole = (mock.t - 1500, mock.t - 900) if hole else (0, 0)
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    wait_for(lambda: rows(screen) > 40, "the history")
    asked = next(path for _, path in mock.requests if "points=120" in path)
    start, end = (int(re.search(rf"{name}=(\d+)", asked)[1]) for name in ("from", "to"))
    samples = [t for t in mock.samples() if start <= mock.started + t <= end]
    assert rows(screen) == len(samples) + hole


def choose(screen, span):
    screen.page.locator(".choice").get_by_text(span, exact=True).click()


def test_the_history_comes_from_the_recordings(mock, open_screen):
    mock.live_seconds = 100
    mock.started = time.time() - 30 * 3600
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    for span, seconds in (("6 h", 6 * 3600), ("24 h", 86400), ("All", 30 * 3600 - 600)):
        choose(screen, span)
        wait_for(
            lambda least=seconds: spanned(screen) > 0.9 * least,
            f"a chart of {span}: {spanned(screen)}",
        )
        assert 60 <= rows(screen) <= 400


def spanned(screen):
    """Seconds between the first and the last row of the chart, by the pointer."""
    slider = screen.page.get_by_role("slider")
    slider.focus()
    times = []
    for key in ("Home", "End"):
        screen.page.keyboard.press(key)
        text = slider.text_content()
        times.append(datetime.datetime.fromisoformat(text) if text[:2] == "20" else None)
    return (times[1] - times[0]).total_seconds() if all(times) else 0


def test_a_history_that_does_not_come_can_be_asked_for_again(mock, open_screen):
    mock.faults["/api/history"] = 500
    screen = open_dashboard(open_screen, mock.url.rstrip("/"), failures=True)
    screen.see_live()
    screen.see("Couldn't load the history: The mock was told to answer 500.")
    time.sleep(1)  # until the page has sent what the connection made it request
    asked = screen.page.evaluate(HISTORIES_ASKED)
    time.sleep(3)  # live values come meanwhile, and leave the button where it is
    assert screen.page.evaluate(HISTORIES_ASKED) == asked
    mock.faults.clear()
    screen.page.get_by_role("button", name="Try again").click()
    expect(screen.page.locator(".history header [role=status]")).to_be_empty()
    wait_for(lambda: rows(screen) > 50, "the history")


def test_the_chart_shows_live_readings_from_the_first_second(mock, open_screen):
    mock.started = time.time() - 5
    mock.faults["/api/history"] = "never"
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    wait_for(lambda: rows(screen) >= 3, "live readings in the chart")
    expect(screen.page.locator(".stats td").first).to_have_text(re.compile(r"\d"))


def test_the_board_is_asked_once_for_each_part_of_the_history(mock, open_screen):
    screen = open_screen(mock.url)
    expect(screen.page.locator(".spark .line").first).to_have_attribute("d", re.compile("^M"))
    expect(screen.page.locator(".lanes canvas").first).to_be_visible()
    screen.page.wait_for_timeout(500)
    asked = [path for _, path in mock.requests if path.startswith("/api/history")]
    assert len(asked) == 2, "the chart's and that of the tiles"


def test_a_week_costs_less_than_10_kb(mock, open_screen):
    mock.started, mock.channels = time.time() - 8 * 86400, mock_data.FEW[:3]
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))

    def of_a_week(response):  # the first hour's answer may still be on its way
        asked = parse_qs(urlsplit(response.url).query)
        if "/api/history" not in response.url or asked["points"] != ["120"]:
            return False
        return float(asked["to"][0]) - float(asked["from"][0]) >= 7 * 86400

    with screen.page.expect_response(of_a_week) as answer:
        choose(screen, "7 days")
    assert len(answer.value.json()["rows"]) > 100
    assert len(answer.value.body()) < 10 * 1024


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
    expect(screen.page.locator(".cursor-time")).to_have_text(
        re.compile(r"^Latest, 2 min \d+ s after start$")
    )
    screen.page.evaluate("window.drawn.length = 0")
    screen.page.emulate_media(color_scheme="dark")
    pattern = re.compile(r"(\d+ min ?)?(\d+ s)?")

    def times():
        drawn = screen.page.evaluate("window.drawn")
        assert not [label for label in drawn if label.startswith("-")]
        return [label for label in drawn if pattern.fullmatch(label)]

    wait_for(lambda: len(times()) > 2, "drawing the time axis anew")
    labels = times()
    axis = labels[: labels.index(labels[0], 1)] if labels.count(labels[0]) > 1 else labels
    assert "1 min 30 s" in axis and len(axis) == len(set(axis)), labels


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


def test_a_failing_sensor_says_so_and_since_when(mock, open_screen):
    readings = mock.readings

    def failing():
        answer = readings()
        answer["readings"][0].update(value=None, error="The sensor does not answer.")
        return answer

    mock.readings = failing
    mock.states["temperature"] = ("failing", "The sensor does not answer.", int(time.time()) - 3600)
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    tile = screen.page.locator(".tile").first
    expect(tile).to_contain_text("The sensor does not answer.")
    expect(tile).to_contain_text(re.compile(r"Failing since (\d{4}-\d\d-\d\d )?\d\d:\d\d"))
    expect(tile.locator(".value")).to_have_text("– °C")


def test_a_threshold_changes_the_tile_and_is_drawn(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    tile = screen.page.locator(".tile").nth(1)
    height = tile.bounding_box()["height"]
    mock.states["humidity"] = ("high", "", int(time.time()) - 60)
    mock.limits["humidity"] = (None, 40.0)
    mock.owner = "computer"  # a change of the status, which is sent at once
    expect(tile).to_have_class(re.compile("limit"))
    expect(tile.locator(".span")).to_have_text(re.compile(r"^High since "))
    assert tile.bounding_box()["height"] == height
    above = screen.page.locator(".stats tr", has_text="Humidity").locator("td").last
    expect(above).to_have_text(re.compile(r"\d+ (s|min|h)"))


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
    expect(screen.page.locator(".cursor-time")).not_to_contain_text("Latest")
    fingers("touchEnd")
    fingers("touchStart", box["x"] + 60, box["x"] + 90)
    fingers("touchMove", box["x"] + 30, box["x"] + 120)
    fingers("touchEnd")
    wait_for(lambda: view(screen) != whole, "zooming in by two fingers")
    screen.page.get_by_role("button", name="Reset zoom").click()


def test_the_chart_follows_the_theme(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    light = view(screen)
    screen.page.emulate_media(color_scheme="dark")
    wait_for(lambda: view(screen) != light, "drawing the chart in the dark theme")


# ---- Recorder ----


@pytest.mark.parametrize(
    ("state", "loud", "shown"),
    [
        ("recording", "ok", "Recording to 2026-11-23.csv"),
        ("stopped", "warn", "Stopped."),
        ("full", "bad", "The drive is full."),
        ("error", "bad", "Recording failed."),
    ],
)
def test_the_recorder_is_as_loud_as_its_state(mock, open_screen, state, loud, shown):
    mock.state = state
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    card = screen.page.locator(".recorder")
    expect(card).to_contain_text(shown)
    expect(card).to_have_class(re.compile(rf"\b{loud}\b"))
    notices = screen.page.locator("#notices .notice", has_text=re.compile("ecording"))
    expect(notices).to_have_count(0 if state == "recording" else 1)


def test_the_recorder_is_controlled_from_its_card(mock, open_screen):
    mock.logged_in = True
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    card = screen.page.locator(".recorder")
    card.get_by_role("button", name="Save now").click()
    screen.see("The board is safe to unplug.")
    card.get_by_role("button", name="Sample now").click()
    screen.see("A sample was taken.")
    card.get_by_role("button", name="Add a note").click()
    screen.page.get_by_label("Note", exact=True).fill("Window opened")
    screen.confirm("Add")
    screen.see("The note was added.")
    card.get_by_role("button", name="Stop").click()
    screen.confirm("Stop")
    expect(card).to_contain_text("Stopped.")
    card.get_by_role("button", name="Start recording").click()
    expect(card).to_contain_text("Recording")
    assert [one["action"] for one in mock.actions] == ["write", "sample", "note", "stop", "start"]
    assert mock.actions[2]["text"] == "Window opened"


def test_outputs_are_switched_and_set(mock, open_screen):
    mock.logged_in = True
    mock.outputs = [
        {"name": "relay", "label": "Heater", "value": False},
        {"name": "fan", "label": "Fan", "unit": "%", "value": 40, "min": 0, "max": 100},
    ]
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    screen.page.get_by_role("switch", name="Heater").check()
    screen.see("Heater: on.")
    fan = screen.page.get_by_label("Fan")
    fan.fill("400")
    screen.page.get_by_role("button", name="Set", exact=True).click()
    expect(fan).to_have_attribute("aria-invalid", "true")
    fan.fill("75")
    screen.page.get_by_role("button", name="Set", exact=True).click()
    screen.see("Fan: 75.")
    assert [one["value"] for one in mock.outputs] == [True, 75]


def test_a_board_without_these_answers_shows_none_of_it(mock, open_screen):
    """Older software: the page itself requests nothing that it lacks, and a button says so."""
    mock.modern, mock.logged_in = False, True
    screen = open_dashboard(open_screen, mock.url.rstrip("/"), failures=True)
    expect(screen.page.locator(".outputs")).to_be_hidden()
    expect(screen.page.locator(".spark .line").first).to_have_attribute("d", re.compile("^M"))
    assert not [path for _, path in mock.requests if path.startswith("/api/outputs")]
    screen.page.get_by_role("button", name="Save now").click()
    screen.see("This board can't do that yet.")


# ---- What the chart shows and saves ----


def test_notes_are_marked_and_listed(mock, open_screen):
    mock.notes = [(mock.t - 1200, "Window opened"), (mock.t - 86400, "long ago")]
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    notes = screen.page.locator(".chart-notes li")
    expect(notes).to_have_count(1)
    expect(notes).to_contain_text("Window opened")


def test_statistics_follow_the_visible_span(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    wait_for(lambda: rows(screen) > 50, "the history")
    caption = screen.page.locator(".stats caption")
    expect(caption).to_have_text("Visible span: 1 h")
    screen.page.get_by_role("button", name="Zoom in").click()
    expect(caption).to_have_text("Visible span: 30 min")
    texts = screen.page.locator(".stats tbody tr").first.locator("td").all_text_contents()
    low, mean, high = map(float, texts)
    assert low <= mean <= high


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(mock, open_screen):
    screen = open_dashboard(open_screen, mock.url.rstrip("/"))
    wait_for(lambda: rows(screen) > 50, "the history")
    caption = screen.page.locator(".stats caption")
    expect(caption).to_have_text("Visible span: 1 h")
    screen.page.locator(".lanes .u-over").first.hover()
    screen.page.mouse.wheel(0, -300)
    expect(caption).to_have_text("Visible span: 1 h")
    screen.page.keyboard.down("Control")
    screen.page.locator(".lanes .u-over").first.hover()
    screen.page.mouse.wheel(0, -300)
    screen.page.keyboard.up("Control")
    expect(caption).to_have_text(re.compile(r"^Visible span: \d\d min$"))


def test_saves_what_is_visible(mock, open_screen):
    mock.notes = [(mock.t - 1200, "Window opened")]
    screen = open_dashboard(open_screen, mock.url.rstrip("/"), locale="en-US")
    wait_for(lambda: rows(screen) > 50, "the history")
    with screen.page.expect_download() as table:
        screen.page.get_by_role("button", name="Save as CSV").click()
    assert re.fullmatch(r"History-\d{4}-\d\d-\d\d\d{4}\.csv", table.value.suggested_filename)
    lines = table.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0] == "time,temperature (°C),humidity (%),voltage (V)"
    assert len([line for line in lines if re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,", line)]) > 50
    assert [
        line for line in lines if line.startswith("# note ") and line.endswith(" Window opened")
    ]
    with screen.page.expect_download() as picture:
        screen.page.get_by_role("button", name="Save as PNG").click()
    assert picture.value.path().read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("size", ["narrow", "wide"])
def test_each_lane_has_three_ticks_with_equal_decimals(mock, open_screen, size):
    screen = open_screen(None, size=size)
    screen.page.add_init_script(
        """window.drawn = new Map(); const fill = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
            if (this.textAlign === 'right') window.drawn.set(this.canvas, [...(window.drawn.get(this.canvas) ?? []), text]);
            fill.call(this, text, x, y); };"""
    )
    screen.page.goto(mock.url)
    expect(screen.page.locator(".lanes canvas")).to_have_count(3)
    wait_for(lambda: rows(screen) > 50, "the history")
    for labels in screen.page.evaluate("[...window.drawn.values()].map((all) => all.slice(-3))"):
        assert len(labels) == 3
        assert len({len(label.partition(".")[2]) for label in labels}) == 1, labels
