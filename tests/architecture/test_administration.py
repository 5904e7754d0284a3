"""The technical administration by rules: one permission opens it, it shows, and nothing in it can be written.

Its addresses are made by Django for each model that is registered, so they are walked instead of listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory
from django.urls import reverse
from django.utils.functional import Promise

from organisation.admin import administration
from organisation.models import AuditEvent, Grant, Person, Unit
from publishing.models import Post
from tests.architecture.asking import NOBODY, send, visitor
from tests.architecture.rows import ADMINISTRATOR, EVERYONE
from tests.architecture.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MODELS = sorted(administration._registry, key=lambda model: model._meta.label)
# By what the lists may be filtered.
FILTERS = {
    "accounts_registry.Account": {"state", "connection_state", "maturity", "term"},
    "accounts_registry.Decision": {"outcome"},
    "accounts_registry.JustificationDossier": {"state"},
    "crisis.Crisis": {"state", "is_exercise"},
    "delivery.Delivery": {"state", "origin_kind"},
    "delivery.Hold": {"scope"},
    "monitoring.Source": {"state"},
    "monitoring.Watch": {"state"},
    "organisation.Person": {"is_active", "language"},
    "organisation.Unit": {"kind", "governance_model"},
    "publishing.Post": {"state"},
}
PLAIN = ("index", "jsi18n", "autocomplete", "password_change", "password_change_done", "calendars", "apps")


def one_of(model: Any) -> Any:
    """A row that the world's own people see, where there is one: the newest, but of units the world's root."""
    return model.objects.order_by("pk" if model is Unit else "-pk").first()


def addresses(model: Any) -> Iterator[str]:
    """Every address of a model's administration, of a row that is there where one is asked for."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = one_of(model)
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    for page in ("change", "delete", "history"):
        yield reverse(f"{name}_{page}", args=[row.pk if row else 1])


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_who_lacks_the_permission_stays_outside(model: Any, world: World) -> None:
    """Every role at some address of each table, every address by some roles: one door stands before them all."""
    insiders = [world.insiders[role] for role in sorted(EVERYONE - {ADMINISTRATOR})]
    for number, address in enumerate(addresses(model)):
        for person in [NOBODY, world.suspended, *insiders[number % 3 :: 3]]:
            for method in ("GET", "POST"):
                answer = send(visitor(world, person), address, method)
                assert (answer.status, answer.events) in {(302, 0), (403, 0), (404, 0)}, (address, method)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_an_administrator_writes_nothing_past_an_action(model: Any, world: World) -> None:
    client = visitor(world, world.insiders[ADMINISTRATOR])
    changeable = model._meta.label == "organisation.Unit"  # its form calls the action
    for address in addresses(model):
        answer = send(client, address, "POST")
        due = {200, 302, 403} if changeable and address.endswith("/change/") else {403}
        if address.endswith("history/"):
            due = {200, 403}
        if address == reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"):
            due = {200, 302, 403}
        if not model.objects.exists():  # no such row: back to the start
            due = due | {302, 404}
        assert answer.status in due, address
        assert answer.events == 0, address
    bulk = {"action": "delete_selected", "_selected_action": [1], "post": "yes"}
    before = model.objects.count()
    send(client, f"/admin/{model._meta.app_label}/{model._meta.model_name}/", "POST", bulk)
    assert model.objects.count() == before


@pytest.mark.parametrize("name", PLAIN)
def test_its_own_pages_are_closed_to_others(name: str, world: World) -> None:
    address = reverse(f"admin:{name}")
    for person in (NOBODY, world.suspended, world.insiders["communication_cell"]):
        assert send(visitor(world, person), address, "GET").status in {302, 403, 404}


def test_what_completes_names_is_closed_to_everybody(world: World) -> None:
    """No form uses it, and an odd question would break it."""
    asked = "app_label=organisation&model_name=grant&field_name=person"
    for question in ("", f"{asked}&term=a", f"{asked}&term=%00", f"{asked}&term=a&page={'9' * 30}"):
        client = visitor(world, world.insiders[ADMINISTRATOR])
        assert client.get(f"{reverse('admin:autocomplete')}?{question}").status_code == 403, question


def test_no_short_way_tells_that_a_row_is_there(world: World) -> None:
    """Django's own leads from a table's number and a row's to its page, whoever may see it."""
    table = ContentType.objects.get_for_model(Post)
    address = reverse("admin:view_on_site", args=[table.pk, Post.objects.latest("pk").pk])
    for role in (world.insiders, world.outsiders):
        assert visitor(world, role[ADMINISTRATOR]).get(address).status_code == 404


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_row_of_every_table_is_shown(model: Any, world: World) -> None:
    row = one_of(model)
    if row is None:
        pytest.skip("the world has none")
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    seen, unseen = (visitor(world, role[ADMINISTRATOR]) for role in (world.insiders, world.outsiders))
    for page in ("change", "history"):
        address = reverse(f"{name}_{page}", args=[row.pk])
        assert seen.get(address).status_code == 200
        if model not in (AuditEvent, Grant, Person, Unit):  # some of these are their own
            assert unseen.get(address).status_code in {302, 404}


# What no list may be asked for by its address, whatever the model: they are how a value is found out letter by letter.
LOOKUPS = ("", "__exact", "__startswith", "__contains", "__regex", "__gt", "__in", "__isnull")


def fields_within_reach(model: Any) -> Iterator[str]:
    """Every column of the model, and those of what it points to."""
    for field in model._meta.concrete_fields:
        yield field.name
        if field.is_relation:
            yield from (f"{field.name}__{other.name}" for other in field.related_model._meta.concrete_fields)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_is_asked_for_nothing_but_its_filters(model: Any, world: World) -> None:
    """Letter by letter one could read what the list does not show: a password's hash, a key, what a citizen wrote."""
    shown = administration._registry[model]
    request = RequestFactory().get("/")
    request.user = world.insiders[ADMINISTRATOR]
    open_ones = {
        f"{field}{lookup}"
        for field in fields_within_reach(model)
        for lookup in LOOKUPS
        if shown.lookup_allowed(f"{field}{lookup}", "a", request)
    }
    assert open_ones == {f"{name}__exact" for name in FILTERS.get(model._meta.label, ())}


@pytest.mark.parametrize(
    "asked",
    [
        "password__startswith=argon2",
        "password__regex=.",
        "grants__role=administrator",
        "unit__names__contains=x",
        "email__startswith=a",
        "password=x",
    ],
)
def test_an_address_that_asks_for_more_is_refused(asked: str, world: World) -> None:
    client = visitor(world, world.insiders[ADMINISTRATOR])
    assert client.get(f"/admin/organisation/person/?{asked}").status_code == 400


def test_a_filter_of_the_list_is_answered(world: World) -> None:
    client = visitor(world, world.insiders[ADMINISTRATOR])
    assert client.get("/admin/organisation/person/?is_active__exact=0").status_code == 200


ODD = ("o=99.-1.x", f"o={'9' * 40}", f"p={'9' * 40}", "p=-1", "q=%00", "e=1", "all=", "_popup=1", "_to_field=password")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_odd_question_breaks_a_list(model: Any, world: World) -> None:
    client = visitor(world, world.insiders[ADMINISTRATOR])
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    filters = [f"{name}__exact={value}" for name in FILTERS.get(model._meta.label, ()) for value in ("%00", "x" * 3000)]
    told = {asked: client.get(f"{path}?{asked}").status_code for asked in (*ODD, *filters)}
    assert {asked: status for asked, status in told.items() if status not in {200, 302, 400}} == {}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_column_has_a_name_for_people(model: Any) -> None:
    """A column's own name in the code is nobody's language."""
    shown = administration._registry[model]
    columns = {field.name: field.verbose_name for field in model._meta.concrete_fields}
    names = [shown.labels.get(name, columns.get(name, name)) for name in shown.list_display]
    assert [name for name in names if not isinstance(name, Promise)] == []
