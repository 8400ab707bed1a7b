"""Minify and compress the pages in www/ as the board serves them, and say what that saves."""

import argparse
from pathlib import PurePosixPath

from toolkit import environment, errors


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=errors.folder,
        default=environment.BUILD / "www",
        help="folder for the result (default: build/www)",
    )
    return parser.parse_args()


def main():
    options = arguments()
    environment.ensure()
    from toolkit import manifest, terminal
    from toolkit.payload import assembly, pages, pages_report

    www = environment.ROOT / "www"
    built = pages.build(www, terminal.progress)
    if options.out.exists() and not options.out.is_dir():
        errors.fail(f"{options.out} is not a folder.")
    files = {asset.target: asset.content for asset in built}
    manifest_path = PurePosixPath(manifest.PATH.name)
    files[manifest_path] = manifest.write(files)
    assembly.write_tree(options.out, files, manifest_path)
    pages_report.show(built, www, options.out)


if __name__ == "__main__":
    errors.run(main)
