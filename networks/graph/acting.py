"""Acting with a page's token: what the connectors of Facebook and Instagram have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.calls import Result, run
from networks.egress import Egress, Terms
from networks.errors import Unavailable
from networks.graph.answers import judge_graph
from networks.graph.client import Graph
from networks.graph.reading import place
from networks.kinds import Network
from networks.types import AccountRef, AttemptKey

Now = Callable[[], datetime]
Pause = Callable[[float], None]

CLOCKS_APART = timedelta(minutes=2)
# Graph has no idempotency key: a send this old is a person's to look at, for nothing stops a second one.
ABSENT_KNOWN = timedelta(hours=12)
TOO_MUCH = "reduce the amount of data"
SMALLEST = 5
# New comments come below old posts. Beyond this the lists would grow without end.
WATCHED = timedelta(days=30)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Acting:
    """One client as `account` for one task. Every call runs so that nothing but `networks.errors` comes out."""

    def __init__(self, account: AccountRef, egress: Egress, network: Network) -> None:
        self.account = account
        self.api_host = network.host("api", account.base_url)
        self.site = network.host("site", account.base_url)
        self._quiet = False
        secrets = tuple(account.credentials.values())
        self.terms = Terms(self._is_write, judge_graph, secrets=secrets)
        self._api = Graph(
            egress.session(self.terms),
            self.api_host,
            token=account.credentials.get("access_token", ""),
            proof=account.credentials.get("proof", ""),
        )

    def __repr__(self) -> str:
        return f"Acting({self.account!r})"

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Inside, whatever is sent stays invisible: uploads, drafts, containers. Losing an answer does no harm."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def run(self, work: Callable[[], Result]) -> Result:
        return run(self.terms, work)

    def node(self, identifier: str, **args: Any) -> dict[str, Any]:
        """One object with the `fields` that are asked for."""
        return self.run(lambda: _object(self._api.get_object(identifier, **args)))

    def show(self, identifier: str, read: Callable[[dict[str, Any]], Result], **args: Any) -> Result:
        """One object, as `read` makes it out: one that cannot be read is no answer, and says nothing of the object."""
        return self.run(lambda: read(_object(self._api.get_object(identifier, **args))))

    def edge(self, identifier: str, name: str, *, after: str = "", limit: int = 25, **args: Any) -> dict[str, Any]:
        """One page of what hangs at an object, from the cursor `after` on.

        A page that is too much for the network to put together is asked for again in a smaller one.
        """
        asked = {**args, **place(after), "limit": limit}
        try:
            return self.run(lambda: _object(self._api.get_connections(identifier, name, **asked)))
        except Unavailable as error:
            if TOO_MUCH not in error.detail or limit < SMALLEST:
                raise
        return self.edge(identifier, name, after=after, limit=limit // 5, **args)

    def put(self, identifier: str, name: str, read: Callable[[dict[str, Any]], Result], **data: Any) -> Result:
        """Write something below an object, and `read` the answer: one that cannot be read is a lost one."""
        return self.run(lambda: read(_object(self._api.put_object(identifier, name, **data))))

    def change(self, identifier: str, read: Callable[[dict[str, Any]], Result], **data: Any) -> Result:
        """Write to an object itself."""
        path = f"{self._api.version}/{identifier}"
        return self.run(lambda: read(_object(self._api.request(path, post_args=data))))

    def send_file(
        self,
        identifier: str,
        name: str,
        files: Mapping[str, Any],
        read: Callable[[dict[str, Any]], Result],
        **data: Any,
    ) -> Result:
        path = f"{self._api.version}/{identifier}/{name}"
        return self.run(lambda: read(_object(self._api.request(path, post_args=data, files=files))))

    def delete(self, identifier: str) -> None:
        self.run(lambda: self._api.delete_object(identifier))

    def settled(self, attempt: AttemptKey, now: Now, settle: timedelta) -> bool:
        """Whether a late arrival would show by now, by our clock and by the network's; and not too long ago to say."""
        return all(
            clock - attempt.last_sent_at >= settle and clock - attempt.created_at < ABSENT_KNOWN
            for clock in self.terms.clocks(now(), attempt.looked_at)
        )

    def _is_write(self, method: str, _path: str) -> bool:
        return not self._quiet and method not in ("GET", "HEAD")


def wait_until(ready: Callable[[], bool], pause: Pause, looks: int) -> bool:
    """Looks up to `looks` times, a little later each time; whether it became true."""
    for look in range(looks):
        if ready():
            return True
        pause(min(0.25 * 2**look, 3.0))
    return False


def watched_since(floor: datetime | None, now: datetime) -> datetime:
    """How old a message of ours may be that citizens still write below."""
    return min(floor or now, now) - WATCHED


def _object(told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise TypeError("not an object")
    return told
