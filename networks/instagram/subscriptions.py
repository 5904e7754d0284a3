"""Asking Instagram to call us."""

from __future__ import annotations

from networks.catalogue import network
from networks.graph.subscriptions import GraphSubscriptions


class InstagramSubscriptions(GraphSubscriptions):
    network = network("instagram")
    object = "instagram"
