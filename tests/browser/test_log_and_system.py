"""Log and System."""

import datetime
import re

import pytest
from playwright.sync_api import expect
from simulator.board import SOURCE_CLUSTERS

from .screen import wait_for
from .site import PASSWORD


def lines(screen):
    return screen.page.locator(".lines li:not(.empty)")


def test_log_follows(mock, open_screen):
    screen = open_screen(f"{mock.url}#/log")
    expect(lines(screen)).to_have_count(3)
    for n in range(4, 200):
        mock.log.append((n, "info", f"line {n}"))
    mock.owner = "computer"  # a change of the status announces the new entries
    expect(lines(screen)).to_have_count(199)
    box = screen.page.locator(".lines")
    at_end = "(e) => e.scrollHeight - e.scrollTop - e.clientHeight < 30"
    assert box.evaluate(at_end)
    screen.page.get_by_label("Follow").uncheck()
    box.evaluate("(e) => { e.scrollTop = 0; }")
    mock.log.append((200, "info", "the last line"))
    mock.owner = "board"
    expect(lines(screen)).to_have_count(200)
    assert box.evaluate("(e) => e.scrollTop") == 0
    screen.page.get_by_label("Follow").check()
    assert box.evaluate(at_end)


def test_new_lines_are_put_below_the_others(mock, open_screen):
    """A screen reader reads out added lines: the earlier ones must stay the same elements."""
    screen = open_screen(f"{mock.url}#/log")
    expect(lines(screen)).to_have_count(3)
    screen.page.get_by_label("Search").fill("the")
    screen.page.get_by_label("Search").fill("")
    first = lines(screen).first.element_handle()
    mock.log.append((4, "info", "one more"))
    mock.owner = "computer"
    expect(lines(screen)).to_have_count(4)
    assert first.evaluate("(line) => line.isConnected")
    screen.page.get_by_label("Level").select_option("Warnings and errors")
    mock.log += [(5, "info", "not shown"), (6, "error", "shown")]
    mock.owner = "board"
    screen.see("2 of 6 entries")
    expect(lines(screen)).to_contain_text(["slow to answer", "shown"])


def test_the_newest_line_is_in_sight_on_a_phone(mock, open_screen):
    for n in range(4, 100):
        mock.log.append((n, "info", f"line {n} of a log that goes on for quite a while"))
    screen = open_screen(f"{mock.url}#/log", size="narrow")
    expect(lines(screen)).to_have_count(99)
    wait_for(lambda: newest_is_in_sight(screen), "the newest line in sight")
    screen.page.set_viewport_size({"width": 360, "height": 690})
    wait_for(lambda: newest_is_in_sight(screen), "the newest line in sight of a lower window")


def newest_is_in_sight(screen):
    last = lines(screen).last.bounding_box()
    tabs = screen.page.locator(".tabs").bounding_box()
    return last["y"] + last["height"] <= tabs["y"]


def test_log_filters_by_level_and_text(mock, open_screen):
    screen = open_screen(f"{mock.url}#/log")
    expect(lines(screen)).to_have_count(3)
    screen.page.get_by_label("Level").select_option("Warnings and errors")
    expect(lines(screen)).to_have_count(1)
    screen.see("1 of 3 entries")
    screen.page.get_by_label("Level").select_option("Everything")
    screen.page.get_by_label("Search").fill("SAMPLE")
    expect(lines(screen)).to_have_count(1)
    expect(lines(screen)).to_contain_text("sample taken")
    screen.page.get_by_label("Search").fill("nothing like it")
    screen.see("No line matches the filter.")


def test_log_of_the_board_downloads_and_clears(board, open_screen):
    simulated = board(writes=True)
    screen = open_screen(f"{simulated.url}/#/log")
    expect(lines(screen).first).to_be_visible()
    text = lines(screen).first.locator(".line").text_content()
    with screen.page.expect_download() as download:
        screen.page.get_by_role("link", name="Download").click()
    assert text in download.value.path().read_text()
    screen.page.get_by_role("button", name="Clear").click()
    expect(screen.page.get_by_role("dialog", name="Clear the log?")).to_contain_text(
        "can't be undone"
    )
    screen.confirm("Clear the log")
    screen.log_in(PASSWORD)
    screen.see(re.compile(r"Cleared \d+ entr"))
    expect(lines(screen).filter(has_text=text)).to_have_count(0)


def test_system_shows_the_board(board, open_screen):
    screen = open_screen(f"{board(writes=True).url}/#/system")
    page = screen.page
    expect(page.locator("#board")).to_contain_text("Raspberry Pi Pico W")
    expect(page.locator("#board")).to_contain_text("CircuitPython 10.3")
    expect(page.locator("#wifi")).to_contain_text("Own access point")
    drive = f"{SOURCE_CLUSTERS // 2} KB"
    expect(page.locator("#space")).to_contain_text(
        re.compile(f"Memory.*KB of .* KB used.*Drive.*KB of {drive} used", re.DOTALL)
    )
    expect(page.locator("#space")).to_contain_text(
        re.compile("Flash life at these settings.*about", re.DOTALL)
    )
    expect(page.locator("#owner")).to_contain_text("The board has the drive")
    screen.see("uPlot, the charts")
    with page.context.expect_page() as licence:
        page.get_by_role("link", name="MIT").first.click(modifiers=["Control"])
    expect(licence.value.locator("body")).to_contain_text("The MIT License")


@pytest.mark.parametrize(
    ("years", "told"),
    [(1.94, "about 1.9 years"), (0.5, "only about 6 months"), (0.03, "only about 11 days")],
)
def test_system_tells_the_life_of_the_flash(mock, open_screen, years, told):
    status = mock.status

    def wearing():
        answer = status()
        answer["drive"]["flash_years"] = years
        return answer

    mock.status = wearing
    screen = open_screen(f"{mock.url}#/system")
    expect(screen.page.locator("#space dd").nth(1)).to_have_text(told)


def test_an_unset_clock_is_set_at_the_first_visit(board, open_screen):
    screen = open_screen(f"{board().url}/#/system")
    screen.see("The board's clock wasn't set. It now has this device's time.")
    expect(screen.page.locator("#clock")).to_contain_text("as on this device")


def test_a_clock_that_another_page_has_just_set_is_left_alone(mock, open_screen):
    mock.clock_set = False
    screen = open_screen(None)
    screen.page.clock.install()
    screen.page.clock.pause_at(datetime.datetime.now() + datetime.timedelta(seconds=5))
    screen.page.goto(mock.url)
    expect(screen.page.locator(".recorder")).to_contain_text("Recording")
    mock.clock_set, mock.owner = True, "computer"
    expect(screen.page.locator(".recorder")).to_contain_text("Paused")
    screen.page.clock.run_for(3000)
    expect(screen.page.locator(".lanes canvas").first).to_be_visible()
    assert ("POST", "/api/time") not in mock.requests


def test_sets_the_clock(mock, open_screen):
    mock.logged_in = True
    mock.clock = lambda: {"set": True, "epoch": 1700000000, "utc_offset_s": 0, "source": ""}
    screen = open_screen(f"{mock.url}#/system")
    expect(screen.page.locator("#clock")).to_contain_text("behind this device")
    screen.page.get_by_role("button", name="Set from this device").click()
    screen.see("The clock is set to this device's time.")
    assert ("POST", "/api/time") in mock.requests


def test_tells_where_the_time_comes_from(mock, open_screen):
    mock.zone, mock.utc_offset_s, mock.logged_in = "CET-1CEST,M3.5.0,M10.5.0/3", 7200, True
    screen = open_screen(f"{mock.url}#/system")
    sources = screen.page.locator("#time-sources")
    expect(sources).to_contain_text("Set byTime server")
    expect(sources).to_contain_text("Clock chip3 s behind the clock when it was last heard")
    expect(sources).to_contain_text(mock.zone)
    # the board knows its zone: the browser's offset no longer counts
    expect(screen.page.locator("#notices")).not_to_contain_text("clock or time zone differs")
    assert ("POST", "/api/time") not in mock.requests


def test_the_clock_is_not_behind_because_the_status_is_some_seconds_old(mock, open_screen):
    screen = open_screen(mock.url)
    expect(screen.page.locator("#link")).to_have_text("Live")
    shown = set()

    def runs():
        screen.tab("Log")
        screen.tab("System")
        shown.add(screen.page.locator("#clock").text_content())
        return len(shown) >= 8

    wait_for(runs, "the clock going on between two statuses")
    assert [text for text in shown if "as on this device" not in text] == []


def test_gives_the_drive_back_and_takes_it(board, open_screen):
    simulated = board(writes=True)
    screen = open_screen(f"{simulated.url}/#/system")
    screen.page.get_by_role("button", name="Give it to the computer").click()
    screen.confirm("Give it")
    screen.log_in(PASSWORD)
    expect(screen.page.locator("#owner")).to_contain_text("A computer")
    screen.page.get_by_role("button", name="Take over the drive").click()
    screen.page.get_by_role("dialog").or_(
        screen.page.locator(".toast.ok", has_text="The board has the drive")
    ).first.wait_for()
    if screen.page.get_by_role("dialog").count():
        screen.confirm("Take over")
    expect(screen.page.locator("#owner")).to_contain_text("The board has the drive")


def test_restarts_and_comes_back(board, open_screen):
    simulated = board(writes=True)
    # The page sends requests while the board is away, too
    screen = open_screen(f"{simulated.url}/#/system", failures=True)
    screen.page.get_by_role("button", name="Restart").click()
    screen.confirm("Restart")
    screen.log_in(PASSWORD)
    screen.see("The board is restarting.")
    expect(screen.page.locator("#link")).to_have_text("Live", timeout=90000)
    expect(screen.page.locator("#lost")).to_be_empty()
    expect(screen.page.locator("#session")).to_have_text("Log out")  # nobody is logged out
    assert simulated.runs == 2


def test_nags_about_the_shipped_password_until_it_is_changed(board, open_screen):
    simulated = board(settings={"ADMIN_PASSWORD": "datalogger"}, writes=True)
    screen = open_screen(simulated.url)
    notices = screen.page.locator("#notices")
    expect(notices).to_contain_text("A default password is still in use")
    screen.tab("System")
    screen.page.get_by_role("button", name="Change admin password").click()
    dialog = screen.page.get_by_role("dialog", name="New admin password")
    dialog.get_by_label("Current admin password").fill("datalogger")
    dialog.get_by_label("New password").fill("short")
    dialog.get_by_role("button", name="Change it").click()
    expect(dialog.locator("#password-error")).to_have_text("8 to 63 characters.")
    dialog.get_by_label("New password").fill("long enough now")
    dialog.get_by_label("Repeat it").fill("something else")
    dialog.get_by_role("button", name="Change it").click()
    expect(dialog).to_contain_text("The two are not the same.")
    dialog.get_by_label("Repeat it").fill("long enough now")
    dialog.get_by_role("button", name="Change it").click()
    screen.see("The password is changed.")
    expect(notices).not_to_contain_text("default password")
    wait_for(
        lambda: '"long enough now"' in (simulated.drive / "settings.toml").read_text(), "saving it"
    )


def test_logs_in_and_out(board, open_screen):
    screen = open_screen(board().url, failures=True)
    screen.page.get_by_role("button", name="Log in").click()
    dialog = screen.page.get_by_role("dialog", name="Log in")
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Log in").click()
    expect(dialog).to_contain_text("Wrong password.")
    screen.log_in(PASSWORD)
    session = screen.page.locator("#session")
    expect(session).to_have_text("Log out")
    session.click()
    expect(session).to_have_text("Log in")


def test_a_board_that_wants_a_login_to_read(board, open_screen):
    screen = open_screen(board(settings={"ADMIN_LOGIN_TO_READ": True}).url, failures=True)
    dialog = screen.page.get_by_role("dialog", name="Log in")
    expect(dialog).to_contain_text("requires the admin password")
    dialog.get_by_role("button", name="Cancel").click()
    expect(screen.page.locator("#link")).to_have_text("Locked")
    screen.page.get_by_role("link", name="Data", exact=True).click()
    expect(screen.page.locator("main")).to_contain_text("requires the admin password")
    expect(dialog).to_have_count(0)
    screen.page.get_by_role("link", name="Dashboard", exact=True).click()
    screen.page.locator("#session").click()
    screen.log_in(PASSWORD)
    expect(screen.page.locator("#link")).to_have_text("Live")
    expect(screen.page.locator(".tile")).to_have_count(2)
