"""Each attack for some seconds. `prove.py abuse` runs each for a minute and reports how long a
person waits meanwhile; here, on a busy machine, it is enough that everybody is answered."""

import programs
import pytest
from proof import abuse, app_board, attacks, visits

SECONDS = 5
RESETS = 1000


@pytest.mark.slow
@pytest.mark.alone
def test_a_person_is_answered_and_all_is_as_before(tmp_path):
    programs.need("slowhttptest", "slowhttptest")
    programs.need("wrk", "wrk")
    problems = []
    with app_board.AppBoard(tmp_path) as board:
        abuse.prepare(board)
        before = board.condition()
        for attack in attacks.all_attacks(board.port, SECONDS, RESETS):
            attacked = abuse.attack(board, attack)
            waited = attacked.waited
            print(f"{attack.name}: {attacked.did}; longest wait {waited.percentile(1):.2f} s")
            problems += [f"{attack.name}: {problem}" for problem in attacked.problems]
            assert waited.seconds
        after = board.condition()
    assert not problems
    assert not app_board.differences(before, after, abuse.LARGEST_PIECE_SHARE)


def test_a_board_that_does_not_answer_is_noticed(monkeypatch):
    monkeypatch.setattr(visits, "TIMEOUT_S", 1)

    class Nothing:
        name = "nothing"

        def run(self):
            return "did nothing"

    class Board:
        port = 1  # where nobody listens
        status = "crashed"

    attacked = abuse.attack(Board, Nothing())
    assert any("crashed" in problem for problem in attacked.problems)
    assert any("GET /" in problem for problem in attacked.problems)
