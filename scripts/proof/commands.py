"""The commands of prove.py. Each returns how many things failed, so 0 is good."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from toolkit.payload import assembly, mpy


def power_cuts(arguments):
    from . import power_cuts as proof
    from .power_cuts_report import Report

    cases = proof.SHORT if arguments.quick else proof.LONG
    if arguments.only:
        cases = [case for case in cases if arguments.only in case.name]
    report = Report()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder, "payload")
        assembly.build(built, mpy.MICROPYTHON)
        for number, case in enumerate(cases):
            working = Path(folder, str(number))
            working.mkdir()
            stride = proof.QUICK_STRIDE if arguments.quick else 1
            report.add(proof.PowerCuts(built, working, stride).run(case))
    return report.finish(time.monotonic() - start)


def flash(arguments):
    from . import flash_costs
    from .board_to_cut import BoardToCut

    with tempfile.TemporaryDirectory() as folder, BoardToCut() as board:
        built = Path(folder, "payload")
        assembly.build(built, mpy.MICROPYTHON)
        flash_costs.show(flash_costs.measure(board, built, Path(folder)))
    return 0


def memory(arguments):
    from . import memory_costs

    with tempfile.TemporaryDirectory() as folder:
        memory_costs.show(memory_costs.measure(Path(folder), dict(arguments.set)))
    return 0


def abuse(arguments):
    from . import abuse as proof
    from . import abuse_report, attacks
    from .app_board import AppBoard, differences

    report = abuse_report.Report(proof.PATIENCE_S)
    settings = dict(arguments.set)
    with tempfile.TemporaryDirectory() as folder, AppBoard(Path(folder), **settings) as board:
        proof.prepare(board)
        before = board.condition()
        report.before(before)
        seconds, resets = (5, 1000) if arguments.quick else (60, 10000)
        for one in attacks.all_attacks(board.port, seconds, resets):
            if not arguments.only or arguments.only in one.name:
                report.add(proof.attack(board, one))
        after = board.condition()
        return report.finish(after, differences(before, after, proof.LARGEST_PIECE_SHARE))


def soak(arguments):
    from . import soak as proof
    from .app_board import PASSWORD, AppBoard, differences
    from .soak_report import Report

    settings = {**proof.SETTINGS, **dict(arguments.set)}
    with tempfile.TemporaryDirectory() as folder, AppBoard(Path(folder), **settings) as board:
        board.log_in()
        run = proof.Soak(board, PASSWORD)
        with Report(run.found, arguments.requests) as report:
            run.run(proof.WARM_UP, report.progress)
            before = report.condition(board.condition())
            run.run(arguments.requests - proof.WARM_UP, report.progress)
            after = report.condition(board.condition())
            return report.finish(differences(before, after))


def rescue(arguments):
    from . import rescue as proof
    from .rescue_report import Report
    from .rescue_ways import all_ways

    proof.quiet()
    with tempfile.TemporaryDirectory() as folder:
        bench = proof.Bench(Path(folder), arguments.vm)
        ways = [
            way
            for way in all_ways(bench.files)
            if (arguments.only or "") in f"{way.kind} {way.name}"
        ]
        ways = ways[:: arguments.every]
        report = Report(len(ways))
        with ThreadPoolExecutor(arguments.jobs) as several:
            for way, problem in zip(ways, several.map(bench.outcome, ways), strict=True):
                report.add(way, problem)
    return report.finish()
