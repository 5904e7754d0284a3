"""In which order the registry's lists are read."""

from __future__ import annotations

from organisation.api import Pages
from organisation.queries import Keyset


class OldestFirst(Pages):
    order = Keyset("", size=50, newest_first=False)


class NewestFirst(Pages):
    order = Keyset("", size=50)
