"""Minify and compress the pages in www/ as the board serves them, and say what that saves."""

import argparse
from pathlib import Path, PurePosixPath

from toolkit import environment, errors


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=environment.BUILD / "www",
        help="folder for the result (default: build/www)",
    )
    return parser.parse_args()


def main():
    options = arguments()
    environment.ensure()
    from toolkit import assets, payload, record, report

    www = environment.ROOT / "www"
    built = assets.build(www, report.progress)
    if options.out.exists() and not options.out.is_dir():
        environment.fail(f"{options.out} is not a folder.")
    files = {asset.target: asset.content for asset in built}
    record_path = PurePosixPath(record.PATH.name)
    files[record_path] = record.write(files)
    payload.write_tree(options.out, files, record_path)
    report.assets(built, www, options.out)


if __name__ == "__main__":
    errors.run(main)
