"""Rows of the last released version, made with its own models: what `test_upgrade` migrates."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from organisation.verifier import canonical

RELEASED = {
    "organisation": "0002_audit_is_append_only",
    "accounts_registry": "0006_listening",
    "delivery": "0005_incomplete",
    "publishing": "0002_films_captions_and_titles",
    "monitoring": "0003_sources",
    "crisis": "0001_initial",
}
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
        self.submitted(self.post, "a")
        self.approved(self.post, "a")
        self.reviewed(facts)
        variant = self.new("publishing.Variant", post=self.post, account=self.account, language="fr", text="Rue fermée")
        picture = {"file": "x.png", "mime": "image/png", "width": 1, "height": 1, "size": 1, "decorative": True}
        self.new("publishing.Media", post=self.post, uploaded_by=self.editor, **picture)
        self.planned = self.delivery("post_variant", variant, "due", {"text": "Rue fermée"})
        self.new("delivery.Attempt", delivery=self.planned, epoch=1, outcome="later")

    def submitted(self, post: Any, sign: str, remark: str = "") -> None:
        told = {"content": {"1:fr": {"text": sign}}, "content_hash": sign * 64, "remark": remark}
        self.new("publishing.Submission", post=post, by=self.writer, at=THEN, **told)

    def approved(self, post: Any, sign: str, **void: Any) -> None:
        at = THEN + timedelta(hours=1)
        self.new("publishing.Approval", post=post, by=self.spokesperson, content_hash=sign * 64, at=at, **void)

    def reviewed(self, facts: dict[str, Any]) -> None:
        """Posts that were before an approver, by what became of that."""
        states = {"waiting": "in_review", "sent_back": "in_review", "refused": "rejected", "edited": "draft"}
        self.told = {name: self.new("publishing.Post", **facts, state=state) for name, state in states.items()}
        self.told["alone"] = self.new("publishing.Post", **facts, state="approved")
        self.submitted(self.told["waiting"], "b")
        self.approved(self.told["waiting"], "b", void_at=LATER, void_reason="edited")
        self.submitted(self.told["sent_back"], "c", "Shorter")
        self.submitted(self.told["sent_back"], "c")
        self.submitted(self.told["refused"], "d", "Shorter")
        self.submitted(self.told["refused"], "e", "Untrue")
        self.submitted(self.told["edited"], "f")
        self.submitted(self.told["edited"], "0")
        self.approved(self.told["edited"], "0", void_at=LATER, void_reason="edited")
        self.approved(self.told["alone"], "9")  # of a submission that is not there any more

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
        for kind in ("conversation", "answer"):
            self.new("contenttypes.ContentType", app_label="monitoring", model=kind)
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
        self.conversation, self.mention, self.answers = conversation, mention, answers
        self.heard_twice(mention)
        self.read_twice()

    def heard_twice(self, mention: Any) -> None:
        """The same message named another account too, which saw its last words."""
        sister = self.sister()
        thread = {"unit": self.cell, "clock_started_at": THEN, "last_mention_at": THEN}
        other = self.new("monitoring.Conversation", root_id="9", author_id="citizen", account=sister, **thread)
        facts = {"remote_id": mention.remote_id, "kind": "mention", "sent_at": THEN, "purge_after": LATER.date()}
        self.also = self.new(
            "monitoring.Mention", account=sister, conversation=other, text="Pourquoi donc ?", edited_at=LATER, **facts
        )

    def sister(self) -> Any:
        facts = {field.attname: getattr(self.account, field.attname) for field in self.account._meta.concrete_fields}
        named = {"id": None, "handle": "soeur", "remote_id": "2", "dossier_id": self.dossier("approved", "soeur").pk}
        return self.new("accounts_registry.Account", **facts | named)

    def read_twice(self) -> None:
        lawful = {"purpose": "Voir", "legal_basis": "public_task", "law": "Loi", "dpia_reference": "1"}
        told = {"network": "feed", "url": "https://press.example/all.xml", "title": "Presse", "owner": self.writer}
        dated = {"created_by": self.writer, "expires_on": LATER.date()}
        for unit in (self.root, self.cell):
            source = self.new("monitoring.Source", unit=unit, **told, **lawful, **dated)
            said = {"remote_id": "urn:1", "title": "Grève", "published_at": THEN, "purge_after": LATER.date()}
            self.new("monitoring.Entry", source=source, **said)

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
        self.event("conversation.received", "monitoring.conversation", self.conversation.pk, 0)
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
