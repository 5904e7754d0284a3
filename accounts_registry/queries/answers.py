"""What the page of an account answers first: the six questions that everybody asks of one."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_registry.enums import AccountState, ConnectionState, Term
from accounts_registry.enums.security import SecurityStanding
from accounts_registry.models import Account
from accounts_registry.queries.life import Due
from accounts_registry.queries.security import record_of, told_standing
from accounts_registry.queries.standing import Standing
from notices.queries import holders
from organisation.dates import dated
from organisation.enums import Permission
from organisation.models import Person

NAMED = 6  # people; of the others how many they are


@dataclass(frozen=True)
class Answer:
    """A question with its sentences. `state` is what colour and icon follow; empty where nothing is good or bad."""

    question: str | Promise
    sentences: list[str]
    state: str = ""
    dues: list[Due] = field(default_factory=list)


def answers(account: Account, standing: Standing, due: list[Due], *, apps: int) -> list[Answer]:
    """In the order in which they are asked. `apps`: how many apps of others may act on it; `due` as of
    `queries.life.dues`, each under the question that it answers."""
    gone = [one for one in due if one.view == "account_hand_over"]
    named = [one for one in due if one.view in ("account_connect", "account_security")]
    rest = [one for one in due if one not in (*gone, *named)]
    return [
        Answer(gettext_lazy("Why does it exist?"), _why(account)),
        Answer(gettext_lazy("Who is behind it?"), _who(account), dues=gone),
        Answer(gettext_lazy("Who has access?"), _access(account, apps)),
        Answer(gettext_lazy("Is it safe?"), _safety(account, apps), dues=named),
        Answer(gettext_lazy("Does it work?"), _work(account, standing)),
        Answer(gettext_lazy("What is due?"), _due(account, rest), dues=rest),
    ]


def _why(account: Account) -> list[str]:
    told = [account.purpose]
    if account.term != Term.PERMANENT and account.ends_on is not None:
        words = {
            Term.TRIAL.value: _("It is a trial, until %(day)s."),
            Term.CAMPAIGN.value: _("It is for a campaign, until %(day)s."),
        }
        told.append(words[account.term] % {"day": dated(account.ends_on, "j F Y")})
    return told


def _who(account: Account) -> list[str]:
    facts = {"owner": account.owner.name, "backup": account.backup_holder.name, "unit": account.unit.name}
    return [_("%(owner)s answers for it, %(backup)s when they are away; both for %(unit)s.") % facts]


def _access(account: Account, apps: int) -> list[str]:
    held = account.connection_state != ConnectionState.DISCONNECTED
    parvis = _("Parvis holds sealed credentials for it.") if held else _("Parvis holds no credentials for it.")
    others = ngettext("%(n)d app of others may act on it.", "%(n)d apps of others may act on it.", apps) % {"n": apps}
    none = _("No app of others is known; what the network's own settings show is noted by hand.")
    return [*_people_with_access(account), parvis, others if apps else none]


def _people_with_access(account: Account) -> list[str]:
    """Who may publish from it here and who connects it, by the roles that they hold in its unit or above."""
    publish, connect = (
        holders(permission, account.unit) for permission in (Permission.POST_SCHEDULE, Permission.ACCOUNT_CONNECT)
    )
    return [
        _("May publish from it here: %(people)s.") % {"people": _names(publish)},
        _("May connect it and take its connection back: %(people)s.") % {"people": _names(connect)},
    ]


def _names(people: list[Person]) -> str:
    shown = ", ".join(person.name for person in people[:NAMED]) or _("nobody")
    more = len(people) - NAMED
    if more <= 0:
        return shown
    return ngettext("%(names)s and %(n)d other", "%(names)s and %(n)d others", more) % {"names": shown, "n": more}


def _safety(account: Account, apps: int) -> list[str]:
    if account.told_handle:
        return [_("The network calls it by another name than was approved.")]
    if account.connection_problem == "auth_expired":
        return [_("Its credentials are no longer accepted: somebody may have changed the password.")]
    return [str(_SAFETY[told_standing(account)]), *_attested(account)]


_SAFETY = {
    SecurityStanding.MET: gettext_lazy("Every item of its security record is met."),
    SecurityStanding.PARTLY: gettext_lazy("Its security record is partly met."),
    SecurityStanding.NOT_MET: gettext_lazy("Something in its security record is not met."),
    SecurityStanding.UNKNOWN: gettext_lazy(
        "Nobody has looked at all of it yet. Second factor and recovery are settings of the network, which Parvis does "
        "not see: somebody notes them."
    ),
}


def _attested(account: Account) -> list[str]:
    attested = record_of(account).attested_at
    return [_("Last attested on %(day)s.") % {"day": dated(timezone.localtime(attested), "j F Y")}] if attested else []


def _work(account: Account, standing: Standing) -> list[str]:
    if account.state != AccountState.ACTIVE:
        return [_("Nothing goes out: the account is not active.")]
    return [standing.label, *standing.sentences[:1]]


def _due(account: Account, rest: list[Due]) -> list[str]:
    if rest:
        return []
    if account.state == AccountState.ARCHIVED:
        return [_("Nothing: it is closed.")]
    return [_("Nothing. Its next review is on %(day)s.") % {"day": dated(account.review_on, "j F Y")}]
