"""Nouns of approvals."""

from approvals.models.request import Decision, Request
from approvals.models.route import Route, Step

__all__ = ["Decision", "Request", "Route", "Step"]
