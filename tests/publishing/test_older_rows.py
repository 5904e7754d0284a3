"""What the trail and the files of an older database tell becomes editors."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from organisation import audit
from publishing.models import Media, Post
from tests.factories.accounts_registry import DossierFactory
from tests.factories.publishing import draft, new_image
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


def test_who_attached_a_file_or_changed_what_nobody_said_yet_is_an_editor(house: House) -> None:
    post = draft(house.author, unit=house.unit, new_images=[new_image({"fr": "Un bâtiment"})])
    closed = draft(house.author, unit=house.unit)
    Media.objects.update(uploaded_by=house.newcomer)
    Post.objects.filter(pk=closed.pk).update(state="withdrawn")
    with audit.acting():
        for one in (post, closed):
            audit.record(verb="post.described", thing=one, by=house.approver)

    import_module("publishing.migrations.0003_editors_of_drafts").remember(apps, None)

    assert set(post.editors.all()) == {house.newcomer, house.approver}
    assert not closed.editors.exists()


def test_who_changed_a_dossier_is_an_editor(house: House) -> None:
    dossier = DossierFactory.create(unit=house.unit, requested_by=house.author)
    with audit.acting():
        audit.record(verb="dossier.changed", thing=dossier, by=house.approver)

    import_module("accounts_registry.migrations.0007_editors_of_dossiers").remember(apps, None)

    assert set(dossier.editors.all()) == {house.approver}
