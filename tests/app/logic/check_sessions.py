"""Sessions outlive one restart, unless the password has changed."""

from check_login import PASSWORD
from datalogger.on_demand import on_demand
from datalogger.web.login import START, TOKEN, USED, Login
from fakes import FakeSettings, MovedClock, quiet_log

TOKENS = ("0123456789abcdef0123456789abcdef", "ffffffffffffffffffffffffffffff00")


def make(memory, password=PASSWORD, up_s=100):
    clock = MovedClock()
    clock.memory = memory
    clock.pass_s(up_s)
    return Login(clock, FakeSettings(ADMIN_PASSWORD=password), quiet_log(clock))


def begin(login, *tokens):
    for session, token in zip(login.sessions, tokens):
        session[TOKEN][:] = token.encode()
        session[START] = session[USED] = login.clock.tenths


def known(login):
    return [bytes(one[TOKEN]).decode() for one in login.sessions if one[USED] is not None]


def keep(login):
    on_demand("sessions").keep(login)


def take(login):
    on_demand("sessions").take(login)


def restart(memory, password=PASSWORD):
    """The Login of the next run."""
    login = make(memory, password, 1)
    take(login)
    return login


def test_sessions_outlive_a_restart():
    memory = bytearray(256)
    login = make(memory)
    begin(login, *TOKENS)
    keep(login)
    again = restart(memory)
    assert known(again) == list(TOKENS)
    assert again.session({"cookie": "session=" + TOKENS[1]}) is again.sessions[1]


def test_all_four_fit():
    memory = bytearray(256)
    login = make(memory)
    begin(login, *["%032x" % (number + 1) for number in range(4)])
    keep(login)
    assert known(restart(memory)) == known(login) and len(known(login)) == 4


def test_they_are_taken_once():
    memory = bytearray(256)
    login = make(memory)
    begin(login, TOKENS[0])
    keep(login)
    assert known(restart(memory)) and not known(restart(memory))


def test_they_end_with_the_password():
    memory = bytearray(256)
    login = make(memory)
    begin(login, TOKENS[0])
    keep(login)
    assert not known(restart(memory, "another password"))


def test_who_has_logged_out_stays_so():
    memory = bytearray(256)
    login = make(memory)
    begin(login, *TOKENS)
    login.sessions[0][USED] = None
    keep(login)
    assert known(restart(memory)) == [TOKENS[1]]


def test_their_twelve_hours_go_on():
    memory = bytearray(256)
    login = make(memory)
    begin(login, TOKENS[0])
    for _ in range(22):  # half an hour each, so that no hour passes without a request
        login.clock.pass_s(1800)
        login.sessions[0][USED] = login.clock.tenths
    keep(login)
    again = restart(memory)
    headers = {"cookie": "session=" + TOKENS[0]}
    again.clock.pass_s(1800)
    assert again.session(headers)
    again.sessions[0][USED] = again.clock.tenths
    again.clock.pass_s(1860)
    assert not again.session(headers)


def test_memory_of_something_else_is_no_session():
    for content in (b"", b"\x00", b"\xff", b"T"):
        memory = bytearray((content or b"z") * 256)
        assert not known(restart(memory))


def test_one_changed_byte_is_noticed():
    login = make(bytearray(256))
    begin(login, TOKENS[0])
    for at in (32, 39, 40, 55, 57, 111):
        memory = login.clock.memory = bytearray(256)
        keep(login)
        memory[at] ^= 1
        assert not known(restart(memory)), at


def test_a_board_without_such_memory_starts():
    take(make(bytearray(16)))
