"""An account on a network that charges: a budget, and a post whose price stands beside it before it goes out."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts_registry import actions as registry_actions
from accounts_registry.models import Account
from accounts_registry.money import MICRO
from governance.demonstration import registry, simulator
from governance.demonstration.service import Service
from networks.catalogue import NETWORKS
from publishing import actions
from publishing.actions import PostContent, Timing, VariantText
from publishing.queries import snapshot_of

HANDLE, NAME = "spffinances_be", "SPF Finances"
PURPOSE = "Alerter la presse et les abonnés : délais, pannes, reprises."
SAID = (
    "Vous avez jusqu'au 30 juin pour vérifier votre déclaration. Elle est prête dans MyMinfin, avec toutes les données "
    "que nous connaissons déjà."
)
LINK = "https://finances.belgium.be/fr/particuliers/declaration_impot"
LIMIT, KEPT = 100 * MICRO, 30 * MICRO


def build(service: Service) -> Account | None:
    """The account, connected; None where the catalogue holds no network that charges."""
    network = next((key for key, one in NETWORKS.items() if one.capabilities.prices is not None), None)
    if network is None:
        return None
    account = registry.opened(service, unit="fin", network=network, handle=HANDLE, language="fr", purpose=PURPOSE)
    token = simulator.person(HANDLE, NAME, kind="organisation", language="fr")
    by = service.people["accounts"]
    account = registry_actions.connect_account(account=account, by=by, fields={"access_token": token})
    registry_actions.set_budget(account=account, limit=LIMIT, kept_for_answers=KEPT, by=by)
    _schedule(service, account)
    return account


def _schedule(service: Service, account: Account) -> None:
    content = PostContent(
        title="Rappel: déclaration avant le 30 juin",
        language="fr",
        core_text=SAID,
        link=LINK,
        variants=[VariantText(account, "fr")],
        timing=Timing(datetime.combine(timezone.localdate() + timedelta(days=3), time(10)), "Europe/Brussels"),
    )
    post = actions.create_post(unit=account.unit, content=content, by=service.people["writer_fr"])
    actions.submit_post(post=post, by=post.author)
    other = service.people["writer_nl"]
    actions.approve_post(post=post, by=other, content_hash=snapshot_of(post).hash, planned_for=post.due_at)
    actions.schedule_post(post=post, by=other)
