"""The launcher's commands: what `make` calls."""

import argparse
import os
import signal
import subprocess
from collections.abc import Callable

from launcher.places import Places, here
from launcher.words import Ended, Stop, say, stop_with


def main(arguments: list[str]) -> int:
    """The exit status. Every refusal is one sentence; a traceback is a fault of ours."""
    chosen = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what runs below is ended too
    try:
        return int(COMMANDS[chosen.command](here(), chosen, arguments) or 0)
    except Stop as sentence:
        return stop_with(str(sentence))
    except (KeyboardInterrupt, Ended):
        return stop_with("Stopped.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m launcher", description="Starts Parvis on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="install what is missing, start everything, stop it with Ctrl-C")
    commands.add_parser("reset", help="throw this machine's demonstration away")
    commands.add_parser("install", help="the virtual environment with what tests and checks need")
    commands.add_parser("frontend", help="fetch the pages' packages and build static/dist")
    commands.add_parser("test", help="the everyday tests, the thorough ones, then those in a browser")
    commands.add_parser("quick", help="the everyday tests alone")
    commands.add_parser("chromium", help="make sure that Chromium is here")
    messages = commands.add_parser("messages", help="bring the catalogues to what the code says")
    messages.add_argument("--check", action="store_true", help="change nothing; fail when a translation is missing")
    messages.add_argument("--compile", action="store_true", help="only make what gettext reads of them")
    postgres = commands.add_parser("postgres", help="the embedded PostgreSQL alone, or around one command")
    postgres.add_argument("--throwaway", action="store_true", help="an empty database that is gone afterwards")
    postgres.add_argument("around", nargs="*", help="a command to run with DATABASE_URL set, after --")
    return parser


def _run(places: Places, _chosen: argparse.Namespace, arguments: list[str]) -> None:
    from launcher import installation, ports
    from launcher.run import run

    ports.require_free(ports.chosen("PORT", 8000), "PORT")  # said before a minute of installing, not after
    installation.install(places, "embedded")
    installation.continue_inside(places, arguments)
    run(places)


def _reset(places: Places, _chosen: argparse.Namespace, arguments: list[str]) -> None:
    from launcher import installation
    from launcher.run import reset

    if not places.state.exists():
        raise Stop("There is nothing to throw away.")
    installation.install(places, "embedded")
    installation.continue_inside(places, arguments)
    reset(places)


def _install(places: Places, _chosen: argparse.Namespace, _arguments: list[str]) -> None:
    from launcher import installation

    installation.install(places, "dev")


def _frontend(places: Places, _chosen: argparse.Namespace, _arguments: list[str]) -> None:
    from launcher import compiled_messages, frontend

    frontend.build(places)
    compiled_messages.compile_all(places)


def _test(places: Places, _chosen: argparse.Namespace, _arguments: list[str]) -> int:
    from launcher.suite import test

    return test(places)


def _quick(places: Places, _chosen: argparse.Namespace, _arguments: list[str]) -> int:
    from launcher.suite import quick

    return quick(places)


def _chromium(_places: Places, _chosen: argparse.Namespace, _arguments: list[str]) -> None:
    from launcher import chromium

    say(chromium.require())


def _messages(places: Places, chosen: argparse.Namespace, _arguments: list[str]) -> int:
    if chosen.compile:
        from launcher.compiled_messages import compile_all

        compile_all(places)
        return 0
    from launcher.messages import check, update

    return check(places) if chosen.check else update(places)


def _postgres(places: Places, chosen: argparse.Namespace, _arguments: list[str]) -> int:
    """Prints the DATABASE_URL and serves until Ctrl-C; or runs a command with it and gives that command's status."""
    from launcher.embedded_postgres import EmbeddedPostgres
    from launcher.postgres_home import home_for
    from launcher.throwaway_postgres import throwaway

    places.make_state()
    server = EmbeddedPostgres(home_for(places.state / "postgres"), places.logs / "database.log")
    with throwaway() if chosen.throwaway else server as running:
        if chosen.around:
            around = os.environ | {"DATABASE_URL": running.url()}
            return subprocess.run(chosen.around, env=around, check=False).returncode
        say(f"DATABASE_URL={running.url()}\nCtrl-C stops it.")
        while True:
            signal.pause()


COMMANDS: dict[str, Callable[[Places, argparse.Namespace, list[str]], int | None]] = {
    "run": _run,
    "reset": _reset,
    "install": _install,
    "frontend": _frontend,
    "test": _test,
    "quick": _quick,
    "chromium": _chromium,
    "messages": _messages,
    "postgres": _postgres,
}
