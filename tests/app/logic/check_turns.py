"""Requests that load rare code take turns."""

from datalogger.on_demand import borrow, give_back
from datalogger.turns import Turn
from fakes import MovedClock


def waits(steps):
    """Whether wait() is not over yet."""
    for _ in steps:
        return True
    return False


def test_one_after_the_other():
    clock = MovedClock()
    queue = []
    turns = [Turn(queue, (), clock, 60) for _ in range(3)]
    steps = [turn.wait() for turn in turns]
    assert [waits(one) for one in steps] == [False, True, True]
    turns[0].end()
    turns[0].end()  # once more does no harm
    assert waits(steps[2]) and not waits(steps[1])
    turns[2].end()  # its client is gone
    assert queue == [turns[1]]


def test_who_has_waited_for_long_goes_in_anyway():
    clock = MovedClock()
    queue = []
    Turn(queue, (), clock, 60)
    steps = Turn(queue, (), clock, 60).wait()
    assert waits(steps)
    clock.pass_s(5.9)
    assert waits(steps)
    clock.pass_s(0.2)
    assert not waits(steps)


def test_an_answer_of_the_other_queue_is_waited_for_when_it_is_being_made():
    clock = MovedClock()
    quick = []
    long = []
    first = Turn(long, (quick,), clock, 300)
    turn = Turn(quick, (long,), clock, 60)
    assert not waits(turn.wait())  # the other one has not begun
    steps = first.wait()
    assert waits(steps)
    turn.end()
    assert not waits(steps)
    steps = Turn(quick, (long,), clock, 60).wait()
    assert waits(steps)
    clock.pass_s(3.1)  # it waits no longer than three seconds
    assert not waits(steps)


def test_a_borrowed_module_is_given_back_at_the_end():
    clock = MovedClock()
    turn = Turn([], (), clock, 60)
    module = turn.borrow("queries")
    assert borrow("queries") is module
    give_back("queries")
    turn.end()
    assert borrow("queries") is not module
    give_back("queries")
