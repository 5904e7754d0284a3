"""A database of the last released version migrates with all its rows, and what they lacked is found out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps as todays
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts_registry.models import Account, Credential, JustificationDossier, Vote
from approvals.models import Decision, Request
from conversations.models import Answer, Conversation
from crisis.models import Crisis
from delivery.actions.witnessing import agrees
from delivery.enums import HoldCause
from delivery.models import Delivery, Hold
from monitoring.models import Entry, Item, Mention
from organisation import factor_secrets
from organisation.actions import seal_all
from organisation.actions.sealing import verifying_keys
from organisation.models import AuditCheckpoint, AuditEvent, Grant, Person, Unit
from organisation.queries import story
from organisation.queries.sealed import all_events
from organisation.verifier import verify
from publishing.models import Post
from tests.governance.last_version import LATER, RELEASED, SEED, SPARE, THEN, Filled

pytestmark = pytest.mark.slow

# Rooms that there were not, and what the rows of others became in them.
BUILT_SINCE = {"approvals", "conversations", "notices"}
MOVED = {
    "publishing.submission": "approvals.request",
    "publishing.approval": "approvals.decision",
    "accounts_registry.farewell": "accounts_registry.pendingrevocation",
    "monitoring.conversation": "conversations.conversation",
    "monitoring.answer": "conversations.answer",
}


def counted(apps: Any) -> dict[str, int]:
    found = {}
    for model in apps.get_models(include_auto_created=False):
        if model._meta.app_label in {*RELEASED, *BUILT_SINCE}:
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
    others = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in {*RELEASED, *BUILT_SINCE}]
    return Filled(executor.migrate([*RELEASED.items(), *others]).apps)


def test_the_last_version_migrates_with_all_its_rows(before: Filled) -> None:
    rows = counted(before.apps)
    assert min(rows[noun] for noun in ("monitoring.mention", "crisis.crisis", "publishing.approval")) > 0
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    now = counted(todays)
    grown = {"organisation.auditevent": before.events + 1, "publishing.submission": rows["publishing.submission"] + 1}
    assert {noun: now[MOVED.get(noun, noun)] for noun in rows} == rows | grown
    people_and_places(before)
    dossiers_and_posts(before)
    requests_and_decisions(before)
    freezes_and_deliveries(before)
    conversations(before)
    items(before)
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
    assert Account.objects.get(handle="ville").connection_state == "connected"
    post = Post.objects.get(pk=before.post.pk)
    assert list(post.editors.values_list("pk", flat=True)) == [before.editor.pk]


def requests_and_decisions(before: Filled) -> None:
    """Each submission is a request in the state that its post tells, each approval a decision about it."""

    def states(post: Any) -> list[tuple[str, str]]:
        found = Request.objects.filter(kind="post", subject_id=post.pk, unit=before.cell.pk).order_by("pk")
        assert {one.route_id for one in found} == {None}
        return [(one.content_hash[0], one.state) for one in found]

    assert states(before.post) == [("a", "cleared")]
    assert {name: states(post) for name, post in before.told.items()} == {
        "waiting": [("b", "open")],
        "sent_back": [("c", "changes_requested"), ("c", "open")],
        "refused": [("d", "changes_requested"), ("e", "rejected")],
        "edited": [("f", "void"), ("0", "void")],
        "alone": [("9", "cleared")],
    }
    given = Decision.objects.get(request__subject_id=before.post.pk)
    assert (given.outcome, given.by_id, given.step_id) == ("approved", before.spokesperson.pk, None)
    assert (given.at, given.planned_for, given.void_at) == (THEN + timedelta(hours=1), LATER, None)
    assert (given.request.by_id, given.request.at) == (before.writer.pk, THEN)
    assert given.request.content == {"1:fr": {"text": "a"}}
    void = Decision.objects.get(request__content_hash="0" * 64)
    assert (void.void_at, void.void_reason) == (LATER, "edited")
    assert Request.objects.get(content_hash="e" * 64).remark == "Untrue"


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


def conversations(before: Filled) -> None:
    """They moved to a room of their own with what was said, what was answered, and what the trail tells of them."""
    conversation = Conversation.objects.get(pk=before.conversation.pk)
    assert (conversation.category, conversation.root_id) == ("", "9")
    message = conversation.inbound.get()
    assert (message.mention_id, message.sent_at) == (before.mention.pk, THEN)
    answers = list(Answer.objects.order_by("pk").values_list("pk", "conversation_id", "mention_id"))
    mentions = [before.mention.pk, None]
    assert answers == [(one.pk, conversation.pk, of) for one, of in zip(before.answers, mentions, strict=True)]
    assert [event.verb for event in story(conversation)] == ["conversation.received"]
    kinds = ContentType.objects.filter(model__in=["conversation", "answer"])
    assert set(kinds.values_list("app_label", flat=True)) == {"conversations"}


def items(before: Filled) -> None:
    """What two of us heard or read stands once, as it was seen last."""
    one, also = Mention.objects.get(pk=before.mention.pk), Mention.objects.get(pk=before.also.pk)
    assert (one.item, one.item.text) == (also.item, "Pourquoi donc ?")
    assert (one.item.network, one.item.server, one.item.remote_id) == ("mastodon", "https://social.example", "9")
    assert {entry.item.title for entry in Entry.objects.all()} == {"Grève"}
    assert Item.objects.filter(network="feed", server="https://press.example/all.xml").count() == 1


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
