"""What can go wrong with a network, as types that say what may be done next.

Only the subclasses of `NotApplied` are certain to have had no effect. After `OutcomeUnknown` nothing may be sent again
before `Connector.reconcile` has looked.
"""

from __future__ import annotations

from datetime import datetime

from networks.types import PostRef


class NetworkError(Exception):
    """Root of all. `detail` is the network's own words, trimmed, without any secret or sign that no database keeps."""

    code = "network_error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail[:500].replace("\x00", "").encode(errors="replace").decode()


class NotApplied(NetworkError):
    """The network certainly did nothing."""

    code = "not_applied"


class Unavailable(NotApplied):
    """The network could not be reached, or said 'later', before anything was applied. May be retried."""

    code = "unavailable"


class Withheld(NotApplied):
    """Whoever wanted it sent no longer does, and said so before the write began."""

    code = "withheld"


class RateLimited(NotApplied):
    """Too many calls. Nothing before `retry_at` (aware, UTC)."""

    code = "rate_limited"

    def __init__(self, retry_at: datetime, scope: str = "", detail: str = "") -> None:
        super().__init__(detail)
        self.retry_at = retry_at
        self.scope = scope


class QuotaExhausted(RateLimited):
    """The day's or month's allowance is used up."""

    code = "quota_exhausted"


class Rejected(NotApplied):
    """The network understood and refused: trying again unchanged is useless."""

    code = "rejected"


class AuthExpired(Rejected):
    """The credentials are no longer accepted: somebody has to reconnect the account."""

    code = "auth_expired"


class PermissionMissing(Rejected):
    """The credentials are valid but do not allow this."""

    code = "permission_missing"


class Invalid(Rejected):
    """The content breaks a rule of the network."""

    code = "invalid"

    def __init__(self, field: str, detail: str = "", limit: int | None = None) -> None:
        super().__init__(detail)
        self.field = field
        self.limit = limit


class TooWide(Rejected):
    """More people would see the answer than see its question."""

    code = "too_wide"


class Duplicate(Rejected):
    """The network already holds the same message; `existing` names it where the network does."""

    code = "duplicate"

    def __init__(self, existing: PostRef | None = None, detail: str = "") -> None:
        super().__init__(detail)
        self.existing = existing


class Gone(Rejected):
    """The message or the account is no longer there."""

    code = "gone"


class Unsupported(Rejected):
    """The network cannot do this."""

    code = "unsupported"


class EgressRefused(NotApplied):
    """Our own guard refused the address; `detail` says which rule."""

    code = "egress_refused"


class OutcomeUnknown(NetworkError):
    """A write was sent and its answer never came, or came garbled. It may or may not have happened."""

    code = "outcome_unknown"
