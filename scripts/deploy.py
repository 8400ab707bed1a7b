"""Put the data logger on a board: by cable (the CIRCUITPY drive), or over Wi-Fi."""

import argparse

from toolkit import environment, errors

EPILOG = """\
Only what changed is copied. data/, settings and files of your own are never touched. Interrupted, it goes on where it
stopped when run again. Over Wi-Fi the admin password comes from --password, the variable DEPLOY_PASSWORD, or a prompt."""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, epilog=EPILOG)
    target = parser.add_mutually_exclusive_group()
    target.add_argument(
        "--to",
        metavar="DIR",
        type=errors.folder,
        help="the board's drive (default: found by its label)",
    )
    target.add_argument(
        "--wifi", metavar="URL", help="deploy over the air, for example to http://192.168.4.1"
    )
    parser.add_argument(
        "--password", help="admin password for --wifi (other users of this computer can see it)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, do nothing")
    parser.add_argument("--watch", action="store_true", help="deploy again whenever a file changes")
    parser.add_argument(
        "--source",
        action="store_true",
        help="copy the modules as .py, to edit them on the board (default: compiled, half the size)",
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="with --wifi: replace files that were edited on the board (by cable a copy is kept)",
    )
    parser.add_argument(
        "--update-libs",
        action="store_true",
        help="let circup list the libraries on the drive and update them from the bundle",
    )
    options = parser.parse_args()
    if options.wifi is not None and options.update_libs:
        parser.error("--update-libs needs the drive; it does not work with --wifi")
    if options.dry_run and (options.watch or options.update_libs):
        parser.error("--dry-run goes with neither --watch nor --update-libs")
    if options.update_libs and (options.watch or options.source):
        parser.error("--update-libs goes with neither --watch nor --source: it deploys nothing")
    if (options.password is not None or options.overwrite) and options.wifi is None:
        parser.error("--password and --overwrite are for --wifi")
    return options


def main():
    options = arguments()
    environment.ensure()
    from toolkit import locks
    from toolkit.deploy import cable_session, watch, wifi_session

    if options.wifi is not None:
        session = wifi_session.Session(
            options.wifi, options.password, options.overwrite, options.source
        )
    else:
        session = cable_session.Session(options.to, options.source)
    lock = locks.file_for(session.target)

    def alone(action, **how):
        with locks.held(lock, "Waiting for another deployment to this board ..."):
            action(**how)

    if options.update_libs:
        alone(session.update_libraries)
        return
    alone(session.deploy, dry_run=options.dry_run)
    if options.watch:
        watch.run(lambda: alone(session.deploy))


if __name__ == "__main__":
    errors.run(main)
