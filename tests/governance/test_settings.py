"""Settings come from the environment, and say loudly what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.signals import worker_init
from django.conf import settings as app_settings
from django.contrib.auth import hashers
from django.core.exceptions import ImproperlyConfigured

from governance.celery import app
from governance.checks import the_environment_is_whole
from governance.environment import MOST, database, number
from tests import passwords
from tests.thorough import thorough_after

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {
    "PARVIS_MODE": "production",
    "PARVIS_WITNESS": "file:///witness",
    "PARVIS_SECRET_KEY": "5s8kq2w9e4r7t1y6u3i0o-p_a5s8d2f7g4h1j6k9l3z0x8c5v2b7n4m1",
    "PARVIS_VAULT_KEYS": "first:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "PARVIS_HOSTS": "parvis.example",
    "PARVIS_ORIGINS": "https://parvis.example",
    "PARVIS_MEDIA": "/tmp",
    "PARVIS_AUDIT_CHECKPOINTS": "/tmp",
    "PARVIS_BROKER_URL": "redis://redis:6379/0",
    "DATABASE_URL": "postgres:///parvis",
}


def checked(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` with nothing in the environment but this."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, cwd=ROOT, env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_whole_production_environment_is_clean():
    done = checked(**WHOLE)
    assert done.returncode == 0, done.stderr


@pytest.mark.longer
@pytest.mark.parametrize("missing", thorough_after(1, ["PARVIS_SECRET_KEY", "PARVIS_VAULT_KEYS"]))
def test_a_missing_secret_stops_the_start_with_its_name(missing: str):
    done = checked(**{name: value for name, value in WHOLE.items() if name != missing})
    assert done.returncode != 0
    assert f"{missing} is not set" in done.stderr


def test_a_worker_does_not_start_without_the_key_that_seals_the_trail(settings: Any):
    settings.AUDIT_KEY = ""
    with pytest.raises(SystemExit, match="PARVIS_AUDIT_KEY is not set"):
        worker_init.send(sender=None)


@pytest.mark.longer
def test_the_owner_s_address_is_for_migrations_and_names_the_role_that_is_granted():
    asked = "from django.conf import settings as s; print(s.DATABASES['default']['USER'], s.APPLICATION_ROLE)"
    roles = {
        "DATABASE_URL": "postgres://parvis_app:one@db/parvis",
        "PARVIS_MIGRATION_DATABASE_URL": "postgres://parvis:two@db/parvis",
    }
    environment = {**WHOLE, **roles, "DJANGO_SETTINGS_MODULE": "governance.settings"}
    for owner, said in ((True, "parvis parvis_app"), (False, "parvis_app")):
        given = {name: value for name, value in environment.items() if owner or "MIGRATION" not in name}
        done = subprocess.run(
            [sys.executable, "-c", asked], cwd=ROOT, env=given, capture_output=True, text=True, check=False
        )
        assert done.stdout.strip() == said


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Any:
    """The settings of an environment that lacks nothing."""
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    settings.PRODUCTION = True
    settings.ALLOWED_HOSTS = ["parvis.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://parvis.example"]
    settings.MEDIA_ROOT = tmp_path
    settings.AUDIT_CHECKPOINTS = WHOLE["PARVIS_AUDIT_CHECKPOINTS"]
    settings.WITNESS, settings.CELERY_BROKER_URL = WHOLE["PARVIS_WITNESS"], WHOLE["PARVIS_BROKER_URL"]
    return settings


def told() -> list[str]:
    return [message.msg for message in the_environment_is_whole(None)]


def test_nothing_is_told_of_a_whole_environment(production: Any):
    assert told() == []


@pytest.mark.parametrize(
    "missing",
    [
        "DATABASE_URL",
        "PARVIS_BROKER_URL",
        "PARVIS_HOSTS",
        "PARVIS_ORIGINS",
        "PARVIS_MEDIA",
        "PARVIS_WITNESS",
        "PARVIS_AUDIT_CHECKPOINTS",
    ],
)
def test_what_is_missing_is_told_by_its_name(production: Any, monkeypatch: pytest.MonkeyPatch, missing: str):
    monkeypatch.delenv(missing)
    assert [sentence.partition(" is not set: ")[0] for sentence in told()] == [missing]


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("ALLOWED_HOSTS", ["*"], "PARVIS_HOSTS is *"),
        ("CSRF_TRUSTED_ORIGINS", ["http://parvis.example"], "PARVIS_ORIGINS holds http://parvis.example"),
        ("PUBLIC_URL", "http://parvis.example", "PARVIS_PUBLIC_URL holds http://parvis.example"),
        ("PUBLIC_URL", "https://[x", "PARVIS_PUBLIC_URL holds https://[x"),
        ("PUBLIC_URL", "https://parvis.example:x", "PARVIS_PUBLIC_URL holds https://parvis.example:x"),
        ("SECURE_PROXY_SSL_HEADER", ("X", "https"), "PARVIS_BEHIND_PROXY and PARVIS_PROXY_COUNT belong together"),
        ("MEDIA_ROOT", Path("/proc/none"), "PARVIS_MEDIA is /proc/none, where this process cannot write"),
        ("VAULT_KEYS", "¿?", "PARVIS_VAULT_KEYS: the key"),
        ("VAULT_KEYS", "first:AAAA", "PARVIS_VAULT_KEYS: the key"),
        ("VAULT_KEYS", "first:é", "PARVIS_VAULT_KEYS: the key"),
        ("AUDIT_KEY", "AAAA", "PARVIS_AUDIT_KEY is not 32 bytes"),
        ("WITNESS", "¿?", "PARVIS_WITNESS has to begin with file://"),
        ("CELERY_BROKER_URL", "redis", "PARVIS_BROKER_URL has to begin with redis://"),
        ("AUDIT_CHECKPOINTS", "¿?", "PARVIS_AUDIT_CHECKPOINTS has to be a whole path"),
        ("DELIVERY_LEASE", timedelta(), "PARVIS_DELIVERY_LEASE is 0"),
        ("DELIVERY_THREADS", 0, "PARVIS_DELIVERY_THREADS is 0"),
        ("VIDEO_BYTES", -1, "PARVIS_VIDEO_BYTES is -1"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", -1, "PARVIS_PROXY_COUNT is below 0"),
    ],
)
def test_what_would_do_harm_is_told(
    production: Any, monkeypatch: pytest.MonkeyPatch, setting: str, value: Any, said: str
):
    monkeypatch.setenv("PARVIS_PUBLIC_URL", "https://parvis.example")
    production.PUBLIC_URL = "https://parvis.example"
    assert told() == []
    setattr(production, setting, value)
    assert len(told()) == 1
    assert told()[0].startswith(said)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("ALLOWED_HOSTS", ["https://parvis.example"], "PARVIS_HOSTS holds 'https://parvis.example'"),
        ("ALLOWED_HOSTS", ["parvis.example", ""], "PARVIS_HOSTS holds ''"),
        ("ALLOWED_HOSTS", ["parvis.example:443"], "PARVIS_HOSTS holds 'parvis.example:443'"),
        ("ALLOWED_HOSTS", ["."], "PARVIS_HOSTS holds '.'"),
        ("EGRESS_ALLOW", frozenset({"¿?"}), "PARVIS_EGRESS_ALLOW holds '¿?'"),
        ("EGRESS_ALLOW", frozenset({"store.example"}), "PARVIS_EGRESS_ALLOW holds 'store.example'"),
        ("EGRESS_ALLOW", frozenset({"Store.example:443"}), "PARVIS_EGRESS_ALLOW holds 'Store.example:443'"),
        ("EGRESS_ALLOW", frozenset({"store.example:99999"}), "PARVIS_EGRESS_ALLOW holds 'store.example:99999'"),
        ("EGRESS_ALLOW", frozenset({"https://store.example:443"}), "PARVIS_EGRESS_ALLOW holds 'https://"),
        ("AUDIT_MAIL", ["auditor@court.example", "nobody"], "PARVIS_AUDIT_MAIL holds 'nobody'"),
        ("AUDIT_PUBLIC_KEYS", ["¿?"], "PARVIS_AUDIT_PUBLIC_KEYS holds '¿?'"),
        ("AUDIT_PUBLIC_KEYS", ["AAAA"], "PARVIS_AUDIT_PUBLIC_KEYS holds 'AAAA'"),
        ("AUDIT_PUBLIC_KEYS", ["/nowhere/key.pem"], "PARVIS_AUDIT_PUBLIC_KEYS holds '/nowhere/key.pem'"),
        ("AUDIT_PUT", "http://store.example/", "PARVIS_AUDIT_PUT has to be a whole address"),
        ("AUDIT_PUT_AUTHORIZATION", "Bearer ¿?", "PARVIS_AUDIT_PUT_AUTHORIZATION holds a sign"),
        ("WITNESS_TOKEN", "one\ntwo", "PARVIS_WITNESS_TOKEN holds a sign"),
        ("NETWORK_SERVERS", {"x": "¿?"}, "PARVIS_SERVER_X has to be a whole address"),
        ("FILE_UPLOAD_TEMP_DIR", "/proc/none", "PARVIS_UPLOADS is /proc/none"),
        ("FFMPEG", "/nowhere/ffmpeg", "PARVIS_FFMPEG is /nowhere/ffmpeg"),
        ("WITNESS", "file://", "PARVIS_WITNESS says how, and not where"),
        ("CELERY_BROKER_URL", "redis://", "PARVIS_BROKER_URL says how, and not where"),
        ("CSRF_TRUSTED_ORIGINS", ["https://"], "PARVIS_ORIGINS holds https://"),
        *(
            (setting, address if setting != "CSRF_TRUSTED_ORIGINS" else [address], said)
            for address in ("https://[x", "https://h.example:99999", "https://h.example:x")
            for setting, said in (
                ("WITNESS", "PARVIS_WITNESS is no address that can be read"),
                ("CELERY_BROKER_URL", "PARVIS_BROKER_URL is no address that can be read"),
                ("CSRF_TRUSTED_ORIGINS", f"PARVIS_ORIGINS holds {address}"),
                ("AUDIT_PUT", "PARVIS_AUDIT_PUT has to be a whole address"),
            )
        ),
    ],
)
def test_what_nobody_can_have_meant_is_told(production: Any, setting: str, value: Any, said: str):
    setattr(production, setting, value)
    assert [sentence[: len(said)] for sentence in told()] == [said]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PARVIS_APP_X", "one", "PARVIS_APP_X is nothing that Parvis reads"),
        ("PARVIS_APP_TWITTER_ID", "one", "PARVIS_APP_TWITTER_ID is nothing that Parvis reads"),
        ("PARVIS_APP_X_TOKEN", "one two", "PARVIS_APP_X_TOKEN is nothing that a network gave"),
        ("PARVIS_APP_X_TOKEN", "¿?", "PARVIS_APP_X_TOKEN is nothing that a network gave"),
        ("PARVIS_APP_LINKEDIN_NUMBER", "one", "PARVIS_APP_LINKEDIN_NUMBER has to be a number"),
        ("PARVIS_APP_X_ID", "one", "PARVIS_APP_X_ID and PARVIS_APP_X_SECRET belong together"),
        ("PARVIS_SSL_REDIRECT", "¿?", "PARVIS_SSL_REDIRECT is '¿?'"),
        ("PARVIS_SECOND_FACTOR", "maybe", "PARVIS_SECOND_FACTOR is off, required or not set"),
    ],
)
def test_what_nobody_can_have_written_is_told(
    production: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
):
    monkeypatch.setenv(name, value)
    assert [sentence[: len(said)] for sentence in told()] == [said]


@pytest.mark.longer
@pytest.mark.parametrize(
    "name", thorough_after(1, ["PARVIS_MAIL_URL", "PARVIS_PROXY_COUNT", "PARVIS_LANGUAGE", "PARVIS_LOG_LEVEL"])
)
def test_what_cannot_be_read_at_all_stops_the_start_with_a_sentence(name: str):
    said = checked(**{**WHOLE, name: "¿?"}).stderr.splitlines()[-1]
    assert said.startswith(f"django.core.exceptions.ImproperlyConfigured: {name} has to be ")


@pytest.mark.parametrize("written", ["9" * 21, "-" + "9" * 21, "9" * 5000])
def test_a_number_that_no_clock_holds_stops_the_start(monkeypatch: pytest.MonkeyPatch, written: str):
    monkeypatch.setenv("PARVIS_DELIVERY_LEASE", written)
    with pytest.raises(ImproperlyConfigured, match="PARVIS_DELIVERY_LEASE has to be "):
        number("PARVIS_DELIVERY_LEASE", 120)


@pytest.mark.parametrize("sign", ["", "-"])
def test_the_largest_number_that_is_held_is_one(monkeypatch: pytest.MonkeyPatch, sign: str):
    monkeypatch.setenv("PARVIS_DELIVERY_LEASE", f"{sign}{MOST}")
    assert number("PARVIS_DELIVERY_LEASE", 120) == int(f"{sign}{MOST}")
    monkeypatch.setenv("PARVIS_DELIVERY_LEASE", f"{sign}{MOST + 1}")
    with pytest.raises(ImproperlyConfigured, match=f"PARVIS_DELIVERY_LEASE has to be at most {MOST}"):
        number("PARVIS_DELIVERY_LEASE", 120)


@pytest.mark.parametrize("name", ["DATABASE_URL", "PARVIS_MIGRATION_DATABASE_URL"])
def test_what_names_no_database_of_ours_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str):
    for address in ("¿?", "mysql://one@db/parvis", "postgres://one@db/"):
        monkeypatch.setenv(name, address)
        with pytest.raises(ImproperlyConfigured, match=f"{name} names no database of PostgreSQL"):
            database(name)
    monkeypatch.setenv(name, "postgres://one@db/parvis")
    assert (database(name)["NAME"], database(name)["USER"]) == ("parvis", "one")


def test_a_sender_without_an_address_and_a_database_without_a_role_are_told(
    production: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PARVIS_MAIL_FROM", "Parvis")
    production.DEFAULT_FROM_EMAIL = "Parvis"
    monkeypatch.setenv("PARVIS_MIGRATION_DATABASE_URL", "postgres://parvis@db/parvis")
    assert [sentence.partition(" ")[0] for sentence in told()] == [
        "DATABASE_URL",  # names no role
        "PARVIS_MAIL_FROM",
    ]


def test_what_is_meant_is_not_told(production: Any, monkeypatch: pytest.MonkeyPatch):
    production.ALLOWED_HOSTS = [".parvis.example", "127.0.0.1", "[::1]", "web"]
    production.EGRESS_ALLOW = frozenset({"10.0.0.7:9000", "store:80"})
    production.AUDIT_PUT, production.AUDIT_MAIL = "http://store:80/bucket/", ["auditor@court.example"]
    production.AUDIT_PUBLIC_KEYS = ["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="]
    production.DEFAULT_FROM_EMAIL, production.APPLICATION_ROLE = "Parvis <parvis@parvis.example>", "parvis_app"
    for name, value in {
        "DATABASE_URL": "postgres://parvis_app:one@db/parvis",
        "PARVIS_MIGRATION_DATABASE_URL": "postgres://parvis:two@db/parvis",
        "PARVIS_MAIL_FROM": "Parvis <parvis@parvis.example>",
        "PARVIS_APP_X_ID": "one",
        "PARVIS_APP_X_SECRET": "two",
        "PARVIS_APP_LINKEDIN_NUMBER": "12",
        "PARVIS_SSL_REDIRECT": "false",
        "PARVIS_BEHIND_PROXY": "yes",
    }.items():
        monkeypatch.setenv(name, value)
    assert told() == []


def test_outside_production_nothing_is_told(production: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PARVIS_HOSTS")
    production.PRODUCTION = False
    assert told() == []


@pytest.mark.longer
def test_production_is_what_is_meant_when_nothing_is_said():
    done = checked(**{name: value for name, value in WHOLE.items() if name not in ("PARVIS_MODE", "PARVIS_SECRET_KEY")})
    assert "PARVIS_SECRET_KEY is not set" in done.stderr


@pytest.mark.longer
def test_a_mode_that_does_not_exist_is_refused():
    assert "PARVIS_MODE is" in checked(**{**WHOLE, "PARVIS_MODE": "staging"}).stderr


def test_a_worker_serves_every_queue_unless_it_is_told_which() -> None:
    app.loader.import_default_modules()
    theirs = {"sealing", "sending", "films", "looking", "reading", "connecting", "parsing", "fetching", "telling"}
    queues = {"celery", *theirs}
    assert set(app.amqp.queues.consume_from) == queues
    routed = {
        name: app.amqp.router.route({}, name)["queue"].name for name in app.tasks if not name.startswith("celery.")
    }
    parsing = {"publishing.tasks.read_uploads", "accounts_registry.tasks.read_lists"}
    assert {name for name, queue in routed.items() if queue == "parsing"} == parsing
    slow = {"monitoring.tasks.fetch_pictures", "publishing.tasks.read_cards"}
    assert {name for name, queue in routed.items() if queue == "fetching"} == slow, "no upload waits for a server"
    assert {name for name, queue in routed.items() if queue == "sealing"} == {"organisation.tasks.seal_trail"}
    assert set(routed.values()) == queues
    assert (app.conf.worker_pool, app.conf.worker_concurrency) == ("threads", sum(app_settings.QUEUE_THREADS.values()))
    clockwork = {one["task"] for one in app.conf.beat_schedule.values()}
    assert clockwork == set(routed), "what has a queue is woken by the clockwork"


def test_a_wake_up_finds_its_own_queues_threads_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many run at once as the queue has threads; what comes besides goes home, and leaves the others theirs."""
    app.loader.import_default_modules()
    send, seal = (app.tasks[name] for name in ("delivery.tasks.send_due", "organisation.tasks.seal_trail"))
    going_on, awake = threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        awake.release()
        going_on.wait(20)

    sealed: list[str] = []
    monkeypatch.setattr(send, "run", hang)
    monkeypatch.setattr(seal, "run", lambda: sealed.append("sealed"))
    most = app_settings.QUEUE_THREADS["sending"]
    with ThreadPoolExecutor(most) as pool:
        hanging = [pool.submit(send) for _each in range(most)]
        try:
            assert all(awake.acquire(timeout=20) for _each in range(most))
            send()  # comes back at once
            seal()
            assert sealed == ["sealed"]
        finally:
            going_on.set()
        assert [one.result(20) for one in hanging] == [None] * most
    awake = threading.Semaphore(0)
    send()
    assert awake.acquire(blocking=False), "a thread that is done is free again"


def test_a_stolen_table_of_passwords_is_dear_to_guess_from() -> None:
    """At least what OWASP asks of Argon2id: 19 MiB and two passes."""
    assert hashers.get_hasher().algorithm == "argon2"
    assert passwords.IN_EARNEST["time_cost"] >= 2
    assert passwords.IN_EARNEST["memory_cost"] >= 19 * 1024
