"""Faults that were once found in these pages, each tested with its whole kind."""

import json
import re
import time

import pytest
from playwright.sync_api import expect
from toolkit.environment import ROOT

from .mock_board import PASSWORD, MockBoard
from .screen import wait_for

PAGES = ("dashboard", "data", "settings", "log", "system", "guide")


def open_live(open_screen, mock, page="dashboard", **options):
    screen = open_screen(f"{mock.url}#/{page}", **options)
    expect(screen.page.locator("#link")).to_have_text("Live")
    expect(screen.page.locator("main .loading")).to_have_count(0)
    return screen


# ---- Messages ----


def failed_clock(mock, open_screen, fault=500, **options):
    mock.logged_in = True
    mock.faults["POST /api/time"] = fault
    screen = open_live(open_screen, mock, "system", failures=True, **options)
    screen.page.get_by_role("button", name="Set from this device").click()
    expect(screen.page.locator(".toast.bad")).to_have_count(1)
    return screen


def test_a_failure_is_gone_when_the_same_action_is_done_again(mock, open_screen):
    screen = failed_clock(mock, open_screen)
    screen.page.get_by_role("button", name="Set from this device").click()
    expect(screen.page.locator(".toast.bad")).to_have_count(1)
    mock.faults.clear()
    screen.page.get_by_role("button", name="Set from this device").click()
    screen.see("The clock is set to this device's time.")
    expect(screen.page.locator(".toast.bad")).to_have_count(0)


def test_a_failure_is_gone_with_its_page(mock, open_screen):
    screen = failed_clock(mock, open_screen)
    screen.tab("Log")
    expect(screen.page.locator(".toast.bad")).to_have_count(0)


def test_a_failure_to_reach_the_board_is_gone_when_it_answers(mock, open_screen):
    screen = failed_clock(mock, open_screen, "cut")
    expect(screen.page.locator(".toast.bad")).to_have_count(0)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("size", ["narrow", "wide"])
def test_no_control_stays_under_a_message(mock, open_screen, page, size):
    """At the end of the page its last control stands above the message."""
    mock.logged_in = True
    screen = open_live(open_screen, mock, page, size=size)
    screen.page.evaluate(
        """async () => { const { tell } = await import('/parts/ui.js');
        tell('bad', 'Something went wrong. '.repeat(8)); }"""
    )
    # Scrolls each time: values and charts that arrive later make the page longer.
    covered = """() => { scrollTo(0, document.documentElement.scrollHeight);
        const top = document.querySelector('.toast').getBoundingClientRect().top;
        return [...document.querySelectorAll('main a, main button, main input, main select')]
            .filter((e) => e.checkVisibility() && !e.closest('.lines'))
            .filter((e) => e.getBoundingClientRect().bottom > top).map((e) => e.outerHTML.slice(0, 90)); }"""
    wait_for(lambda: screen.page.evaluate(covered) == [], "controls above the message")


# ---- Losing the board ----


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_that_lost_the_board_needs_no_sideways_scrolling(mock, open_screen, page):
    screen = open_live(open_screen, mock, page, size="narrow", failures=True)
    mock.stop()
    expect(screen.page.locator("#age")).to_be_visible()
    assert screen.fits()
    screen.page.set_viewport_size({"width": 320, "height": 700})
    assert screen.fits()


def test_a_planned_restart_is_no_failure(mock, open_screen):
    mock.logged_in = True
    screen = open_live(open_screen, mock, "system", failures=True)
    screen.page.get_by_role("button", name="Restart", exact=True).click()
    mock.faults.update({"/api/status": "cut", "/api/events": "cut"})
    screen.confirm("Restart")
    expect(screen.page.locator("#link")).to_have_text("Restarting")
    expect(screen.page.locator("#lost")).to_have_class("lost info")
    assert screen.page.locator(".bad:visible").count() == 0


def test_the_clock_is_set_soon_after_a_restart_with_the_page_open(mock, open_screen):
    """At once, not only a minute after it was last set."""
    mock.clock_set = False
    screen = open_live(open_screen, mock, failures=True)
    wait_for(lambda: mock.clock_set, "setting the clock")
    mock.stop()
    expect(screen.page.locator("#link")).to_have_text("Offline")
    again = MockBoard(www=mock.www, port=mock.port)
    try:
        again.started, again.clock_set = time.time() - 3, False
        wait_for(lambda: again.clock_set, "setting the clock again", 20)
    finally:
        again.stop()


def test_the_offset_of_the_browser_is_renewed_by_whoever_is_logged_in(mock, open_screen):
    mock.logged_in, mock.utc_offset_s = True, 7200
    screen = open_live(open_screen, mock)
    wait_for(lambda: mock.utc_offset_s == 0, "renewing the offset")
    screen.see("The board now has this device's time zone.")


def test_another_offset_is_told_to_whoever_is_not(mock, open_screen):
    mock.utc_offset_s = 7200
    screen = open_live(open_screen, mock)
    notice = screen.page.locator("#notices")
    expect(notice).to_contain_text("clock or time zone differs")
    notice.get_by_role("link", name="Set", exact=True).click()
    screen.log_in(PASSWORD)
    wait_for(lambda: mock.utc_offset_s == 0, "renewing the offset")
    expect(notice).not_to_contain_text("clock or time zone differs")


# ---- What does not load ----


@pytest.mark.parametrize("page", PAGES)
def test_a_login_that_is_cancelled_leaves_a_way_on(mock, open_screen, page):
    mock.login_to_read = True
    screen = open_screen(f"{mock.url}#/{page}", failures=True)
    screen.confirm("Cancel")
    expect(screen.page.locator("main")).to_contain_text("requires the admin password")
    for waiting in ("Loading", "Waiting"):
        expect(screen.page.locator("main")).not_to_contain_text(waiting)
    screen.page.locator("main").get_by_role("button", name="Log in").click()
    screen.log_in(PASSWORD)
    expect(screen.page.locator("#link")).to_have_text("Live")
    expect(screen.page.locator("main .loading")).to_have_count(0)
    expect(screen.page.locator("main")).not_to_contain_text("requires the admin password")


@pytest.mark.parametrize("module", ["app", "base"])
def test_scripts_that_do_not_come_leave_a_way_on(mock, open_screen, module):
    mock.faults[f"/{module}.js"] = 500
    screen = open_screen(mock.url, failures=True)
    late = screen.page.locator(".late")
    screen.page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    expect(late).to_have_css("opacity", "1")
    mock.faults.clear()
    late.get_by_role("link").click()
    expect(screen.page.locator("#link")).to_have_text("Live")


@pytest.mark.parametrize("module", ["/pages/log.js", "/parts/ui.js"])
def test_a_module_that_did_not_come_is_asked_for_again(mock, open_screen, module):
    screen = open_live(open_screen, mock, "system", failures=True)
    mock.faults[module] = 500
    if module.startswith("/pages"):
        screen.page.get_by_role("link", name="Log", exact=True).click()
        screen.see("Couldn't load this page")
        mock.faults.clear()
        screen.page.get_by_role("button", name="Try again").click()
        expect(screen.page.locator(".lines li").first).to_be_visible()
    else:
        screen.page.get_by_role("button", name="Log in").click()
        wait_for(lambda: [path for _, path in mock.requests if module in path], "asking for it")
        screen.page.wait_for_timeout(300)
        mock.faults.clear()
        screen.page.get_by_role("button", name="Log in").click()
        expect(screen.page.get_by_role("dialog", name="Log in")).to_be_visible()
    screen.errors.clear()  # Chromium's own lines, and the page's about the module


# ---- Words and places ----


@pytest.mark.parametrize("owner", ["board", "computer"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_said_twice_in_a_row(mock, open_screen, page, owner):
    mock.owner = owner
    screen = open_live(open_screen, mock, page)
    text = " ".join(screen.page.locator("main").inner_text().split())
    assert re.findall(r"\b(\w+(?: \w+){1,3}) \1\b", text) == []


def test_the_life_of_the_flash_is_never_zero_days(mock, open_screen):
    status = mock.status

    def wearing():
        answer = status()
        answer["drive"]["flash_years"] = 0.001
        return answer

    mock.status = wearing
    screen = open_live(open_screen, mock, "system")
    expect(screen.page.locator("#space dd").nth(1)).to_have_text("less than a day")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_cards_of_system_stay_where_they_are(mock, open_screen, width):
    """Longer text makes a card higher and never sends another one into another column."""
    screen = open_live(open_screen, mock, "system", size=(width, 900))
    places = "[...document.querySelectorAll('.cards > .card')].map((e) => e.getBoundingClientRect().left)"
    before = screen.page.evaluate(places)
    mock.owner = "computer"
    expect(screen.page.locator("#owner")).to_contain_text("A computer has the drive.")
    screen.page.evaluate(
        "document.querySelector('#board').insertAdjacentHTML('beforeend', '<div><dt>x</dt><dd>y</dd></div>'.repeat(30))"
    )
    assert screen.page.evaluate(places) == before


@pytest.mark.parametrize("state", ["recording", "stopped", "full", "error", "paused"])
def test_only_a_file_that_is_being_recorded_is_called_so(mock, open_screen, state):
    mock.state = state
    screen = open_live(open_screen, mock, "data")
    tag = screen.page.locator(".tag")
    expect(tag).to_have_text("recording" if state == "recording" else "open")


def test_messages_name_only_pages_and_cards_that_are_there():
    words = set(
        re.findall(r": ['\"](.*?)['\"],$", (ROOT / "www/words.js").read_text(), re.MULTILINE)
    )
    named = []
    for folder in ("lib", "scripts", "www"):
        for file in sorted((ROOT / folder).rglob("*.*")):
            if file.suffix in (".py", ".js", ".json"):
                named += re.findall(
                    r"\b(?:System|Settings|Data), ([A-Z][\w -]+)\)", file.read_text("utf-8")
                )
    assert named and set(named) - words == set()


# ---- Tables ----

DIALECTS = {
    "as the board writes it": "time,temperature\n2026-11-22T10:00:00+00:00,21.5\n2026-11-22T10:01:00+00:00,21.6\n",
    "local time, units, offset in the header": (
        "time (UTC+00:00),temperature (°C)\n2026-11-22 10:00:00,21.5\n# note 2026-11-22 10:00:30 Window opened\n"
        "2026-11-22 10:01:00,21.6\n"
    ),
    "semicolons and decimal commas": "time;temperature\r\n22.11.2026 10:00;21,5\r\n22.11.2026 10:01;21,6\r\n",
    "American, quoted": 'time,temperature\r\n"11/22/2026 10:00 AM","21.5"\r\n"11/22/2026 10:01 AM","21.6"\r\n',
    "tabs and a byte order mark": "\ufefftime\ttemperature\r\n2026-11-22 10:00\t21.5\r\n2026-11-22 10:01\t21.6\r\n",
    "seconds since the start": "seconds,temperature\n36000,21.5\n36060,21.6\n",
}


@pytest.mark.parametrize("name", DIALECTS)
def test_a_table_that_a_spreadsheet_saved_again_is_read(mock, open_screen, name):
    mock.files["again.csv"] = DIALECTS[name].encode()
    screen = open_live(open_screen, mock, "data", timezone_id="UTC")
    screen.page.get_by_role("button", name="Show again.csv as chart").click()
    chart = screen.page.get_by_role("region", name="Chart of files")
    expect(chart).to_contain_text("2 rows.")
    expect(chart.locator(".cursor-time")).to_contain_text(re.compile("10:01:00|10 h 1 min"))
    expect(chart.locator(".lanes b")).to_have_text(re.compile("21.6"))


def test_a_table_for_spreadsheets_is_read_again(mock, open_screen):
    """The page reads what its "Download as one CSV" writes in a country with a decimal comma."""
    screen = open_live(open_screen, mock, "data", locale="de-DE", timezone_id="Europe/Berlin")
    found = screen.page.evaluate(
        """async () => { const { CsvReader, csvText } = await import('/parts/csv.js');
        const columns = [{ name: 'a', unit: '°C', decimals: 1, values: [1.5, null, -2] }, { name: 'b', unit: '', values: [1, 2, 3] }];
        const text = csvText([1795305600, 1795305660, 1795305720], columns, true, [[1795305660, 'a; note']]);
        const reader = new CsvReader(); reader.push(text.slice(0, 40)); reader.push(text.slice(40)); reader.end();
        return JSON.stringify([text, reader.columns, reader.units, reader.times, reader.values, reader.notes]); }"""
    )
    text, *rest = json.loads(found)
    assert text.splitlines()[0] == "\ufefftime;a (°C);b" and "2026-11-22 01:00:00;1,5;1,000" in text
    assert rest == [
        ["a", "b"],
        ["°C", ""],
        [1795305600, 1795305660, 1795305720],
        [[1.5, None, -2], [1, 2, 3]],
        [[1795305660, "a; note"]],
    ]


NUMBERS = [
    # typed, whole, decimal sign of the country, meant
    ("1,000", True, ".", 1000),
    ("1,000", False, ".", 1000),
    ("1,000", True, ",", 1000),
    ("1,000", False, ",", 1),
    ("1.000", True, ",", 1000),
    ("1.000", False, ",", 1000),
    ("1.000", False, ".", 1),
    ("1.5", False, ",", 1.5),
    ("1,5", False, ".", 1.5),
    ("1.234,5", False, ".", 1234.5),
    ("1,234.5", False, ",", 1234.5),
    ("1 000", True, ".", 1000),
    ("1'000", True, ".", 1000),
    ("12,34,567", True, ".", None),
    ("1.2.3", False, ".", None),
    ("1e3", False, ".", None),
    ("", False, ".", None),
    ("-5", True, ".", -5),
    ("0x10", True, ".", None),
]


def test_numbers_are_understood_as_people_write_them(mock, open_screen):
    screen = open_live(open_screen, mock)
    meant = screen.page.evaluate(
        """async (numbers) => { const { parseNumber } = await import('/parts/numbers.js');
        return numbers.map(([text, whole, decimal]) => parseNumber(text, whole, decimal)); }""",
        NUMBERS,
    )
    assert meant == [number for *_, number in NUMBERS]
