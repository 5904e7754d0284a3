"""The networks that the square speaks like. A new one is one folder and one line here."""

from simulator.dialects import bluesky, graph, linkedin, mastodon, x, youtube
from simulator.limits import Rule
from simulator.routing import Dialect

DIALECTS: tuple[Dialect, ...] = (
    bluesky.DIALECT,
    graph.FACEBOOK,
    graph.INSTAGRAM,
    linkedin.DIALECT,
    mastodon.DIALECT,
    x.DIALECT,
    youtube.DIALECT,
)


def dialect_of(path: str) -> Dialect | None:
    """The network whose API `path` belongs to; None for the square's own pages and its control API."""
    return next((dialect for dialect in DIALECTS if dialect.owns(path)), None)


def by_network(network: str) -> Dialect | None:
    return next((dialect for dialect in DIALECTS if dialect.network == network), None)


def real_limits() -> dict[str, Rule]:
    """Every network's rate limits, by family."""
    return {family: rule for dialect in DIALECTS for family, rule in dialect.manners.limits.items()}
