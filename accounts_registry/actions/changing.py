"""What the registry knows of an account is changed by whoever manages it, with the reason on record (ADR 37)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.holding import locked_with, part
from accounts_registry.enums import AccountState, Term
from accounts_registry.models import Account
from accounts_registry.queries.life import review_window
from accounts_registry.queries.standing_at import stands_at
from networks.addresses import kept_address
from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person

CHANGED = audit.tell("account.changed", _("%(actor)s changed the facts of this account"))
# Network, name, unit and dossier are the committee's; owner and backup holder change by a handover.
FACTS = ("purpose", "audiences", "languages", "pair", "kind", "url", "maturity", "term", "ends_on")
_LISTS = ("audiences", "languages")


@action
def change_account(*, account: Account, by: Person, edition: int, reason: str, **facts: Any) -> Account:
    """Writes `facts`, of those in `FACTS`, and why they change; what they leave out stays.

    `edition` is the one that was read: Outdated where somebody changed the account since. Refused at the field that is
    wrong. A language pair is written on both sides, and what was the pair before stands alone.
    """
    locked, wanted = locked_with(account, facts.get("pair"), by, "change", edition=edition)
    if wanted is not None:
        facts["pair"] = wanted
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"no facts of an account: {sorted(unknown)}")
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    before, sister = audit.values_of(locked, FACTS), locked.pair
    was_over, changed = locked.is_over, _fill(locked, facts)
    _check_term(locked, changed, was_over=was_over)
    if "pair" in changed:
        _check_pair(locked, by)
    if {"pair", "languages"} & set(changed) and _overlaps(locked):
        raise Refused(_("An account and its language pair speak different languages."), field="languages")
    if changed:
        locked.clean_fields(exclude={field.name for field in Account._meta.fields} - set(changed))
        _write(locked, by, changed, before, reason)
        if "pair" in changed:
            part(sister, by)
            part(locked.pair, by, account=locked)
    account.refresh_from_db()
    return locked


def _fill(locked: Account, facts: dict[str, Any]) -> list[str]:
    """Sets `facts` and returns the names of those that say something else than before."""
    facts = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if facts.get("url"):
        facts["url"] = kept_address(facts["url"]) or _no_address()
        if not stands_at(locked, facts["url"]):
            raise Refused(_("This is not the address of this account on its network."), field="url")
    if facts.get("term") == Term.PERMANENT:
        facts["ends_on"] = None
    changed = [name for name, value in facts.items() if not _same(name, getattr(locked, name), value)]
    for name in changed:
        setattr(locked, name, facts[name])
    return changed


def _same(name: str, was: Any, now: Any) -> bool:
    return set(was) == set(now) if name in _LISTS else bool(was == now)


def _no_address() -> str:
    raise Refused(_("This is no web address that Parvis can keep."), field="url")


def _check_term(locked: Account, changed: list[str], *, was_over: bool) -> None:
    if not {"term", "ends_on"} & set(changed):
        return
    if was_over:
        raise Refused(_("Its trial or campaign is over. Renew the account, with what came of it, or close it."))
    if locked.term == Term.PERMANENT:
        return
    if locked.ends_on is None:
        raise Refused(_("Say on which day the trial or the campaign ends."), field="ends_on")
    latest = review_window(locked.term, locked.today)[1]
    if not locked.today < locked.ends_on <= latest:
        raise Refused(
            _("A trial ends within six months, a campaign within twelve; the day must still come."), field="ends_on"
        )


def _check_pair(locked: Account, by: Person) -> None:
    """The pair is one of the same network that has no other pair, and which `by` manages too: its facts change."""
    pair = locked.pair
    if pair is None:
        return
    if pair.pk == locked.pk or pair.network != locked.network or pair.state == AccountState.ARCHIVED:
        raise Refused(_("The pair is an account on the same network."), field="pair")
    policy.require(by, Permission.ACCOUNT_MANAGE, pair)
    if pair.pair_id not in (None, locked.pk):
        raise Refused(_("That account has another language pair. Take it out of that one first."), field="pair")


def _overlaps(locked: Account) -> bool:
    return locked.pair is not None and bool(set(locked.pair.languages) & set(locked.languages))


def _write(locked: Account, by: Person, changed: list[str], before: dict[str, Any], reason: str) -> None:
    locked.edition += 1
    written = {*changed, "edition"}
    if locked.ends_on is not None and "ends_on" in changed:
        locked.review_on = locked.ends_on  # what has an end is looked at then
        written.add("review_on")
    locked.save(update_fields=sorted(written))
    told = audit.differences(before, audit.values_of(locked, changed))
    audit.record(verb=CHANGED, thing=locked, by=by, reason=reason.strip(), **told)
