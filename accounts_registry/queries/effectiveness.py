"""Which accounts do not work: two of three figures below the first quarter of their peers, three months running.

The figures of what accounts did lie in rooms above: each brings its own at start (`figures_from`). Where a figure, the
size of an account, or its peers are not known, it is said why, and nothing is found.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from itertools import pairwise
from statistics import quantiles

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState
from accounts_registry.enums.audit import ListedState
from accounts_registry.enums.figure import Measure
from accounts_registry.models import Account, AccountFigure, ListedAccount
from organisation.models import Unit

MONTHS = 3
FEWEST_PEERS = 4  # with fewer there is no first quarter
FEWEST_BELOW = 2  # of the figures
BANDS = (1_000, 10_000, 100_000)  # followers, from which on an account is compared with larger ones


class Figure(models.TextChoices):
    ENGAGEMENT = "engagement", _("engagement rate")
    CADENCE = "cadence", _("messages against the rhythm that was agreed")
    RESPONSE = "response", _("share of what citizens asked that was answered")


class Lack(models.TextChoices):
    """Why an account is not compared."""

    YOUNG = "young", _("it has not been active for three whole months")
    SIZE = "size", _("nobody noted, and no list tells, how many followers it has")
    FIGURES = "figures", _("fewer than two of the three figures are known for each month")
    PEERS = "peers", _("fewer than four accounts of its network and size have these figures")


Month = tuple[datetime, datetime]  # from, and before
# Of these accounts in each of these months: the figure, by the account's key; None where there is nothing to count.
Reader = Callable[[Sequence[Account], Sequence[Month]], Mapping[int, Sequence[float | None]]]
_READERS: dict[Figure, Reader] = {}


def figures_from(figure: Figure, reader: Reader) -> None:
    """From now on `reader` tells this figure."""
    _READERS[figure] = reader


def agreed_a_week(account: Account) -> float | None:
    """How many messages a week its dossier agreed on, where it did."""
    rhythm = account.dossier.answers.get("posts_per_week")
    return rhythm if isinstance(rhythm, int | float) and rhythm > 0 else None


def unread() -> list[Figure]:
    """Figures that nothing in this house keeps."""
    return [figure for figure in Figure if figure not in _READERS]


@dataclass(frozen=True)
class Judged:
    """`below`: the figures that stood below the first quarter in each month, with its own and the quarter's values;
    `lack` is None where the account was compared."""

    account: Account
    below: Mapping[Figure, tuple[tuple[float, float], ...]]
    lack: Lack | None = None

    @property
    def is_ineffective(self) -> bool:
        return len(self.below) >= FEWEST_BELOW


def months_before(day: date, zone: tzinfo) -> list[Month]:
    """The last whole months before `day`, the earliest first, as they began in `zone`."""
    starts = []
    year, month = day.year, day.month
    for _step in range(MONTHS + 1):
        starts.append(datetime.combine(date(year, month, 1), time.min, zone))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    starts.reverse()
    return list(pairwise(starts))


def band_of(followers: int) -> int:
    """The size of an account: those of one are compared."""
    return bisect_right(BANDS, followers)


def judged(unit: Unit, day: date) -> list[Judged]:
    """Every active account of `unit` and below, beside its peers in the whole organisation."""
    below = unit.path[: Unit.steplen]
    active = Account.objects.filter(unit__path__startswith=below, state=AccountState.ACTIVE)
    accounts = list(active.select_related("unit", "dossier").order_by("pk"))
    months = months_before(day, unit.zone)
    sizes = _sizes(accounts)
    values = {figure: read(accounts, months) for figure, read in _READERS.items()}
    groups: dict[tuple[str, int], list[Account]] = defaultdict(list)
    old = [one for one in accounts if one.created_at <= months[0][0]]
    for one in old:
        if one.pk in sizes:
            groups[one.network, band_of(sizes[one.pk])].append(one)
    compared = {found.account.pk: found for peers in groups.values() for found in _beside(peers, values)}
    early = {one.pk for one in accounts} - {one.pk for one in old}
    own = [one for one in accounts if one.unit.path.startswith(unit.path)]
    return [compared.get(one.pk) or Judged(one, {}, Lack.YOUNG if one.pk in early else Lack.SIZE) for one in own]


def _sizes(accounts: Iterable[Account]) -> dict[int, int]:
    """Followers: the latest that somebody noted of the account, else as the list that was read last tells them."""
    told = ListedAccount.objects.filter(account__in=list(accounts), state=ListedState.LISTED, followers__isnull=False)
    rows = told.order_by("pk").values_list("account_id", "followers")
    sizes = {account: followers for account, followers in rows if account is not None and followers is not None}
    noted = AccountFigure.objects.filter(account__in=list(accounts), measure=Measure.FOLLOWERS).order_by("on")
    return sizes | dict(noted.values_list("account_id", "value"))


def _beside(peers: list[Account], values: Mapping[Figure, Mapping[int, Sequence[float | None]]]) -> Iterable[Judged]:
    """Each of `peers` beside the first quarter of all of them."""
    whole: dict[Figure, dict[int, list[float]]] = {}
    for figure, found in values.items():
        told = {one.pk: found.get(one.pk, ()) for one in peers}
        whole[figure] = {
            pk: [value for value in series if value is not None]
            for pk, series in told.items()
            if len(series) == MONTHS and None not in series
        }
    bars = {figure: _quarters(found) for figure, found in whole.items() if len(found) >= FEWEST_PEERS}
    for one in peers:
        known = [figure for figure, found in whole.items() if one.pk in found]
        comparable = [figure for figure in known if figure in bars]
        if len(known) < FEWEST_BELOW:
            yield Judged(one, {}, Lack.FIGURES)
        elif len(comparable) < FEWEST_BELOW:
            yield Judged(one, {}, Lack.PEERS)
        else:
            pairs = {figure: tuple(zip(whole[figure][one.pk], bars[figure], strict=True)) for figure in comparable}
            yield Judged(one, {figure: told for figure, told in pairs.items() if all(own < bar for own, bar in told)})


def _quarters(found: Mapping[int, list[float]]) -> list[float]:
    """The first quarter of each month."""
    return [quantiles(month, n=4, method="inclusive")[0] for month in zip(*found.values(), strict=True)]


def lacks(found: Iterable[Judged]) -> Counter[Lack]:
    """How many were not compared, and why."""
    return Counter(one.lack for one in found if one.lack is not None)
