"""The fixtures that other tests build on."""

import pytest


def test_micropython_runs_text_and_files_with_arguments(micropython, tmp_path):
    script = "import sys, gc\nprint(sys.implementation.name, sys.argv[1:])\n"
    assert micropython(script, "a b", 3).stdout == "micropython ['a b', '3']\n"
    file = tmp_path / "script.py"
    file.write_text("import helper\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "helper.py").write_text("print('helped')\n")
    assert micropython(file, path=[tmp_path / "more"]).stdout == "helped\n"


def test_micropython_has_the_projects_libraries(micropython):
    done = micropython(
        "import ehttpserver, adafruit_ticks\nprint(ehttpserver.Server, adafruit_ticks.ticks_ms)\n"
    )
    assert "Server" in done.stdout


def test_micropython_has_the_heap_asked_for(micropython):
    block = "x = bytearray(100000)\nprint(len(x))\n"
    assert micropython(block, heap=150000).stdout == "100000\n"
    failed = micropython(block, heap=90000, check=False)
    assert failed.returncode != 0 and "MemoryError" in failed.stderr + failed.stdout


def test_micropython_fails_the_test_when_the_script_fails(micropython):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        micropython("1 / 0")


def test_on_board_fails_the_test_when_the_program_fails(on_board, vm):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        on_board("1 / 0", vm=vm)
    assert "ZeroDivisionError" in on_board("1 / 0", vm=vm, check=False)


def test_board_that_does_not_listen_shows_its_console(boards):
    board = boards(files={"code.py": "print('only this')"}, payload=False, start=False)
    board.run_to_the_end()
    with pytest.raises(AssertionError, match="only this"):
        board.wait_or_fail(lambda: board.events("listening"), "not listening", timeout=0.1)


def test_settings_replace_and_add_lines(boards):
    board = boards(
        files={"settings.toml": '# text\nA = 1\nB = "x"\n', "code.py": ""},
        settings={"A": 2, "C": 'say "hi"', "D": True, "E": 1.5},
        payload=False,
        start=False,
    )
    text = (board.drive / "settings.toml").read_text()
    assert text == '# text\nA = 2\nB = "x"\nC = "say \\"hi\\""\nD = true\nE = 1.5\n'


def test_app_of_the_payload_restarts_and_survives_a_power_cut(boards, vm):
    board = boards(vm=vm)
    address = board.url
    board.restart()
    board.power_cycle()
    assert board.url == address and board.status == "running"
