"""First steps, networks, and whatever else a new board needs once."""

import re

import pytest
from playwright.sync_api import expect

from .mock_board import PASSWORD
from .screen import wait_for


def step(screen, name):
    return screen.page.locator(f"[data-step={name}]")


@pytest.fixture
def guide(mock, open_screen):
    screen = open_screen(mock.url)
    screen.page.locator("#notices").get_by_role("link", name="First steps").click()
    screen.see_heading("First steps")
    return screen


def test_leads_through_all_steps_until_the_banner_is_gone(mock, guide):
    page = guide.page
    page.get_by_label("Name", exact=True).fill("greenhouse")
    step(guide, "name").get_by_role("button", name="Save").click()
    guide.log_in(PASSWORD)
    step(guide, "passwords").get_by_role("button", name="Change admin password").click()
    dialog = page.get_by_role("dialog", name="New admin password")
    dialog.get_by_label("Current admin password").fill(PASSWORD)
    dialog.get_by_label("New password").fill("my own words")
    dialog.get_by_label("Repeat it").fill("my own words")
    dialog.get_by_role("button", name="Change it").click()
    expect(step(guide, "passwords")).to_have_class(re.compile("passed"))
    step(guide, "network").get_by_role("button", name="Keep its own network").click()
    step(guide, "interval").get_by_role("button", name="10 min").click()
    step(guide, "sensors").get_by_role("button", name="Looks right").click()
    guide.see("All set")
    assert mock.values["DEVICE_NAME"] == mock.values["AP_SSID"] == "greenhouse"
    assert mock.values["SAMPLE_SECONDS"] == 600
    expect(page.locator("#notices")).not_to_contain_text("default")


def test_steps_are_skipped_and_remembered(mock, guide):
    for name in ("name", "passwords", "network"):
        step(guide, name).get_by_role("button", name="Skip").click()
    guide.page.reload()
    expect(step(guide, "network")).to_have_class(re.compile("passed"))
    expect(step(guide, "interval").get_by_role("button", name="Skip")).to_be_visible()
    step(guide, "name").get_by_role("button", name="Change").click()
    expect(guide.page.get_by_label("Name", exact=True)).to_be_visible()


def test_after_the_steps_a_default_password_is_named_and_its_dialog_opens(mock, guide):
    for name in ("name", "passwords", "network", "interval", "sensors"):
        step(guide, name).get_by_role("button", name="Skip").click()
    mock.default_passwords = lambda: ["AP_PASSWORD"]
    mock.owner = "computer"  # so that it sends its status
    notice = guide.page.locator("#notices .notice", has_text="default")
    expect(notice).to_contain_text("The default Wi-Fi password is still in use")
    notice.get_by_role("link", name="Change it").click()
    expect(guide.page.get_by_role("dialog", name="New Wi-Fi password")).to_be_visible()


def test_a_board_tells_which_password_is_meant(board, open_screen):
    simulated = board(settings={"AP_PASSWORD": "datalogger"})
    screen = open_screen(None)
    screen.page.add_init_script("localStorage.setItem('guide', '\"done\"')")
    screen.page.goto(simulated.url)
    notice = screen.page.locator("#notices .notice", has_text="default")
    expect(notice).to_contain_text("The default Wi-Fi password is still in use")
    notice.get_by_role("link", name="Change it").click()
    expect(screen.page.get_by_role("dialog", name="New Wi-Fi password")).to_be_visible()


def test_the_old_password_is_asked_for_in_the_same_dialog(mock, open_screen):
    mock.logged_in = True
    screen = open_screen(f"{mock.url}#/system", failures=True)
    screen.page.get_by_role("button", name="Change admin password").click()
    dialog = screen.page.get_by_role("dialog", name="New admin password")
    dialog.get_by_label("Current admin password").fill("wrong")
    dialog.get_by_label("New password").fill("my own words")
    dialog.get_by_label("Repeat it").fill("my own words")
    dialog.get_by_role("button", name="Change it").click()
    expect(dialog).to_contain_text("Wrong password.")
    assert not [one for one in mock.requests if one[0] == "PUT"]
    dialog.get_by_label("Current admin password").fill(PASSWORD)
    dialog.get_by_role("button", name="Change it").click()
    screen.see("The password is changed.")


def test_the_end_asks_for_a_restart_only_while_one_is_needed(mock, guide):
    for name in ("name", "passwords", "network", "interval", "sensors"):
        step(guide, name).get_by_role("button", name="Skip").click()
    guide.see("You find these steps again on the System page.")
    mock.restart_needed = True
    guide.see("Restart the board to apply everything.")
    mock.restart_needed = False
    guide.see("You find these steps again on the System page.")


def test_the_sensors_are_named_on_a_page_that_is_loaded_at_their_step(mock, guide):
    for name in ("name", "passwords", "network", "interval"):
        step(guide, name).get_by_role("button", name="Skip").click()
    mock.faults["/api/events"] = "slow"
    guide.page.reload()
    expect(step(guide, "sensors")).to_contain_text("Temperature")


# ---- Networks ----


def open_wifi(open_screen, mock, **options):
    mock.logged_in = True
    screen = open_screen(f"{mock.url}#/settings/wifi", **options)
    expect(screen.page.get_by_label("Wi-Fi mode")).to_be_focused()
    return screen


def test_only_the_fields_of_the_chosen_mode_are_shown(mock, open_screen):
    screen = open_wifi(open_screen, mock)
    own, other = (screen.page.locator(f"[data-key={key}]") for key in ("AP_SSID", "STATION_SSID"))
    expect(own).to_be_visible()
    expect(other).to_be_hidden()
    screen.page.get_by_label("Wi-Fi mode").select_option("station")
    expect(other).to_be_visible()
    expect(own).to_be_hidden()


def test_a_network_is_looked_for_chosen_and_joined_with_a_way_back(mock, open_screen):
    screen = open_wifi(open_screen, mock, failures=True)
    page = screen.page
    page.get_by_label("Wi-Fi mode").select_option("station")
    page.get_by_role("button", name="Look for networks").click()
    networks = page.locator(".networks li")
    expect(networks).to_have_count(3)  # only the strongest of each name
    screen.see("Choose your network:")
    expect(networks.first).to_contain_text(re.compile(r"Greenhouse\s+strong\s+needs a password"))
    expect(networks.nth(1)).to_contain_text("open")
    networks.first.get_by_role("button").click()
    password = page.get_by_label("Password of that network", exact=True)
    expect(password).to_be_focused()
    password.fill("secret words")
    page.locator("[data-key=STATION_PASSWORD]").get_by_role("button", name="Show").click()
    expect(password).to_have_attribute("type", "text")
    mock.outcome = {"state": "joined", "ssid": "Greenhouse", "address": "10.0.0.7"}
    page.get_by_role("button", name="Save").click()
    screen.see("The board can join “Greenhouse”, as 10.0.0.7.")
    assert mock.tried == [{"ssid": "Greenhouse", "password": "secret words"}]
    dialog = page.get_by_role("dialog", name="Restart the board?")
    expect(dialog).to_contain_text("joins “Greenhouse”")
    expect(dialog).to_contain_text("its own network “datalogger” comes back")
    mock.faults.update({"/api/status": "cut", "/api/events": "cut"})
    screen.confirm("Restart")
    joining = page.get_by_role("dialog", name="Joining “Greenhouse”")
    expect(joining.get_by_role("timer")).to_have_text(re.compile(r"\d+ s at most"))
    mock.faults.clear()
    expect(joining).to_have_count(0)
    assert mock.values["STATION_SSID"] == "Greenhouse"


def try_network(screen, name="Shed"):
    """Enter that network and press Save; returns the dialog of the try."""
    screen.page.get_by_label("Wi-Fi mode").select_option("station")
    screen.page.get_by_label("Network to join").fill(name)
    screen.page.get_by_role("button", name="Save").click()
    return screen.page.get_by_role("dialog", name=f"Trying “{name}”…")


def saved(mock):
    return [one for one in mock.requests if one == ("PUT", "/api/settings")]


def test_a_network_that_cannot_be_joined_is_saved_only_when_told_so(mock, open_screen):
    screen = open_wifi(open_screen, mock, failures=True)
    dialog = try_network(screen)
    expect(dialog).to_contain_text("“datalogger” may pause meanwhile")
    expect(dialog.get_by_role("timer")).to_have_text(re.compile(r"\d+ s at most"))
    mock.faults["GET /api/wifi/try"] = "cut"  # the phone has lost the board's network for a while
    screen.page.wait_for_timeout(1500)
    mock.outcome = {"state": "failed", "ssid": "Shed", "message": "Authentication failure"}
    mock.faults.clear()
    dialog = screen.page.get_by_role("dialog", name="Shed", exact=True)
    expect(dialog).to_contain_text("The network refuses this password.")
    expect(dialog.get_by_role("timer")).to_have_count(0)
    expect(screen.page.locator(".save.done")).to_have_count(0)
    screen.confirm("Cancel")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    assert not saved(mock)
    mock.outcome["message"] = "No network with that ssid"
    try_network(screen)
    expect(dialog).to_contain_text("The board does not see this network.")
    screen.confirm("Save anyway")
    expect(screen.page.get_by_role("dialog", name="Restart the board?")).to_be_visible()
    assert mock.values["STATION_SSID"] == "Shed" and len(saved(mock)) == 1
    assert mock.tried[-1] == {"ssid": "Shed", "password": None}


def test_a_try_need_not_be_waited_for(mock, open_screen):
    screen = open_wifi(open_screen, mock)
    try_network(screen)
    screen.confirm("Save anyway")
    expect(screen.page.get_by_role("dialog", name="Restart the board?")).to_be_visible()
    assert mock.values["STATION_SSID"] == "Shed"


def test_a_board_that_cannot_try_saves_at_once(mock, open_screen):
    mock.modern = False
    screen = open_wifi(open_screen, mock, failures=True)
    try_network(screen)
    expect(screen.page.get_by_role("dialog", name="Restart the board?")).to_be_visible()
    assert mock.values["STATION_SSID"] == "Shed"


def test_looking_for_networks_needs_the_login(mock, open_screen):
    screen = open_wifi(open_screen, mock, failures=True)
    mock.logged_in = False
    screen.page.get_by_label("Wi-Fi mode").select_option("station")
    screen.page.get_by_role("button", name="Look for networks").click()
    screen.log_in(PASSWORD)
    expect(screen.page.locator(".networks li")).to_have_count(3)


def test_a_board_that_cannot_look_for_networks_says_so(mock, open_screen):
    mock.modern = False
    screen = open_wifi(open_screen, mock, failures=True)
    screen.page.get_by_label("Wi-Fi mode").select_option("station")
    screen.page.get_by_role("button", name="Look for networks").click()
    screen.see("This board can't do that yet.")


def test_a_phone_joins_by_qr_code(mock, open_screen):
    screen = open_screen(f"{mock.url}#/system")
    screen.page.get_by_text("Connect a phone by QR code").click()
    codes = screen.page.locator(".codes canvas")
    expect(codes).to_have_count(1)
    screen.page.get_by_label("Wi-Fi password").fill('my "own" words;')
    expect(codes).to_have_count(2)
    assert (
        codes.first.get_attribute("data-text")
        == 'WIFI:T:WPA;S:datalogger;P:my \\"own\\" words\\;;;'
    )
    wait_for(
        lambda: (
            codes.first.evaluate(
                """(e) => { const { data } = e.getContext('2d').getImageData(0, 0, e.width, e.height);
            let dark = 0; for (let i = 0; i < data.length; i += 4) dark += data[i] < 128; return dark * 4 / data.length; }"""
            )
            > 0.2
        ),
        "drawing the code",
    )
    assert not [one for one in mock.requests if "own" in one[1]], "the password goes nowhere"
