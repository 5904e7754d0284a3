"""A service with somebody in every role, one thing of every kind, and people who have no business with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core import signing
from django.db import connection
from django.utils import timezone

from accounts_registry.enums import DossierState
from accounts_registry.models import Account, DossierVersion, ImitationSearch, ListedAccount
from approvals.models import Route
from delivery.actions import place_hold
from delivery.enums import DeliveryState, HoldScope
from delivery.queries.addresses import SALT
from monitoring.models import Picture
from notices.actions.unsubscribing import token_for
from notices.kinds import registered
from notices.models import Letter, WebhookCall
from organisation.actions import add_closure
from organisation.models import AuditEvent, Closure, GroupRule, Person, PolicyVersion, ProviderIdentity, ReviewLine
from publishing.actions.attaching import kept_image
from publishing.models import Media, Post
from publishing.models.card import UNREAD
from tests.architecture.rows import ADMINISTRATOR, AUDITOR, CELL, CHAIR, EVERYONE
from tests.factories.accounts_registry import (
    AbuseCaseFactory,
    CommentFactory,
    ConditionFactory,
    ConnectedAccountFactory,
    ConsultationFactory,
    DossierFactory,
    NilReturnFactory,
    SightingFactory,
    ThirdPartyAppFactory,
)
from tests.factories.approvals import route_for
from tests.factories.audits import AuditFactory, FindingFactory, ImportFactory, tried
from tests.factories.committee import CommitteeSessionFactory, drafted, on_the_agenda, written_for
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.crisis import CrisisFactory, PlaybookFactory
from tests.factories.delivery import ANSWER, DeliveryFactory, thaw
from tests.factories.machines import key_for, machine_of
from tests.factories.monitoring import EntryFactory, SourceFactory, WatchFactory
from tests.factories.notices import NoticeFactory, WebhookTargetFactory
from tests.factories.organisation import (
    DelegationFactory,
    GrantFactory,
    PersonFactory,
    RecoveryFactory,
    ReviewFactory,
    ReviewLineFactory,
    UnitFactory,
    person_with,
)
from tests.factories.prices import give_budget
from tests.factories.publishing import approved, draft, new_image, new_video, picture, scheduled, submitted, upload_for
from tests.factories.security import SecurityExceptionFactory
from tests.factories.sessions import kept_session, session_of
from tests.factories.training import PolicyFactory, SessionFactory, TrainingFactory


def _outgoing(world: World) -> dict[str, str]:
    """The address of a picture on its way out."""
    content = draft(world.colleague(CELL), world.account(), new_images=[new_image()]).variants.get().frozen()[0]
    sending = {"state": DeliveryState.SENDING, "epoch": 1, "lease_until": timezone.now() + timedelta(hours=1)}
    delivery = DeliveryFactory.create(account=world.account(), content=content, **sending)
    return {"token": signing.dumps([delivery.pk, 1, 0], salt=SALT)}


def _group_rule(world: World) -> GroupRule:
    facts = {"group": "cell", "role": "newcomer", "unit": world.here}
    return GroupRule.objects.create(**facts, made_by=world.insiders[ADMINISTRATOR])


def _identity(world: World) -> ProviderIdentity:
    facts = {"issuer": "https://sso.example", "subject": "f3b1c2"}
    return ProviderIdentity.objects.create(person=world.colleague(), **facts)


def _event(world: World) -> AuditEvent:
    return AuditEvent.objects.filter(unit_id=_closure(world).unit_id).latest("sequence")


def _closure(world: World) -> Closure:
    return add_closure(unit=world.here, by=None, names={"fr": "Pont"}, first=date(2026, 5, 15), last=date(2026, 5, 15))


def _route(world: World) -> Route:
    """Of a kind that nothing is: nothing that is submitted meets it."""
    return route_for(world.here, {"place": "own"}, by=world.insiders[ADMINISTRATOR], kind="nothing")


def _line(world: World) -> ReviewLine:
    grant = GrantFactory.create(person=world.colleague(), role="newcomer", unit=world.here)
    return ReviewLineFactory.create(review__unit=UnitFactory.create(parent=world.root), grant=grant)


def _policy(world: World) -> PolicyVersion:
    """In force, with one before it."""
    unit = UnitFactory.create(parent=world.here)
    PolicyFactory.create(unit=unit, state="superseded")
    return PolicyFactory.create(unit=unit, state="published")


def _video(world: World) -> Media:
    return draft(world.colleague(CELL), world.account(), new_images=[new_video()]).media.get()


def _card(world: World) -> dict[str, object]:
    """The picture of a link's card."""
    post = draft(world.colleague(CELL), world.account())
    shown = {"path": kept_image("a.jpg", picture("JPEG")), "mime": "image/jpeg", "width": 40, "height": 30}
    card = {**UNREAD, "title": "T", "picture": shown, "waits": False}
    Post.objects.filter(pk=post.pk).update(cards={"https://fin.example/": card})
    return {"pk": post.pk, "name": "a.jpg"}


def _upload(world: World) -> dict[str, int]:
    upload = upload_for(draft(world.colleague(CELL), world.account()), state="refused")
    return {"pk": upload.post_id, "upload": upload.pk}


def _imitation_search(world: World) -> ImitationSearch:
    account = world.account()
    return ImitationSearch.objects.create(account=account, begun_by=account.owner)


class World:
    """Things stand in `here`, below `root`.

    `insiders` hold their role at the root; `outsiders` the same in the unit `elsewhere`, beside the things; `readers`
    hold it elsewhere too, and see everything at the root besides.
    """

    def __init__(self) -> None:
        with connection.cursor() as cursor:  # the world outlives many tests
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        thaw()
        self.root = UnitFactory.create()
        self.here = UnitFactory.create(parent=self.root)
        self.elsewhere = UnitFactory.create(parent=self.root)
        office = UnitFactory.create(parent=self.root)
        self.insiders = {role: person_with(role, self.root, works_in=office) for role in sorted(EVERYONE)}
        self.outsiders = {role: person_with(role, self.elsewhere) for role in sorted(EVERYONE)}
        self.readers = {role: self._reader(role) for role in sorted(EVERYONE)}
        self.suspended = PersonFactory.create(unit=office, is_active=False)
        for role in EVERYONE:
            GrantFactory.create(person=self.suspended, role=role, unit=self.root)
        self._addresses = {thing: make(self) for thing, make in THINGS.items()}
        people = [*self.insiders.values(), *self.outsiders.values(), *self.readers.values(), self.suspended]
        self._sessions = {person.pk: session_of(person) for person in people}

    def _reader(self, role: str) -> Person:
        person = person_with(role, self.elsewhere)
        GrantFactory.create(person=person, role=AUDITOR, unit=self.root)
        return person

    def address_of(self, thing: str) -> dict[str, Any]:
        """What fills the address of `thing`."""
        return self._addresses[thing] if thing else {}

    def session_of(self, person: Person) -> str:
        """The key of the session of `person`, who has just signed in."""
        return self._sessions[person.pk]

    def colleague(self, role: str = "") -> Person:
        return person_with(role, self.here) if role else PersonFactory.create(unit=self.here)

    def account(self) -> Account:
        return ConnectedAccountFactory.create(unit=self.here)


def _pk(make: Callable[[World], Any]) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": make(world).pk}


def _dossier(world: World, **facts: Any) -> Any:
    return DossierFactory.create(unit=world.here, **facts)


def _submitted_twice(world: World) -> Any:
    dossier = _dossier(world, state=DossierState.SUBMITTED, round=2)
    for submission in (1, 2):
        DossierVersion.objects.create(
            dossier=dossier, round=submission, answers={"objective": str(submission)}, submitted_by=dossier.owner
        )
    return dossier


def _post_of(step: Callable[..., Any]) -> Callable[[World], Any]:
    """A post as `step` leaves it; what needs an approval has an approver who is not its author."""
    people = 1 if step in (draft, submitted) else 2
    return lambda world: step(*(world.colleague(CELL) for _ in range(people)), world.account())


def _conversation(world: World, **facts: Any) -> Any:
    return MentionFactory.create(conversation=ConversationFactory.create(account=world.account(), **facts)).conversation


def _picture(world: World) -> dict[str, Any]:
    """One at a citizen's message, which a worker has fetched."""
    part = {"kind": "picture", "url": "https://files.example/1.png", "alt": ""}
    conversation = ConversationFactory.create(account=world.account())
    mention = MentionFactory.create(conversation=conversation, attachments=[part])
    shown = {"url": part["url"], "content": b"picture", "width": 4, "height": 3}
    Picture.objects.create(item=mention.item, place=0, **shown)
    return {"pk": mention.pk, "place": 0}


def _answer(world: World) -> Any:
    answer = AnswerFactory.create(conversation=_conversation(world))
    DeliveryFactory.create(account=answer.conversation.account, origin_kind=ANSWER, origin_id=answer.pk)
    return answer


def _listed(world: World) -> ListedAccount:
    audit = AuditFactory.create(unit=world.here)
    told = {"series": "List", "network": "x", "handle": "spffin", "keys": ["x//spffin"]}
    return ListedAccount.objects.create(audit=audit, told_by=ImportFactory.create(audit=audit), **told)


def _webhook_call(world: World) -> WebhookCall:
    target = WebhookTargetFactory.create(unit=world.here)
    return WebhookCall.objects.create(target=target, told={"event": "test"})


def _hold(world: World) -> Any:
    return place_hold(scope=HoldScope.UNIT, unit=world.here, reason="Exercise", by=world.insiders["crisis_cell"])


def _session(world: World, **facts: Any) -> Any:
    """Of the committee, with a dossier on its agenda."""
    session = CommitteeSessionFactory.create(unit=world.root, planned_by=world.insiders[CHAIR], **facts)
    on_the_agenda(session, _dossier(world, state=DossierState.IN_REVIEW, round=1))
    return session


def _held(world: World) -> Any:
    session = _session(world, state="closed")
    drafted(session)
    return session


THINGS: dict[str, Callable[[World], dict[str, Any]]] = {
    "month": lambda world: {"year": 2026, "month": 11},
    "day": lambda world: {"year": 2026, "month": 11, "day": 12},
    "second_step": lambda world: {},
    "link": lambda world: {},
    "security_key": lambda world: {"pk": 1},
    "webhook": lambda world: {"network": "mastodon"},
    "reset_key": lambda world: {"uidb36": "1", "key": "abc-0123456789abcdef"},
    "unit": lambda world: {"pk": world.here.pk},
    "closure": _pk(_closure),
    "event": _pk(_event),
    "person": _pk(World.colleague),
    "review": _pk(lambda world: ReviewFactory.create(unit=world.here)),
    "line": _pk(_line),
    "policy_draft": _pk(lambda world: PolicyFactory.create(unit=world.here)),
    "policy_asked": _pk(
        lambda world: PolicyFactory.create(unit=UnitFactory.create(parent=world.here), state="in_consultation")
    ),
    "policy": _pk(_policy),
    "training": _pk(lambda world: TrainingFactory.create(unit=world.here)),
    "training_in_sessions": _pk(lambda world: TrainingFactory.create(unit=world.here, kind="session")),
    "training_session": _pk(lambda world: SessionFactory.create(module__unit=world.here)),
    "group_rule": _pk(_group_rule),
    "consultation": _pk(
        lambda world: ConsultationFactory.create(
            unit=world.here, dossier__unit=UnitFactory.create(parent=world.root), asked_by=world.colleague()
        )
    ),
    "identity": _pk(_identity),
    "delegation": _pk(lambda world: DelegationFactory.create(grant=world.colleague(CELL).grants.get())),
    "session": _pk(lambda world: kept_session(world.colleague())),
    "proposal": _pk(
        lambda world: GrantFactory.create(
            person=world.colleague(), unit=world.here, given_by=world.colleague("administrator"), confirmed_at=None
        )
    ),
    "recovery": _pk(
        lambda world: RecoveryFactory.create(person=world.colleague(), proposed_by=world.colleague("administrator"))
    ),
    "machine": _pk(lambda world: machine_of(world.colleague())),
    "key": _pk(lambda world: key_for(machine_of(world.colleague()))[0]),
    "newcomer": _pk(lambda world: PersonFactory.create(unit=world.here, invited_by=world.colleague("administrator"))),
    "grant": _pk(lambda world: GrantFactory.create(person=world.colleague(), role="newcomer", unit=world.here)),
    "account": _pk(World.account),
    "account_request": lambda world: {"pk": world.account().pk, "kind": "close"},
    "third_party_app": _pk(lambda world: ThirdPartyAppFactory.create(account=world.account())),
    "imitation_search": _pk(_imitation_search),
    "security_item": lambda world: {"pk": world.account().pk, "item": "vault"},
    "security_exception": _pk(lambda world: SecurityExceptionFactory.create(account=world.account())),
    "account_audit": _pk(lambda world: AuditFactory.create(unit=world.here)),
    "finding": _pk(lambda world: FindingFactory.create(audit__unit=world.here)),
    "listed_account": _pk(_listed),
    "list_line": _pk(lambda world: tried(AuditFactory.create(unit=world.here)).lines.first()),
    "account_with_budget": _pk(lambda world: give_budget(world.account(), 5).account),
    "list_import": _pk(lambda world: tried(AuditFactory.create(unit=world.here))),
    "dossier_step": lambda world: {"pk": _dossier(world, state=DossierState.SUBMITTED).pk, "step": "reasons"},
    "dossier_submitted": _pk(partial(_dossier, state=DossierState.SUBMITTED, round=1)),
    "dossier_condition": _pk(
        lambda world: ConditionFactory.create(
            dossier=_dossier(world, state=DossierState.APPROVED_WITH_CONDITIONS, round=1)
        )
    ),
    "dossier_submitted_twice": lambda world: {"pk": _submitted_twice(world).pk, "submission": 2},
    "dossier_in_review": _pk(partial(_dossier, state=DossierState.IN_REVIEW, round=1)),
    "dossier_comment": _pk(lambda world: CommentFactory.create(dossier=_dossier(world, state="submitted", round=1))),
    "dossier_in_writing": _pk(lambda world: written_for(_dossier(world, state=DossierState.IN_REVIEW, round=1))),
    "committee_session": _pk(_session),
    "session_held": _pk(_held),
    "agenda_point": _pk(lambda world: _session(world, state="open").items.get()),
    "sighting": _pk(lambda world: SightingFactory.create(unit=world.here)),
    "sighting_explained": _pk(lambda world: SightingFactory.create(unit=world.here, state="explained")),
    "abuse_case": _pk(lambda world: AbuseCaseFactory.create(sighting__unit=world.here)),
    "nil_return": _pk(lambda world: NilReturnFactory.create(unit=world.here)),
    "outgoing": _outgoing,
    "public": lambda world: {"language": "en"},
    "public_account": lambda world: {"language": "en", "pk": world.account().pk},
    "delivery": _pk(lambda world: DeliveryFactory.create(account=world.account())),
    "delivery_incomplete": _pk(lambda world: DeliveryFactory.create(account=world.account(), incomplete=True)),
    "hold": _pk(_hold),
    "notice": _pk(lambda world: NoticeFactory.create(unit=world.here)),
    "failed_letter": _pk(lambda world: Letter.objects.create(person=PersonFactory.create(unit=world.here), failures=1)),
    "off": lambda world: {"token": token_for(world.insiders[CELL], registered())},
    "webhook_target": _pk(lambda world: WebhookTargetFactory.create(unit=world.here)),
    "post": _pk(_post_of(draft)),
    "post_in_review": _pk(_post_of(submitted)),
    "route": _pk(_route),
    "post_approved": _pk(_post_of(approved)),
    "post_scheduled": _pk(_post_of(scheduled)),
    "image": _pk(lambda world: draft(world.colleague(CELL), world.account(), new_images=[new_image()]).media.get()),
    "video": _pk(_video),
    "upload": _upload,
    "card": _card,
    "captions": _pk(lambda world: _video(world).captions.get()),
    "conversation": _pk(_conversation),
    "conversation_of_abuse": _pk(partial(_conversation, category="impersonation")),
    "mention": _pk(lambda world: _conversation(world).mentions.get()),
    "picture": _picture,
    "answer": _pk(_answer),
    "watch": _pk(lambda world: WatchFactory.create(account=world.account())),
    "entry": _pk(lambda world: EntryFactory.create(source__unit=world.here)),
    "webhook_call": _pk(_webhook_call),
    "source": _pk(lambda world: SourceFactory.create(unit=world.here)),
    "playbook": _pk(lambda world: PlaybookFactory.create(unit=world.here)),
    "crisis": _pk(lambda world: CrisisFactory.create(playbook__unit=world.here)),
    "step": _pk(lambda world: CrisisFactory.create(playbook__unit=world.here).steps.first()),
}
