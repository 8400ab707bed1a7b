"""Tasks side by side."""

from datalogger.tasks import Tasks
from fakes import MovedClock, quiet_log, texts


def make():
    clock = MovedClock()
    log = quiet_log(clock)
    return Tasks(clock, log), clock, log


def test_each_is_stepped_once_per_round():
    tasks, _, _ = make()
    steps = []

    def task(name):
        while True:
            steps.append(name)
            yield

    tasks.add("A", lambda: task("a"))
    tasks.add("B", lambda: task("b"))
    for _ in range(3):
        tasks.step()
    assert steps == ["a", "b"] * 3


def failing(starts, clock, error):
    starts.append(clock.tenths)
    yield
    raise error


def test_a_failing_task_is_restarted_with_growing_pauses():
    for error in (ValueError("x"), MemoryError(), OSError(5), RuntimeError("pystack exhausted")):
        tasks, clock, log = make()
        starts = []
        others = [0]

        def other(count=others):
            while True:
                count[0] += 1
                yield

        tasks.add("Bad", lambda s=starts, c=clock, e=error: failing(s, c, e))
        tasks.add("Good", other)
        for _ in range(2500):
            clock.test_ticks.now += 100
            tasks.step()
        assert others[0] == 2500
        pauses = [(starts[i + 1] - starts[i]) // 10 for i in range(len(starts) - 1)]
        assert pauses[:6] == [1, 2, 4, 8, 16, 32]
        assert max(pauses) <= 61
        assert type(error).__name__ in texts(log)
        assert "Bad stopped" in texts(log)


def test_failing_is_known():
    tasks, clock, _ = make()
    tasks.add("Bad", lambda: failing([], clock, ValueError()))
    tasks.step()
    assert not tasks.failing()
    tasks.step()
    assert tasks.failing()


def test_a_task_that_cannot_even_start():
    tasks, clock, log = make()

    def start():
        raise OSError(12)

    tasks.add("Bad", start)
    for _ in range(100):
        clock.test_ticks.now += 100
        tasks.step()
    assert texts(log).count("Bad stopped") == 4


def test_a_task_that_ends_is_started_again():
    tasks, clock, log = make()
    starts = []

    def steps():
        starts.append(clock.tenths)
        return
        yield

    tasks.add("Short", steps)
    for _ in range(20):
        clock.test_ticks.now += 100
        tasks.step()
    assert len(starts) == 2
    assert "Short stopped" in texts(log)


def test_something_to_finish():
    tasks, clock, log = make()
    done = []

    def work(fails):
        yield
        done.append(fails)
        if fails:
            raise OSError(5)

    def steps():
        while True:
            yield

    tasks.add("Steps", steps)
    tasks.finish("Good work", work(False))
    tasks.finish("Bad work", work(True))
    for _ in range(100):
        clock.test_ticks.now += 100
        tasks.step()
    assert done == [False, True]
    assert "Good work" not in texts(log)
    assert texts(log).count("Bad work failed.") == 1
    assert not tasks.failing()


def test_a_steady_run_resets_the_pause():
    tasks, clock, _log = make()
    starts = []

    def steps():
        starts.append(clock.tenths)
        while clock.tenths - starts[-1] < 700:
            yield
        raise ValueError

    tasks.add("Steady", steps)
    for _ in range(3000):
        clock.test_ticks.now += 100
        tasks.step()
    pauses = [starts[i + 1] - starts[i] - 700 for i in range(len(starts) - 1)]
    assert len(pauses) >= 3
    assert max(pauses) <= 12, pauses
