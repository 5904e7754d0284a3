"""Which of a person's Instagram accounts Parvis may act as: those that belong to one of their pages."""

from __future__ import annotations

from networks.catalogue import network
from networks.graph.consent import GraphConsent
from networks.graph.reading import Json
from networks.instagram.reading import read_identity
from networks.types import Identity


class InstagramConsent(GraphConsent):
    fields = "id,name,access_token,tasks,instagram_business_account{id,username,name}"
    network = network("instagram")

    def identity(self, page: Json) -> Identity | None:
        return read_identity(page, self._site) if page.get("instagram_business_account") else None
