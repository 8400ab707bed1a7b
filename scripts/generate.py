"""Write the files that are made from others: settings.toml, docs/library.md, docs/api.md, the picture of the rooms."""

import argparse

from toolkit import environment, errors


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail and name the files that are stale"
    )
    return parser.parse_args()


def main():
    options = arguments()
    environment.ensure()
    from toolkit import generated

    stale = generated.stale(environment.ROOT)
    if options.check and stale:
        errors.fail(f"stale: {', '.join(stale)}. Run: python3 scripts/generate.py")
    for name, text in stale.items():
        (environment.ROOT / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"Written: {name}")
    if not stale:
        print("All generated files are up to date.")


if __name__ == "__main__":
    errors.run(main)
