"""The one way out: every outgoing call of Parvis runs through an `Egress`."""

from networks.egress.client import Egress, read_public
from networks.egress.exchange import Answer
from networks.egress.terms import Rate, Terms

__all__ = ["Answer", "Egress", "Rate", "Terms", "read_public"]
