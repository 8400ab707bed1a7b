"""Compares this HTTP server with others for small boards, and with the limit that the sockets set."""

import argparse

from toolkit import environment, errors

_EXAMPLES = """\
examples:
  bench.py --quick                             all, roughly, within a minute
  bench.py --only ehttpserver,biplane          two of them
  bench.py --measure rates,faults              two topics (rates, crowd, memory, faults)
  bench.py --library before=/tmp/before.py     an older copy of the library beside this one

Times depend on the machine and on what else it does: look at the ratios and at how far they spread. All servers
listen on 127.0.0.1 only."""


def main():
    arguments = _parse()
    environment.ensure(benchmark=True)
    from benchmark import run

    run.run(arguments)


def _parse():
    parser = argparse.ArgumentParser(
        prog="bench.py",
        description=__doc__,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="few, short rounds: a minute")
    add("--only", metavar="NAME,...", type=_names, help="these servers only")
    add("--measure", metavar="NAME,...", type=_names, help="these topics only")
    add(
        "--library",
        metavar="NAME=FILE",
        action="append",
        default=[],
        help="also a file with the API of ehttpserver (repeatable)",
    )
    add("--json", metavar="FILE", type=errors.file, help="write all figures to a file")
    add("--markdown", metavar="FILE", type=errors.file, help="write the tables to a file")
    return parser.parse_args()


def _names(text):
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError("a name is needed")
    return names


if __name__ == "__main__":
    errors.run(main)
