"""A database of the last released version migrates with all its rows, and what they lacked is found out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps as todays
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts_registry.models import Account, Credential, JustificationDossier, Vote
from crisis.models import Crisis
from delivery.actions.witnessing import agrees
from delivery.enums import HoldCause
from delivery.models import Delivery, Hold
from monitoring.models import Conversation
from organisation import factor_secrets
from organisation.actions import seal_all
from organisation.actions.sealing import verifying_keys
from organisation.models import AuditCheckpoint, AuditEvent, Grant, Person, Unit
from organisation.queries.sealed import all_events
from organisation.verifier import canonical, verify
from publishing.models import Approval, Post

pytestmark = pytest.mark.slow

RELEASED = {
    "organisation": "0002_audit_is_append_only",
    "accounts_registry": "0006_listening",
    "delivery": "0005_incomplete",
    "publishing": "0002_films_captions_and_titles",
    "monitoring": "0003_sources",
    "crisis": "0001_initial",
}
# What they were called then, and are today.
RENAMED = {"accounts_registry.farewell": "accounts_registry.pendingrevocation"}
THEN = datetime(2026, 11, 20, 9, tzinfo=UTC)
LATER = THEN + timedelta(days=30)
SEED, SPARE = "JBSWY3DPEHPK3PXP", "5e0f5e0f5e0f5e0f"


class Filled:
    """Rows of the last version, made with its own models."""

    def __init__(self, apps: Any) -> None:
        self.apps = apps
        self.head = "0" * 64
        self.events = 0
        self.organisation()
        self.registry()
        self.posts()
        self.conversations()
        self.freezes()
        self.trail()

    def new(self, label: str, **facts: Any) -> Any:
        return self.apps.get_model(label).objects.create(**facts)

    def organisation(self) -> None:
        facts = {"kind": "city", "governance_model": "centralised", "languages": ["fr", "nl"]}
        self.root = self.new(
            "organisation.Unit", path="0001", depth=1, numchild=1, slug="root", names={"fr": "Ville"}, **facts
        )
        nonsense = {"working_calendar": "nonsense", "time_zone": "Europe/Atlantis"}
        self.cell = self.new(
            "organisation.Unit", path="00010001", depth=2, slug="cell", names={"fr": "Cellule"}, **facts | nonsense
        )
        self.administrator = self.person("admin", self.root, "administrator", self.root)
        self.chair = self.person("chair", self.root, "committee_chair", self.root)
        self.members = [self.person(f"member{n}", self.root, "committee_member", self.root) for n in range(3)]
        self.writer = self.person("writer", self.cell, "account_manager", self.cell)
        self.editor = self.person("editor", self.cell, "communication_cell", self.cell)
        self.spokesperson = self.person("spokesperson", self.root, "spokesperson", self.root)
        self.stranger = self.person("stranger", self.root, "king", self.root)
        self.factor(self.administrator, "totp", {"secret": SEED})
        self.factor(self.administrator, "recovery_codes", {"seed": SPARE, "used_mask": 1})
        self.factor(self.chair, "recovery_codes", {"migrated_codes": ["spare-1", "spare-2"]})
        self.factor(self.chair, "webauthn", {"credential": {"seed": "public"}})

    def factor(self, person: Any, kind: str, data: dict[str, Any]) -> None:
        self.new("mfa.Authenticator", user_id=person.pk, type=kind, data=data)

    def person(self, name: str, unit: Any, role: str, of: Any) -> Any:
        made = self.new("organisation.Person", email=f"{name}@ville.example", name=name, unit=unit, password="!")
        self.new("organisation.Grant", person=made, role=role, unit=of, given_at=THEN - timedelta(days=100))
        return made

    def dossier(self, state: str, handle: str) -> Any:
        return self.new(
            "accounts_registry.JustificationDossier",
            unit=self.cell,
            requested_by=self.writer,
            platform="mastodon",
            server="https://social.example",
            account_kind="profile",
            proposed_handle=handle,
            languages=["fr"],
            objective="Informer",
            audiences=["citizens"],
            why_not_existing="Aucun",
            owner=self.writer,
            backup_holder=self.editor,
            review_on=LATER.date(),
            state=state,
            round=1,
        )

    def registry(self) -> None:
        self.open, decided = self.dossier("in_review", "ouvert"), self.dossier("approved", "ville")
        for member, choice in zip(self.members, ["for", "for", "against"], strict=True):
            self.new("accounts_registry.Vote", dossier=decided, round=1, member=member, choice=choice, reason="Vu")
        self.new(
            "accounts_registry.Vote", dossier=self.open, round=1, member=self.members[0], choice="for", reason="Oui"
        )
        self.new(
            "accounts_registry.Decision",
            dossier=decided,
            outcome="approve",
            reasons="Bien",
            decided_by=self.chair,
            votes_for=2,
            votes_against=1,
            abstentions=0,
            quorum=2,
            voting_members=4,
        )
        self.decided = decided
        self.account = self.new(
            "accounts_registry.Account",
            network="mastodon",
            base_url="https://social.example",
            handle="ville",
            remote_id="1",
            kind="profile",
            purpose="Informer",
            audiences=["citizens"],
            languages=["fr"],
            state="active",
            review_on=LATER.date(),
            connection_state="connected",
            connected_at=THEN,
            unit=self.root,
            owner=self.writer,
            backup_holder=self.editor,
            dossier=decided,
        )
        box = {"ciphertext": b"sealed", "nonce": b"once", "wrapped_key": b"wrapped", "key_id": "old"}
        self.new("accounts_registry.Credential", account=self.account, name="access_token", **box)
        asked = {"network": "mastodon", "base_url": "https://social.example", "asked_at": THEN}
        self.new("accounts_registry.Server", **asked)

    def delivery(self, kind: str, origin: Any, state: str, content: dict[str, Any]) -> Any:
        return self.new(
            "delivery.Delivery",
            origin_kind=kind,
            origin_id=origin.pk,
            content=content,
            content_hash="a" * 64,
            state=state,
            due_at=LATER,
            account=self.account,
            unit=self.root,
            scheduled_by=self.writer,
        )

    def posts(self) -> None:
        time = {"wall_time": LATER.replace(tzinfo=None), "zone": "Europe/Brussels", "due_at": LATER}
        facts = {"title": "Travaux", "language": "fr", "unit": self.cell, "author": self.writer}
        self.post = self.new("publishing.Post", core_text="Rue fermée", state="scheduled", **facts, **time)
        self.new("publishing.Submission", post=self.post, by=self.writer, content={}, content_hash="a" * 64)
        self.new("publishing.Approval", post=self.post, by=self.spokesperson, content_hash="a" * 64)
        variant = self.new("publishing.Variant", post=self.post, account=self.account, language="fr", text="Rue fermée")
        picture = {"file": "x.png", "mime": "image/png", "width": 1, "height": 1, "size": 1, "decorative": True}
        self.new("publishing.Media", post=self.post, uploaded_by=self.editor, **picture)
        self.planned = self.delivery("post_variant", variant, "due", {"text": "Rue fermée"})
        self.new("delivery.Attempt", delivery=self.planned, epoch=1, outcome="later")

    def conversations(self) -> None:
        conversation = self.new(
            "monitoring.Conversation",
            root_id="9",
            author_id="citizen",
            category="nonsense",
            account=self.account,
            unit=self.cell,
            clock_started_at=THEN,
            last_mention_at=THEN,
        )
        facts = {"account": self.account, "conversation": conversation, "kind": "mention", "text": "Pourquoi ?"}
        mention = self.new("monitoring.Mention", remote_id="9", sent_at=THEN, purge_after=LATER.date(), **facts)
        told = {"author": self.writer, "language": "fr", "content_hash": "a" * 64, "asked_at": THEN}
        answers = [
            self.new("monitoring.Answer", conversation=conversation, mention=one, text="Voici", **told)
            for one in (mention, None)
        ]
        self.expired = self.delivery("answer", answers[0], "expired", {"reply_to": {"id": "9"}})
        # It lost what it answers when that was erased: it waits to be voided.
        self.orphan = self.delivery("answer", answers[1], "due", {"reply_to": None})

    def freezes(self) -> None:
        holds = self.apps.get_model("delivery.Hold").objects
        holds.update(lifted_at=THEN, lifted_by=self.administrator, lift_reason="Go")
        placed = {"unit": self.cell, "placed_at": THEN, "reason": "Grève"}
        self.above = self.new("delivery.Hold", scope="unit", placed_by=self.spokesperson, **placed)
        self.unknown = self.new("delivery.Hold", scope="unit", placed_by=self.writer, **placed)
        playbook = self.new("crisis.Playbook", title="Crue", summary="La Senne", unit=self.root)
        told = {"title": "Crue", "reason": "Pluie", "level": "local", "severity": 3, "playbook_edition": 1}
        self.crisis = self.new(
            "crisis.Crisis", unit=self.cell, playbook=playbook, declared_by=self.spokesperson, declared_at=THEN, **told
        )

    def trail(self) -> None:
        for number in range(12):
            self.event("post.described", "publishing.post", self.post.pk, number)
        self.event("dossier.changed", "accounts_registry.justificationdossier", self.open.pk, 0)

    def event(self, verb: str, noun: str, pk: int, number: int) -> None:
        self.events += 1
        when = THEN + timedelta(minutes=self.events)
        by = self.editor
        told = [self.events, when.isoformat(timespec="microseconds"), by.pk, by.name, verb, noun, str(pk), self.cell.pk]
        before, self.head = (
            self.head,
            hashlib.sha256(canonical([self.head, *told, {"n": number}])).hexdigest(),
        )
        self.new(
            "organisation.AuditEvent",
            sequence=self.events,
            occurred_at=when,
            actor_id=by.pk,
            actor_name=by.name,
            verb=verb,
            noun=noun,
            object_id=str(pk),
            unit_id=self.cell.pk,
            details={"n": number},
            previous_hash=before,
            hash=self.head,
        )


def counted(apps: Any) -> dict[str, int]:
    found = {}
    for model in apps.get_models(include_auto_created=False):
        if model._meta.app_label in RELEASED:
            found[model._meta.label_lower] = model._base_manager.count()
    return found


@pytest.fixture
def scratch(django_db_blocker: Any) -> Iterator[None]:
    """The default connection leads to an empty database of its own, which is gone afterwards."""
    with django_db_blocker.unblock():
        own = connection.settings_dict["NAME"]
        empty = f"{own}_upgrade"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {empty}")
            cursor.execute(f"CREATE DATABASE {empty}")
        connection.close()
        connection.settings_dict["NAME"] = empty
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = own
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {empty} WITH (FORCE)")


@pytest.fixture
def before(scratch: None) -> Filled:
    executor = MigrationExecutor(connection)
    others = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in RELEASED]
    return Filled(executor.migrate([*RELEASED.items(), *others]).apps)


def test_the_last_version_migrates_with_all_its_rows(before: Filled) -> None:
    rows = counted(before.apps)
    assert min(rows[noun] for noun in ("monitoring.mention", "crisis.crisis", "publishing.approval")) > 0
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    now = counted(todays)
    rows = {RENAMED.get(noun, noun): count for noun, count in rows.items()}
    assert {noun: now[noun] for noun in rows} == rows | {"organisation.auditevent": before.events + 1}
    people_and_places(before)
    dossiers_and_posts(before)
    freezes_and_deliveries(before)
    the_trail(before)
    nothing_goes_out_before_a_person_says_go()


def people_and_places(before: Filled) -> None:
    cell = Unit.objects.get(pk=before.cell.pk)
    assert (cell.working_calendar, cell.time_zone) == ("be-federal", "Europe/Brussels")
    assert not Grant.objects.exclude(confirmed_at=THEN - timedelta(days=100)).exists()
    assert Grant.objects.in_force().count() == Person.objects.count() - 1
    assert Grant.objects.get(person=before.stranger.pk).revoked_at  # there is no such role
    factors(before)


def factors(before: Filled) -> None:
    """Each is sealed for its person, opens what it opened before, and lies nowhere in the clear."""
    held = {(one.user_id, one.type): one for one in Authenticator.objects.all()}
    app, codes = held[before.administrator.pk, "totp"], held[before.administrator.pk, "recovery_codes"]
    assert factor_secrets.reveal(app.data["secret"], app.user_id) == SEED
    assert (codes.data["used_mask"], factor_secrets.reveal(codes.data["seed"], codes.user_id)) == (1, SPARE)
    migrated = held[before.chair.pk, "recovery_codes"].data["migrated_codes"]
    assert [factor_secrets.reveal(one, before.chair.pk) for one in migrated] == ["spare-1", "spare-2"]
    assert held[before.chair.pk, "webauthn"].data == {"credential": {"seed": "public"}}
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        lying = cursor.fetchone()[0]
    assert [secret for secret in (SEED, SPARE, "spare-1", "spare-2") if secret in lying] == []


def dossiers_and_posts(before: Filled) -> None:
    opened, decided = (JustificationDossier.objects.get(pk=one.pk) for one in (before.open, before.decided))
    committee = {before.chair.pk: True} | {member.pk: False for member in before.members}
    assert dict(opened.seats.values_list("member_id", "is_chair")) == committee
    assert (opened.quorum, decided.quorum, decided.seats.count()) == (2, 2, 3)
    assert set(opened.editors.all()) == {Person.objects.get(pk=before.editor.pk)}
    assert Vote.objects.filter(dossier=opened).count() == 1
    assert bytes(Credential.objects.get(account__handle="ville").ciphertext) == b"sealed"
    assert Account.objects.get().connection_state == "connected"
    assert Approval.objects.get().planned_for == LATER
    assert list(Post.objects.get().editors.values_list("pk", flat=True)) == [before.editor.pk]


def freezes_and_deliveries(before: Filled) -> None:
    above, unknown = (Hold.objects.get(pk=one.pk) for one in (before.above, before.unknown))
    assert (above.placed_from_id, above.by_crisis_cell) == (before.root.pk, True)
    assert (unknown.placed_from_id, unknown.by_crisis_cell) == (before.cell.pk, False)
    assert Crisis.objects.get().declared_from_id == before.root.pk
    for one in (before.planned, before.expired):
        assert Delivery.objects.get(pk=one.pk).message_unit_id == before.cell.pk
    assert Delivery.objects.get(pk=before.orphan.pk).state == "due"
    assert set(Delivery.objects.filter(is_reply=True)) == set(Delivery.objects.filter(origin_kind="answer"))
    assert Delivery.objects.get(pk=before.orphan.pk).is_reply

    assert Conversation.objects.get().category == ""


def the_trail(before: Filled) -> None:
    closed = AuditEvent.objects.get(verb="audit.chain_closed")
    assert closed.details == {"events": before.events, "head": before.head}
    assert closed.sequence == before.events + 1
    seal_all()
    found = verify(all_events(), [row.checkpoint for row in AuditCheckpoint.objects.all()], verifying_keys())
    assert found.problems == []
    assert AuditCheckpoint.objects.first().size == before.events + 1  # type: ignore[union-attr]


def nothing_goes_out_before_a_person_says_go() -> None:
    assert not Hold.objects.in_force().exclude(cause=HoldCause.PERSON).exists()
    assert not agrees()
    assert Hold.objects.in_force().exclude(cause=HoldCause.PERSON).get().cause == HoldCause.UNWITNESSED
