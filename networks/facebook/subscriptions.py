"""Asking Facebook to call us."""

from __future__ import annotations

from networks.catalogue import network
from networks.graph.subscriptions import GraphSubscriptions


class FacebookSubscriptions(GraphSubscriptions):
    network = network("facebook")
    object = "page"
