"""Compares this HTTP server with others for small boards, and with the limit that the sockets set."""

import argparse

from toolkit import environment, errors

_EXAMPLES = """\
examples:
  bench.py --quick                             all, roughly, within a minute
  bench.py --only ehttpserver,biplane          two of them
  bench.py --measure rates,faults              two topics (rates, crowd, memory, faults)
  bench.py --library before=/tmp/before.py     an older copy of the library beside this one
  bench.py --instructions                      counted instead of timed, where valgrind is installed
  bench.py --boot                              memory of the app, module by module

Times depend on the machine and on what else it does: look at the ratios and at how far they spread. All servers
listen on 127.0.0.1 only."""


def main():
    arguments = _parse()
    environment.ensure(benchmark=True)
    from benchmark import boot, run

    try:
        if arguments.boot:
            boot.run()
        else:
            run.run(arguments)
    except run.UsageError as error:
        errors.fail(error)
    except KeyboardInterrupt:
        errors.fail("interrupted")


def _parse():
    parser = argparse.ArgumentParser(
        prog="bench.py",
        description=__doc__,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="few, short rounds: a minute")
    parser.add_argument("--only", metavar="NAME,...", type=_names, help="these servers only")
    parser.add_argument("--measure", metavar="NAME,...", type=_names, help="these topics only")
    parser.add_argument(
        "--library",
        metavar="NAME=FILE",
        action="append",
        default=[],
        help="also a file with the API of ehttpserver (repeatable)",
    )
    parser.add_argument(
        "--instructions",
        action="store_true",
        help="count the instructions of each request with valgrind instead of measuring time",
    )
    parser.add_argument(
        "--boot",
        action="store_true",
        help="what each module of the app keeps in memory until it runs, and nothing else",
    )
    parser.add_argument(
        "--json", metavar="FILE", type=errors.file, help="write all figures to a file"
    )
    parser.add_argument(
        "--markdown", metavar="FILE", type=errors.file, help="write the tables to a file"
    )
    return parser.parse_args()


def _names(text):
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError("a name is needed")
    return names


if __name__ == "__main__":
    main()
