"""A house policy is written, units are asked about it, it is put in force, and every person attests it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from organisation import audit, locks, policy
from organisation.actions.transition import perform
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Language, Permission
from organisation.house_policy import POLICY_LIFECYCLE, AnswerKind, Point, PolicyState
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person, PolicyAnswer, PolicyAttestation, PolicyVersion, Unit
from organisation.models.house_policy import LONGEST_GRACE, hash_of
from organisation.queries.house_policy import (
    against_answering,
    bound_units,
    open_version,
    visible_policies,
    without_yes,
)
from organisation.sentences import Sentence

STARTED = audit.tell("house_policy.started", _("%(actor)s began a version of this house policy"))
WRITTEN = audit.tell("house_policy.written", _("%(actor)s wrote this house policy"))
COMMENTED = audit.tell("house_policy.commented", _("%(actor)s commented this house policy"))
AGREED = audit.tell("house_policy.agreed", _("%(actor)s approved this house policy for a unit"))
CHANGE_ASKED = audit.tell("house_policy.change_asked", _("%(actor)s asked for a change of this house policy"))
ATTESTED = audit.tell("house_policy.attested", _("%(actor)s attested that they have read this house policy"))
_VERBS = {AnswerKind.COMMENT: COMMENTED, AnswerKind.YES: AGREED, AnswerKind.CHANGE: CHANGE_ASKED}

MEANWHILE = _("This text was changed meanwhile. Read it again as it stands now.")
FOR_PEOPLE = _("A service account attests nothing: who answers for it does, on a page of Parvis.")
LONGEST_TEXT = 60_000
LONGEST_REMARK = 1000


@action
def start_policy(*, unit: Unit, by: Person) -> PolicyVersion:
    """A draft of the unit's next version, with the text in force there now. Refused where one is in the making."""
    locked = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    policy.require(by, Permission.POLICY_WRITE, locked)
    if open_version(locked):
        raise Refused(_("A version of this unit’s house policy is in the making already."), field="unit")
    now = PolicyVersion.objects.filter(unit=locked, state=PolicyState.PUBLISHED).first()
    last = PolicyVersion.objects.filter(unit=locked).aggregate(last=Max("number"))["last"] or 0
    facts: dict[str, Any] = {"texts": now.texts, "grace_days": now.grace_days} if now else {}
    version = PolicyVersion(unit=locked, number=last + 1, started_by=by, **facts)
    version.content_hash = hash_of(version.texts, version.grace_days)
    version.save()
    audit.record(verb=STARTED, thing=version, by=by, number=version.number)
    return version


@action
def write_policy(
    *,
    version: PolicyVersion,
    texts: Mapping[str, str],
    checklist: Mapping[str, str],
    grace_days: int,
    edition: int,
    by: Person,
) -> PolicyVersion:
    """`checklist`: the remark of each point that is ticked. Another text, or another grace, is another thing to
    approve: every yes that was given lapses. Outdated where somebody has written since `edition`."""
    locked = _lock(version)
    policy.require(by, Permission.POLICY_WRITE, locked)
    if not locked.is_open:
        raise Conflict(locked, "write")
    if edition != locked.edition:
        raise Outdated(_("Somebody wrote this text meanwhile. Yours is kept below; look at theirs, then save again."))
    _require_fit(texts, checklist, grace_days)
    kept = {code: text.strip() for code, text in texts.items() if text.strip()}
    ticked = {point: remark.strip() for point, remark in checklist.items()}
    if (kept, ticked, grace_days) == (locked.texts, locked.checklist, locked.grace_days):
        return locked
    changed = hash_of(kept, grace_days) != locked.content_hash
    locked.texts, locked.checklist, locked.grace_days = kept, ticked, grace_days
    locked.content_hash, locked.edition = hash_of(kept, grace_days), locked.edition + 1
    locked.save(update_fields=["texts", "checklist", "grace_days", "content_hash", "edition"])
    if changed:
        locked.editors.add(by)
    audit.record(
        verb=WRITTEN, thing=locked, by=by, hash=locked.content_hash, ticked=sorted(ticked), grace_days=grace_days
    )
    return locked


@action
def consult_policy(*, version: PolicyVersion, by: Person) -> PolicyVersion:
    """Every unit that it will bind is asked."""
    locked = _lock(version)
    return perform(POLICY_LIFECYCLE, "consult", locked, by=by, details={"hash": locked.content_hash})


@action
def answer_policy(
    *, version: PolicyVersion, unit: Unit, kind: str, by: Person, text: str = "", seen: str = ""
) -> PolicyAnswer:
    """`kind` is an AnswerKind. A comment comes from whoever sees the version, for their own unit; a yes, or the asking
    for a change, from who approves policies in `unit`, and a yes never from who wrote the text. `seen` is the hash of
    what they read: Outdated where it says something else by now."""
    locked = _lock(version)
    is_comment = kind == AnswerKind.COMMENT
    if is_comment and not visible_policies(by).filter(pk=locked.pk).exists():
        raise PermissionDenied
    if not is_comment:
        policy.require(by, Permission.POLICY_APPROVE, unit)
    if locked.state != PolicyState.IN_CONSULTATION:
        raise Conflict(locked, "answer")
    if kind not in AnswerKind.values:
        raise Refused(_("Say yes, ask for a change, or comment."), field="kind")
    if not is_comment and not bound_units(locked).filter(pk=unit.pk).exists():
        raise Refused(_("This version does not bind that unit."), field="unit")
    if seen != locked.content_hash:
        raise Outdated(MEANWHILE)
    if kind == AnswerKind.YES and (why := against_answering(by, locked)):
        raise Refused(why, field="kind")
    if kind != AnswerKind.YES and not text.strip():
        raise Refused(_("Say what should be otherwise, or what you think of it."), field="text")
    answer = PolicyAnswer.objects.create(
        version=locked, unit=unit, kind=kind, text=text.strip(), content_hash=locked.content_hash, by=by
    )
    audit.record(verb=_VERBS[AnswerKind(kind)], thing=locked, by=by, unit=unit.pk, hash=locked.content_hash)
    return answer


@action
def publish_policy(*, version: PolicyVersion, seen: str, by: Person) -> PolicyVersion:
    """In force from now on in the place of the one before: everybody whom it binds is asked to attest it. Refused with
    what is missing, the units by name; `seen` as for `answer_policy`."""
    locked = _lock(version)
    policy.require(by, Permission.POLICY_WRITE, locked)
    if seen != locked.content_hash:
        raise Outdated(MEANWHILE)
    earlier = PolicyVersion.objects.filter(unit=locked.unit_id, state=PolicyState.PUBLISHED).first()
    if earlier is not None and locked.state == PolicyState.IN_CONSULTATION:
        if reasons := list(agreed(locked, by)):
            raise Refused(*reasons)
        perform(POLICY_LIFECYCLE, "supersede", earlier, by=None, details={"number": locked.number})
    changes = {"published_at": database_now()}
    return perform(POLICY_LIFECYCLE, "publish", locked, by=by, changes=changes, details={"hash": locked.content_hash})


@action
def withdraw_policy(*, version: PolicyVersion, reason: str, by: Person) -> PolicyVersion:
    """Of one in force: the unit is bound by that of the unit above from now on, if there is one."""
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    return perform(POLICY_LIFECYCLE, "withdraw", _lock(version), by=by, details={"reason": reason.strip()})


@action
def attest_policy(*, version: PolicyVersion, seen: str, by: Person) -> PolicyAttestation:
    """`by` has read exactly this text. Once is enough: later ones change nothing."""
    if by.is_machine:
        raise PermissionDenied(FOR_PEOPLE)
    locked = _lock(version)
    if not visible_policies(by).filter(pk=locked.pk).exists():
        raise PermissionDenied
    if not locked.in_force:
        raise Conflict(locked, "attest")
    if seen != locked.content_hash:
        raise Outdated(MEANWHILE)
    attestation, is_new = PolicyAttestation.objects.get_or_create(
        version=locked, person=by, defaults={"content_hash": locked.content_hash}
    )
    if is_new:
        audit.record(verb=ATTESTED, thing=locked, by=by, number=locked.number, hash=locked.content_hash)
    return attestation


def _lock(version: PolicyVersion) -> PolicyVersion:
    return locks.take(PolicyVersion.objects.select_related("unit"), version.pk)


def _require_fit(texts: Mapping[str, str], checklist: Mapping[str, str], grace_days: int) -> None:
    if set(texts) - set(Language.values) or any(len(text) > LONGEST_TEXT for text in texts.values()):
        raise Refused(_("Each text is in a language that Parvis speaks, and of 60,000 characters at most."))
    if set(checklist) - set(Point.values) or any(len(remark) > LONGEST_REMARK for remark in checklist.values()):
        raise Refused(_("A remark is about one of the nine points, and of 1,000 characters at most."))
    for point, remark in checklist.items():
        if not remark.strip():
            raise Refused(_("Say with a remark how this point is fulfilled."), field=f"remark_{point}")
    if not 0 <= grace_days <= LONGEST_GRACE:
        raise Refused(_("The grace lasts for a year at most."), field="grace_days")


@POLICY_LIFECYCLE.guard("whole")
def whole(version: PolicyVersion, by: Any) -> Iterator[str | Promise | Sentence]:
    for code in version.without_text:
        yield Sentence(_("There is no text in this language yet: %(language)s."), language=Language(code).label)


@POLICY_LIFECYCLE.guard("agreed")
def agreed(version: PolicyVersion, by: Any) -> Iterator[str | Promise | Sentence]:
    yield from whole(version, by)
    for point in version.unticked:
        yield Sentence(_("This point is not ticked yet: %(point)s."), point=point.label)
    if units := without_yes(version):
        words = ngettext_lazy(
            "This unit has not said yes to this text: %(units)s.",
            "These units have not said yes to this text: %(units)s.",
            len(units),
        )
        yield words % {"units": ", ".join(unit.name for unit in units)}
