from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.consulting import ask_concerned
from accounts_registry.actions.framing import held_frame, hold_session, settle
from accounts_registry.enums import DOSSIER_LIFECYCLE, ItemResult
from accounts_registry.enums.questions import OPENING
from accounts_registry.models import CommitteeSeat, CommitteeSession, DossierVersion, JustificationDossier
from accounts_registry.queries.accounts import visible_accounts
from accounts_registry.queries.committee import committee, quorum_of
from accounts_registry.queries.dossiers import possible_holders, possible_pairs, said
from accounts_registry.queries.requests import possible_successors
from accounts_registry.questionnaire import WRITTEN, clean
from networks.catalogue import NETWORKS
from organisation import audit, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person, Unit

_LOOKED_AT = ("platform", "unit", "owner", "backup_holder", "pair_of", "about", "successor")
BEGUN = audit.tell("dossier.begun", _("%(actor)s began this dossier"))
CHANGED = audit.tell("dossier.changed", _("%(actor)s changed this dossier"))


@action
def create_dossier(*, unit: Unit, platform: str, by: Person, **answers: Any) -> JustificationDossier:
    """A draft of `unit` for an account on `platform`; `answers` are fields of the dossier and further answers by their
    question's key, holes allowed."""
    policy.require(by, Permission.DOSSIER_WRITE, unit)
    dossier = JustificationDossier(unit=unit, requested_by=by)
    fill(dossier, by, {"platform": platform, **answers})
    dossier.save()
    audit.record(verb=BEGUN, thing=dossier, by=by)
    return dossier


@action
def update_dossier(*, dossier: JustificationDossier, by: Person, edition: int, **answers: Any) -> JustificationDossier:
    """Writes `answers` into a draft or a returned dossier.

    `edition` is the one that the writer saw: when somebody saved another one meanwhile nothing is written.
    """
    locked = _locked(dossier, by)
    if not locked.is_editable:
        raise Conflict(locked, "change")
    if locked.edition != edition:
        raise Refused(
            _("Somebody else saved this dossier meanwhile. Your answers are still here: compare, save again.")
        )
    if unit := answers.pop("unit", None):
        policy.require(by, Permission.DOSSIER_WRITE, unit)
        answers["unit"] = unit
    before = _said_of(locked)
    changed = fill(locked, by, answers)
    if changed:
        locked.edition += 1
        locked.save(update_fields=[*changed, "edition"])
        locked.editors.add(by)
        audit.record(verb=CHANGED, thing=locked, by=by, **audit.differences(before, _said_of(locked)))
    dossier.refresh_from_db()
    return locked


def _said_of(dossier: JustificationDossier) -> dict[str, Any]:
    """With what is no question of its own."""
    return {**said(dossier), **audit.values_of(dossier, ["unit", "platform", "server", "pair_of", "about"])}


def _locked(dossier: JustificationDossier, by: Person) -> JustificationDossier:
    locked = locks.locked(JustificationDossier.objects.select_related("unit"), dossier.pk)
    policy.require(by, Permission.DOSSIER_WRITE, locked)
    return locked


def _server(platform: str, given: str) -> str:
    """Where the account lives, as an origin; Refused on a network that has no servers to choose from."""
    server = given.strip().rstrip("/")
    if server and platform in NETWORKS and not NETWORKS[platform].many_servers:
        raise Refused(_("Accounts of this network live on its own server: leave this empty."), field="server")
    split = urlsplit(server)
    if split.path or split.query or split.fragment or split.username or split.password:
        raise Refused(_("Give the server alone, as in https://social.example."), field="server")
    return server


def fill(dossier: JustificationDossier, by: Person, answers: dict[str, Any]) -> list[str]:
    """Within other actions only. Sets `answers` and returns the names of those that changed something; Refused at the
    field that is wrong."""
    if "proposed_handle" in answers:
        answers["proposed_handle"] = answers["proposed_handle"].strip().lstrip("@").lower()
    if "server" in answers:
        answers["server"] = _server(answers.get("platform", dossier.platform), answers["server"])
    further = answers.pop("answers", {}) | {name: answers.pop(name) for name in WRITTEN.keys() & answers.keys()}
    if further:
        answers["answers"] = _answers({**dossier.answers, **further}, by)
    if answers.get("request_type", dossier.request_type) not in _kinds_like(dossier):
        raise Refused(_("What is asked for stays: begin another request."), field="request_type")
    changed = [name for name, value in answers.items() if getattr(dossier, name, None) != value]
    for name in changed:
        setattr(dossier, name, answers[name])
    if dossier.platform not in NETWORKS or not NETWORKS[dossier.platform].holds_accounts:
        raise Refused(_("Parvis does not speak this network."), field="platform")
    holders = possible_holders(by)
    for name in ("owner", "backup_holder"):
        if name in changed:
            _require_one_of(holders, getattr(dossier, name), name, _("This person cannot hold an account of yours."))
    if {"pair_of", "platform"} & set(changed):
        pairs = possible_pairs(by).filter(network=dossier.platform)
        _require_one_of(pairs, dossier.pair_of, "pair_of", _("The pair is an account on the same network."))
    if "successor" in changed and dossier.about is not None:
        others = possible_successors(by, dossier.about)
        _require_one_of(others, dossier.successor, "successor", _("Choose an active account of your organisation."))
    if dossier.owner is not None and dossier.owner == dossier.backup_holder:
        raise Refused(_("Owner and backup holder are two different people."), field="backup_holder")
    dossier.clean_fields(exclude=["requested_by", *_LOOKED_AT])
    return changed


def _kinds_like(dossier: JustificationDossier) -> tuple[str, ...]:
    """What a dossier may ask for without becoming another one."""
    return OPENING if dossier.about_id is None else (dossier.request_type,)


def _answers(told: dict[str, Any], by: Person) -> dict[str, Any]:
    """The further answers as they are kept, without those that are empty; Refused at the question that is wrong."""
    kept: dict[str, Any] = {}
    for key, value in told.items():
        if key not in WRITTEN:
            raise Refused(_("This is no answer to a question of the dossier."), field="answers")
        try:
            answer = clean(key, value)
        except ValidationError as wrong:
            raise Refused(*wrong.messages, field=key) from None
        if answer is not None:
            kept[key] = answer
    looked_at = kept.get("existing_accounts", [])
    if visible_accounts(by).filter(pk__in=looked_at).count() != len(looked_at):
        raise Refused(_("Choose accounts that you see in the registry."), field="existing_accounts")
    return kept


def _require_one_of(allowed: Any, chosen: Model | None, field: str, sentence: Any) -> None:
    if chosen is not None and not allowed.filter(pk=chosen.pk).exists():
        raise Refused(sentence, field=field)


@action
def submit_dossier(*, dossier: JustificationDossier, by: Person) -> JustificationDossier:
    """Hands a complete dossier in; a new round of votes begins."""
    locked = _locked(dossier, by)
    changes = {"submitted_at": Now(), "round": locked.round + 1, "quorum": None}
    perform(DOSSIER_LIFECYCLE, "submit", locked, by=by, changes=changes)
    _keep_version(locked, by)
    dossier.refresh_from_db()
    return dossier


def _keep_version(dossier: JustificationDossier, by: Person) -> None:
    DossierVersion.objects.create(dossier=dossier, round=dossier.round, answers=_said_of(dossier), submitted_by=by)


def require_seen(dossier: JustificationDossier, seen_round: int | None) -> None:
    """Refused where a page that showed the dossier as it was in an earlier round says so."""
    if seen_round not in (None, dossier.round):
        raise Outdated(
            _("This dossier was returned and changed since you opened the page. Read it as it stands now, then go on.")
        )


@action
def accept_dossier(*, dossier: JustificationDossier, by: Person, seen_round: int | None = None) -> JustificationDossier:
    """The dossier is complete; the committee may vote. Who votes in this round, and its quorum, are fixed here."""
    # Behind the lock: whoever still writes, or has it returned, does so before who stands aside is looked at, or after.
    locked = locks.locked(JustificationDossier.objects.select_related("unit"), dossier.pk)
    require_seen(locked, seen_round)
    seats = committee(locked)
    quorum = quorum_of(sum(not seat.stands_aside for seat in seats))
    accepted = perform(
        DOSSIER_LIFECYCLE,
        "accept",
        dossier,
        by=by,
        changes={"quorum": quorum, "advice_asked_at": Now()},
        details={"quorum": quorum, "members": [seat.member_id for seat in seats if not seat.stands_aside]},
    )
    for seat in seats:
        seat.round = accepted.round
    CommitteeSeat.objects.bulk_create(seats)
    ask_concerned(accepted, by)
    return accepted


@action
def return_dossier(
    *, dossier: JustificationDossier, by: Person, reason: str, seen_round: int | None = None
) -> JustificationDossier:
    """Back to its authors, with what is missing."""
    return _as_read("return", dossier, by, seen_round, reason=reason)


@action
def defer_dossier(
    *,
    dossier: JustificationDossier,
    by: Person,
    reason: str,
    to: CommitteeSession | None = None,
    seen_round: int | None = None,
) -> JustificationDossier:
    """The committee puts it off; the votes cast stand. From an open session, `to` a later one where one is named: it
    comes last on its agenda."""
    session = hold_session(dossier)
    told: dict[str, Any] = {"reason": reason}
    if to is not None:
        to = locks.take(CommitteeSession.objects.select_related("unit"), to.pk)
        if session is None or to.unit_id != session.unit_id or to.starts_at <= session.starts_at or not to.is_planned:
            raise Refused(_("Choose a planned session after this one."), field="to")
        told["to"] = to.pk
    deferred = _as_read("defer", dossier, by, seen_round, **told)
    frame = held_frame(deferred, session)
    if frame.open_session is not None:
        settle(frame, ItemResult.DEFERRED, to=to, note=reason)
    return deferred


@action
def resume_dossier(*, dossier: JustificationDossier, by: Person, seen_round: int | None = None) -> JustificationDossier:
    return _as_read("resume", dossier, by, seen_round)


@action
def withdraw_dossier(
    *, dossier: JustificationDossier, by: Person, reason: str, seen_round: int | None = None
) -> JustificationDossier:
    """The unit no longer asks."""
    return _as_read("withdraw", dossier, by, seen_round, reason=reason)


def _as_read(
    edge: str, dossier: JustificationDossier, by: Person, seen_round: int | None, **details: Any
) -> JustificationDossier:
    """Walks the edge, unless the dossier was read in another round."""
    require_seen(locks.locked(JustificationDossier.objects.select_related("unit"), dossier.pk), seen_round)
    return perform(DOSSIER_LIFECYCLE, edge, dossier, by=by, details=details)


@action
def appeal_dossier(*, dossier: JustificationDossier, by: Person, reason: str) -> JustificationDossier:
    """Once, against a refusal: the committee hears the same dossier again, in a new round of votes."""
    if not reason.strip():
        raise Refused(_("Say why the committee should decide otherwise."), field="reason")
    locked = _locked(dossier, by)
    changes = {"appeal": reason.strip(), "submitted_at": Now(), "round": locked.round + 1, "quorum": None}
    was_asked_in_full = locked.versions.exists()
    perform(DOSSIER_LIFECYCLE, "appeal", locked, by=by, changes=changes, details={"reason": reason.strip()})
    locked.editors.add(by)  # these words are among those on which the committee decides
    if was_asked_in_full:
        _keep_version(locked, by)
    dossier.refresh_from_db()
    return dossier
