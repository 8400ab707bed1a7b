"""A board that disappears and comes back, refuses the event stream, is slow or silent."""

import re
import time

from playwright.sync_api import expect

from .mock_board import MockBoard
from .screen import wait_for


def open_dashboard(open_screen, mock, **options):
    screen = open_screen(mock.url, failures=True, **options)
    expect(link(screen)).to_have_text("Live")
    return screen


def link(screen):
    return screen.page.locator("#link")


def banner(screen):
    return screen.page.locator("#lost")


def requests(mock, path):
    return [request for request in mock.requests if request[1].startswith(path)]


def test_losing_and_regaining_the_board(mock, open_screen):
    screen = open_dashboard(open_screen, mock)
    mock.stop()
    expect(banner(screen)).to_contain_text("The board doesn't answer.")
    expect(link(screen)).to_have_text("Offline")
    expect(screen.page.locator("#age")).to_have_text(
        re.compile(r"Readings from \d\d:\d\d:\d\d, \d+ s ago")
    )
    again = MockBoard(www=mock.www, port=mock.port)
    try:
        expect(link(screen)).to_have_text("Live")
        expect(banner(screen)).to_be_empty()
        values = set()
        wait_for(
            lambda: values.add(screen.page.locator(".value").first.text_content()) or values,
            "values of the board that came back",
        )
        wait_for(lambda: requests(again, "/api/history"), "the history fetched anew")
    finally:
        again.stop()


def test_a_board_that_falls_silent_is_noticed_within_ten_seconds(mock, open_screen):
    """Without power nothing closes the connections: they stay open and silent."""
    screen = open_dashboard(open_screen, mock)
    for path in ("/api/status", "/api/readings", "/api/events"):
        mock.faults[path] = "never"
    mock.faults["silent"] = True
    silent_since = time.monotonic()
    expect(banner(screen)).to_contain_text("The board doesn't answer.")
    noticed_s = time.monotonic() - silent_since
    print(f"silence noticed after {noticed_s:.1f} s")
    # The pages need 10 s; the rest is for a busy machine.
    assert noticed_s < 15
    mock.faults.clear()
    expect(link(screen)).to_have_text("Live")
    expect(banner(screen)).to_be_empty()


def test_polls_when_both_event_streams_are_taken(mock, open_screen):
    mock.streams_allowed = 0
    screen = open_screen(mock.url, failures=True)
    expect(link(screen)).to_have_text("Polling")
    expect(screen.page.locator(".tile")).to_have_count(3)
    wait_for(lambda: len(requests(mock, "/api/readings")) >= 3, "polling")
    mock.streams_allowed = 2
    expect(link(screen)).to_have_text("Live")


def test_a_slow_board_is_not_a_lost_one(mock, open_screen):
    mock.faults["/api/status"] = "slow"
    mock.live_seconds = 6
    screen = open_dashboard(open_screen, mock)
    wait_for(lambda: len(requests(mock, "/api/status")) >= 2, "asking the slow board")
    expect(link(screen)).to_have_text("Live")
    expect(banner(screen)).to_be_empty()


def test_a_board_that_answers_errors_says_which(mock, open_screen):
    screen = open_dashboard(open_screen, mock)
    mock.faults.update({"/api/status": 500, "/api/events": 500, "silent": True})
    expect(banner(screen)).to_contain_text("The mock was told to answer 500.")
    mock.faults.clear()
    expect(link(screen)).to_have_text("Live")


def test_a_hidden_page_leaves_the_board_alone(mock, open_screen):
    screen = open_dashboard(open_screen, mock)
    expect(
        screen.page.locator(".lanes canvas").first
    ).to_be_visible()  # the page has requested everything
    show = """(hidden) => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
        document.dispatchEvent(new Event('visibilitychange')); }"""
    screen.page.evaluate(show, True)
    wait_for(lambda: mock.streams == 0, "the end of the event stream")
    asked = len(mock.requests)
    screen.page.wait_for_timeout(6000)
    assert len(mock.requests) == asked
    screen.page.evaluate(show, False)
    wait_for(lambda: mock.streams == 1, "the event stream again")


def test_a_page_that_does_not_load_offers_to_load_it_again(mock, open_screen):
    screen = open_dashboard(open_screen, mock)
    mock.faults["/pages/data.js"] = "cut"
    screen.page.get_by_role("link", name="Data").click()
    screen.see("Couldn't load this page")
    mock.faults.clear()
    screen.page.get_by_role("button", name="Try again").click()
    expect(screen.page.get_by_role("heading", level=1, name="Data")).to_be_visible()


def test_new_software_on_the_board_is_offered(mock, open_screen):
    screen = open_dashboard(open_screen, mock)
    status = mock.status

    def newer():
        answer = status()
        answer["board"]["app"] = "1.1.0"
        return answer

    mock.status = newer
    mock.owner = "computer"
    notices = screen.page.locator("#notices")
    expect(notices).to_contain_text("The board has new software.")
    before = mock.requests.count(("GET", "/"))
    notices.get_by_role("link", name="Reload").click()
    wait_for(lambda: mock.requests.count(("GET", "/")) > before, "loading the new pages")
    expect(link(screen)).to_have_text("Live")
    expect(notices).not_to_contain_text("The board has new software.")


def test_a_restart_that_takes_too_long_becomes_a_lost_board(mock, open_screen):
    mock.logged_in = True
    screen = open_screen(None, failures=True)
    screen.page.clock.install()
    screen.page.goto(f"{mock.url}#/system")
    expect(link(screen)).to_have_text("Live")
    screen.page.get_by_role("button", name="Restart", exact=True).click()
    mock.faults.update({"/api/status": "cut", "/api/events": "cut"})
    screen.confirm("Restart")
    expect(banner(screen)).to_contain_text("The board is restarting.")
    screen.page.clock.fast_forward(61000)
    expect(banner(screen)).to_contain_text("The board doesn't answer.")
    mock.faults.clear()
    expect(link(screen)).to_have_text("Live")


def test_the_real_board_loses_its_power_and_comes_back(board, open_screen):
    simulated = board()
    screen = open_screen(simulated.url, failures=True)
    expect(link(screen)).to_have_text("Live")
    simulated.stop()
    expect(banner(screen)).to_contain_text("The board doesn't answer.")
    simulated.power_cycle()
    expect(link(screen)).to_have_text("Live")
    expect(banner(screen)).to_be_empty()
    expect(screen.page.locator(".lanes canvas").first).to_be_visible()


def test_a_chart_that_was_lost_with_the_board_comes_back_with_it(board, open_screen):
    simulated = board()
    screen = open_screen(f"{simulated.url}/#/log", failures=True)
    expect(link(screen)).to_have_text("Live")
    screen.page.route("**/parts/history.js*", lambda route: route.abort())
    screen.page.get_by_role("link", name="Dashboard").click()
    expect(screen.page.get_by_role("button", name="Try again")).to_be_visible()
    simulated.stop()
    expect(banner(screen)).to_contain_text("The board doesn't answer.")
    screen.page.unroute("**/parts/history.js*")
    simulated.power_cycle()
    expect(screen.page.locator(".lanes canvas").first).to_be_visible()


def test_a_third_page_polls_on_the_real_board(board, open_screen):
    simulated = board()
    screens = [open_screen(simulated.url, failures=True) for _ in range(3)]
    for screen in screens:
        expect(screen.page.locator(".tile .value b").first).to_have_text(re.compile(r"^\d"))
    expect(link(screens[0])).to_have_text("Live")
    expect(link(screens[1])).to_have_text("Live")
    expect(link(screens[2])).to_have_text("Polling")
    screens[0].page.goto("about:blank")
    expect(link(screens[2])).to_have_text("Live", timeout=60000)


def loads_again_beside_another(open_screen, url):
    """The board notices the end of a stream before the page asks for the next one: no answer is a
    503, which would be an error on the console."""
    screens = [open_screen(url) for _ in range(2)]
    for _ in range(5):
        for screen in screens:
            expect(link(screen)).to_have_text("Live")
        screens[0].page.reload()
    expect(link(screens[0])).to_have_text("Live")


def test_a_page_that_is_loaded_again_gets_its_stream_back(board, open_screen):
    loads_again_beside_another(open_screen, board().url)


def test_the_mock_gives_a_stream_back_as_the_board_does(mock, open_screen):
    loads_again_beside_another(open_screen, mock.url)
