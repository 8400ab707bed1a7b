"""How often the app erases the flash, as prove.py flash prints it."""

import pytest
from proof import flash_costs
from proof.board_to_cut import BoardToCut
from rich.console import Console

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(compiled_payload_folder, tmp_path_factory):
    with BoardToCut() as board:
        return flash_costs.measure(board, compiled_payload_folder, tmp_path_factory.mktemp("flash"))


def of(found, start):
    return [action for action in found if action["name"].startswith(start)]


def test_figures_fit_together(found):
    for action in found:
        assert 1 <= action["step"] <= action["erases"], action
        assert action["fat_erases"] <= action["erases"], action
    for deployed in of(found, "a file of 12 KB"):
        assert (
            deployed["erases"] >= 2 * 3
        )  # twice three blocks: beside the old content, then over it
        assert deployed["step"] < deployed["erases"]
    for deleted in of(found, "a deployed file is deleted"):
        assert deleted["fat_erases"] >= 1


def test_settings_are_saved_with_few_erases(found):
    """The first time too: boot.py has made the journal."""
    saved = of(found, "a setting is saved")
    assert len(saved) == 2
    for action in saved:
        assert action["erases"] <= 8 and action["fat_erases"] <= 2, action
        assert action["step"] <= 2, action


def test_recorder_spares_the_block_with_the_fat(found):
    usual = of(found, "the recorder writes")[1:]
    assert len(usual) == 3
    for written in usual:
        assert written["fat_erases"] == 0 and written["erases"] <= 3, written


def test_recorder_never_erases_more_than_two_blocks_in_a_step(found):
    """The first time too, when it makes a file and fills that with blank lines."""
    for written in of(found, "the recorder writes"):
        assert written["step"] <= 2, written


def test_table_has_the_times_of_both_flashes():
    console = Console(width=120, record=True)
    flash_costs.show([{"name": "this", "erases": 9, "fat_erases": 4, "step": 2}], console)
    row = next(line for line in console.export_text().splitlines() if "this" in line)
    assert row.split() == ["this", "9", "4", "2", "103", "896"]
