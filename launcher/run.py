"""`make run`: everything Parvis needs on this machine, started in order, watched, and stopped together."""

import fcntl
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from launcher import compiled_messages, frontend, keys, people, ports
from launcher.embedded_postgres import APPLICATION, EmbeddedPostgres
from launcher.places import Places, environment
from launcher.postgres_home import home_for
from launcher.processes import Child, end_with_parent
from launcher.stamps import Stamp, fingerprint
from launcher.words import Ended, Stop, say, step


def run(places: Places) -> None:
    """Returns when the person ends it. Every process started here is gone by then."""
    _listen_to_signals()
    try:
        _run(places)
    except Ended:
        say("\nParvis has stopped. Your data stay until the next make run; make reset throws them away.")


def _run(places: Places) -> None:
    web_port, simulator_port = ports.chosen("PORT", 8000), ports.chosen("SIMULATOR_PORT", 8001)
    with only_one(places):
        ports.require_free(web_port, "PORT")
        ports.require_free(simulator_port, "SIMULATOR_PORT")
        say("Starting Parvis on this machine:")
        frontend.build(places)
        compiled_messages.compile_all(places)
        server = EmbeddedPostgres(home_for(places.state / "postgres"), places.logs / "database.log")
        children: list[Child] = []
        try:
            with step("Starting the database"):
                server.start()
            _say_missing(server)
            settings = _settings(places, server, web_port, simulator_port)
            children = _programs(places, settings, web_port, simulator_port)
            _start(places, settings, children, server)
            _welcome(places, web_port, simulator_port)
            while True:
                _require_alive(children, server)
                time.sleep(0.5)
        finally:
            _stop(children, server)


@contextmanager
def only_one(places: Places) -> Iterator[None]:
    """Holds the checkout for one launcher. The kernel frees it when this process dies, however it dies."""
    places.make_state()
    with places.run_lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise Stop(
                f"Parvis already runs from this folder (process {lock.read().strip()}): end it there first."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _listen_to_signals() -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # one is enough: let the stopping finish
        raise Ended

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    if os.environ.get("MAKELEVEL"):
        end_with_parent(signal.SIGTERM, os.getppid())


def _settings(places: Places, server: EmbeddedPostgres, web_port: int, simulator_port: int) -> dict[str, str]:
    """The environment of every process of the demonstration."""
    return environment(
        **keys.secrets_of(places.secrets),
        PARVIS_MODE="demonstration",
        DATABASE_URL=server.url(role=APPLICATION),
        PARVIS_AUDIT_CHECKPOINTS=str(places.state / "checkpoints"),
        PARVIS_BROKER_URL=f"filesystem://{places.broker}",
        PARVIS_SIMULATOR_URL=f"http://127.0.0.1:{simulator_port}",
        PARVIS_SIMULATOR_KEY_FILE=str(places.simulator / "key"),
        PARVIS_EGRESS_ALLOW=f"127.0.0.1:{simulator_port}",
        PARVIS_ORIGINS=f"http://127.0.0.1:{web_port},http://localhost:{web_port}",
        PARVIS_WITNESS=(places.state / "witness").as_uri(),  # beside the database's folder, not inside
        PARVIS_MEDIA=str(places.state / "media"),
        PYTHONUNBUFFERED="1",
    )


def _say_missing(server: EmbeddedPostgres) -> None:
    for name in server.missing_extensions():
        say(f"  Note: this PostgreSQL has no extension '{name}'; Parvis works without it, more slowly.")


def _manage(places: Places, settings: dict[str, str], *arguments: str) -> None:
    log = places.logs / f"{arguments[0]}.log"
    child = Child(f"step '{arguments[0]}'", [str(places.python), "manage.py", *arguments], log, settings, places.root)
    child.start()
    try:
        if child.process and child.process.wait() != 0:
            child.require_alive()
    finally:
        child.stop(patience=5)


def _programs(places: Places, settings: dict[str, str], web_port: int, simulator_port: int) -> list[Child]:
    """In the order they start.

    The worker, when orphaned, is killed outright: its database goes the same instant, and a send cut short is what
    attempts are for.
    """
    without_key = {name: value for name, value in settings.items() if name != "PARVIS_AUDIT_KEY"}
    python = str(places.python)
    celery = [python, "-m", "celery", "-A", "governance"]
    gunicorn = [python, "-m", "gunicorn", "governance.wsgi", "--bind", f"127.0.0.1:{web_port}", "--threads", "8"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]  # it has no colleagues to talk to
    commands = {
        "simulator": [python, "-m", "simulator", "--port", str(simulator_port), "--data", str(places.simulator)],
        "web": [*gunicorn, "--graceful-timeout", "3", "--worker-tmp-dir", str(places.state), "--no-control-socket"],
        "worker": [*celery, "worker", *quiet],
        "beat": [*celery, "beat", "--schedule", str(places.state / "beat-schedule")],
    }
    return [
        Child(
            name,
            command,
            places.logs / f"{name}.log",
            settings if name == "worker" else without_key,
            places.root,
            orphaned=signal.SIGKILL if name == "worker" else signal.SIGTERM,
        )
        for name, command in commands.items()
    ]


def _start(places: Places, settings: dict[str, str], children: list[Child], server: EmbeddedPostgres) -> None:
    """The training network first: the demonstration's accounts are connected to it while they are loaded."""

    def alive() -> None:
        _require_alive(children, server)

    simulator, *others = children
    web_addresses = settings["PARVIS_ORIGINS"]
    # Wake-ups of an earlier run wake nobody: what is due stands in the database.
    shutil.rmtree(places.broker, ignore_errors=True)
    simulator.start()
    prepared_from = _sources_of_data(places)
    prepared = server.note() == prepared_from and places.people.is_file()
    if not prepared:
        with step("Bringing the database's tables up to date"):
            owner = settings | {"PARVIS_MIGRATION_DATABASE_URL": server.url()}
            _manage(places, owner, "migrate", "--no-input", "--verbosity=0")
    with step("Waiting for the training network"):
        ports.wait_for(settings["PARVIS_SIMULATOR_URL"], 30, alive)
    entered, addresses = Stamp(places.stamps / "entered"), f"{web_addresses} {settings['PARVIS_SIMULATOR_URL']}"
    if not entered.says(addresses):
        with step("Registering at the training network"):
            _manage(places, settings, "enter_training_network")
        entered.write(addresses)
    if not prepared:
        with step("Loading the demonstration organisation"):
            _manage(places, settings, "load_demonstration")
        server.keep_note(prepared_from)
    with step("Starting the pages, the worker and its clock"):
        for child in others:
            child.start()
        ports.wait_for(web_addresses.split(",")[0], 60, alive)


def _sources_of_data(places: Places) -> str:
    """Changes whenever the tables or the demonstration might: then both are brought up to date again."""
    migrations = sorted(places.root.glob("*/migrations/*.py"))
    loader = [places.root / "governance" / "demonstration", places.root / "governance" / "management"]
    loader = [file for folder in loader for file in sorted(folder.rglob("*")) if "__pycache__" not in file.parts]
    return fingerprint([*migrations, *loader, places.root / "requirements" / "embedded.txt"], APPLICATION)


def _require_alive(children: list[Child], server: EmbeddedPostgres) -> None:
    server.require_alive()
    for child in children:
        child.require_alive()


def _welcome(places: Places, web_port: int, simulator_port: int) -> None:
    say(f"\nParvis is open: http://localhost:{web_port}/")
    say(f"The training network's square, where you play the citizens: http://localhost:{simulator_port}/")
    table = people.table_of(places.people)
    if table:
        say(f"\nSign in as one of these people:\n{table}")
    say("\nCtrl-C stops everything.")


def _stop(children: list[Child], server: EmbeddedPostgres) -> None:
    """All are asked at once, then waited for, and the database goes last: the others still write to it."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop(patience=10)
    server.stop()


def reset(places: Places) -> None:
    """Throws this machine's demonstration away: database, files, keys, people. Asks first, unless YES=1."""
    with only_one(places):
        home = home_for(places.state / "postgres")
        if os.environ.get("YES") != "1":
            say("This throws away the demonstration's database, files, keys and passwords on this machine.")
            try:
                answer = input("Type 'reset' to go on: ")
            except EOFError:
                answer = ""
            if answer.strip() != "reset":
                raise Stop("Nothing was thrown away. (Without a question: make reset YES=1)")
        home.remove()
        shutil.rmtree(places.state, ignore_errors=True)
    say("Thrown away. make run starts over.")
