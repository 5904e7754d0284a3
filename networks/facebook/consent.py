"""Which of a person's pages Parvis may act as."""

from __future__ import annotations

from networks.catalogue import network
from networks.facebook.reading import read_identity
from networks.graph.consent import GraphConsent
from networks.graph.reading import Json
from networks.types import Identity


class FacebookConsent(GraphConsent):
    fields = "id,name,username,link,access_token,tasks"
    network = network("facebook")

    def identity(self, page: Json) -> Identity | None:
        return read_identity(page, self._site)
