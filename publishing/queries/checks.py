"""The gates before sending, as a list of what is still in the way and where to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import network_sentence
from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account
from accounts_registry.money import micro
from accounts_registry.queries import bare_ref, egress, know_servers
from delivery.content import as_draft
from delivery.queries import months_of
from networks import catalogue
from networks.prices import price_of
from networks.types import Draft, Problem
from organisation.enums import Language
from publishing.models import Post, Variant
from publishing.queries.refusals import SAID_ONCE, Check, anchor_of_variant, said, undescribed, where

WEB_ADDRESS = URLValidator(schemes=["http", "https"])


def checks(post: Post, now: datetime) -> list[Check]:
    """All that stands between this post and its sending; empty when nothing does."""
    return [*content_checks(post), *sending_checks(post), *time_checks(post, now)]


def content_checks(post: Post) -> list[Check]:
    """What is wrong with the content itself: asked before submission, and again before scheduling."""
    return [*_languages(post), *_links(post), *undescribed(post), *_refusals(post)]


def sending_checks(post: Post) -> list[Check]:
    """What is wrong with the accounts, or with the money for them."""
    accounts = {variant.account_id: variant.account for variant in post.variants.all()}
    unready = [
        Check(
            "account_not_ready",
            _("%(account)s cannot send now: it is not active, or not connected.") % {"account": account.label},
            anchor_of_account(account),
        )
        for account in accounts.values()
        if not account.publishable
    ]
    return [*unready, *_money(post)]


def _money(post: Post) -> Iterator[Check]:
    """Accounts whose budget does not allow all that the post says there."""
    variants = list(post.variants.all())
    months = months_of([variant.account for variant in variants], post.due_at)
    for pk, month in months.items():
        own = [variant for variant in variants if variant.account_id == pk]
        cost = sum(micro(price_of(port_draft(variant), variant.account.network) or Decimal(0)) for variant in own)
        if code := month.stop(Spent.POST, cost):
            told = {"account": month.account.label, "why": network_sentence(code)}
            yield Check(code, _("%(account)s: %(why)s") % told, anchor_of_account(month.account))


def time_checks(post: Post, now: datetime) -> list[Check]:
    if post.due_at is None:
        return [Check("no_time", _("There is no date and time yet."), "id_wall_time")]
    if post.due_at <= now:
        return [Check("time_past", _("The planned time has passed. Choose another one."), "id_wall_time")]
    return []


def anchor_of_account(account: Account) -> str:
    return f"account-{account.pk}"


def _languages(post: Post) -> Iterator[Check]:
    variants = list(post.variants.all())
    if not variants:
        yield Check("no_account", _("Choose at least one account."), "id_accounts")
    spoken = {(variant.account_id, variant.language) for variant in variants}
    for account in {variant.account_id: variant.account for variant in variants}.values():
        for language in account.languages:
            if (account.pk, language) not in spoken:
                facts = {"account": account.label, "language": Language(language).label}
                yield Check(
                    "language_missing",
                    _("%(account)s also speaks %(language)s: that text is missing.") % facts,
                    anchor_of_variant(account.pk, language),
                )


def _links(post: Post) -> Iterator[Check]:
    links = [(post.link, "id_link")]
    links += [(one.link, f"id_link-{one.account_id}-{one.language}") for one in post.variants.all()]
    for link, anchor in links:
        if link and not is_web_address(link):
            yield Check("link_invalid", _("“%(link)s” is not a web address.") % {"link": link}, anchor)


def is_web_address(link: str) -> bool:
    try:
        WEB_ADDRESS(link)
    except ValidationError:
        return False
    return True


def _refusals(post: Post) -> Iterator[Check]:
    """What each network itself would refuse, without asking it."""
    know_servers(variant.account for variant in post.variants.all())
    for variant in post.variants.all():
        variant.post = post
        if variant.account.network not in catalogue.NETWORKS:
            continue
        for problem in refusals_of(variant):
            if problem.code in SAID_ONCE:
                continue  # said once a medium and language, not once a network
            yield Check(problem.code, said(problem, variant), where(problem, variant))


def refusals_of(variant: Variant) -> tuple[Problem, ...]:
    """What the connector says against the variant. No call is made, so no credentials are opened."""
    return catalogue.connector(bare_ref(variant.account), egress()).validate(port_draft(variant))


def port_draft(variant: Variant) -> Draft:
    """The variant as the port takes it."""
    return as_draft(variant.draft())
