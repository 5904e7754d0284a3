"""What a Personal Data Server's answers mean: XRPC names its errors, and the name says more than the status."""

from __future__ import annotations

from networks.answers import judge, network_words, read_json
from networks.egress import Answer
from networks.errors import AuthExpired, Gone, NetworkError, PermissionMissing, Unsupported


class RepositoryGone(Gone):
    """A whole repository is not there, or is put to rest: somebody else's is gone, and our own is no longer ours."""


NAMED: dict[str, type[NetworkError]] = {
    "AccountDeactivated": AuthExpired,
    "AccountTakedown": AuthExpired,
    "AuthenticationRequired": AuthExpired,
    "AuthFactorTokenRequired": AuthExpired,
    "AuthMissing": AuthExpired,
    "ExpiredToken": AuthExpired,
    "InvalidToken": AuthExpired,
    "InvalidPermissions": PermissionMissing,
    "MethodNotImplemented": Unsupported,
    "NotFound": Gone,
    "RecordNotFound": Gone,
    "RepoDeactivated": RepositoryGone,
    "RepoNotFound": RepositoryGone,
    "RepoTakendown": RepositoryGone,
    "XRPCNotSupported": Unsupported,
}
# What a server says of a repository that it has not, or has put to rest; the name is that of any bad question.
NO_REPOSITORY = "could not find repo"
# A bare server's words for a method that only an AppView serves; it has no name for that.
NO_APPVIEW = "no service configured"
PUBLIC_WRITES = (
    "com.atproto.repo.applyWrites",
    "com.atproto.repo.createRecord",
    "com.atproto.repo.deleteRecord",
    "com.atproto.repo.putRecord",
)


def judge_xrpc(answer: Answer, write: bool) -> NetworkError | None:
    """What `answer` means; None when it is good. Only a refusal (4xx) is read by its name."""
    if not 400 <= answer.status < 500 or answer.status == 429:
        return judge(answer, write)
    told = read_json(answer)
    name = told.get("error") if isinstance(told, dict) else None
    words = network_words(answer)
    if NO_APPVIEW in words.lower():
        return Unsupported(words)
    if NO_REPOSITORY in words.lower():
        return RepositoryGone(words)
    kind = NAMED.get(name) if isinstance(name, str) else None
    return kind(words) if kind else judge(answer, write)


def is_public_write(method: str, path: str) -> bool:
    """Signing in and uploading are POSTs too, but nobody sees anything of them."""
    return method == "POST" and path.rpartition("/")[2] in PUBLIC_WRITES
