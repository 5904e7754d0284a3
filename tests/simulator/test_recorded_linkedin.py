"""LinkedIn's answers, by shape. Nobody recorded any, so what stands here is written from the public documentation: each
field that it shows, with values of our own. The square's answers are held to it, and the connector reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import requests

from networks.egress import Egress
from networks.errors import AuthExpired, Duplicate, QuotaExhausted
from networks.linkedin.connector import LinkedInConnector
from networks.linkedin.rest import VERSION
from networks.types import AccountRef, Draft, Kind, Metric, PostRef
from tests.networks.loopback import answer, serve
from tests.networks.squares.square import attempt
from tests.simulator.fixture import Control
from tests.simulator.test_recordings import differences

ME = "urn:li:organization:7"
PAGING = {"start": 0, "count": 10, "links": []}
POST = {
    "id": "urn:li:share:5",
    "author": ME,
    "commentary": "Un \\(deux\\)",
    "visibility": "PUBLIC",
    "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
    "lifecycleState": "PUBLISHED",
    "lifecycleStateInfo": {"isEditedByAuthor": False},
    "isReshareDisabledByAuthor": False,
    "createdAt": 1_790_000_000_000,
    "publishedAt": 1_790_000_000_000,
    "lastModifiedAt": 1_790_000_000_000,
}
COMMENT = {
    "$URN": "urn:li:comment:(urn:li:activity:6,9)",
    "actor": "urn:li:person:abc",
    "commentUrn": "urn:li:comment:(urn:li:activity:6,9)",
    "commentsSummary": {"aggregatedTotalComments": 0, "selectedComments": [], "totalFirstLevelComments": 0},
    "created": {"actor": "urn:li:person:abc", "time": 1_790_000_000_000},
    "id": "9",
    "lastModified": {"actor": "urn:li:person:abc", "time": 1_790_000_000_000},
    "likesSummary": {
        "aggregatedTotalLikes": 3,
        "likedByCurrentUser": False,
        "selectedLikes": [],
        "totalFirstLevelLikes": 3,
    },
    "message": {"attributes": [], "text": "où ?"},
    "object": "urn:li:activity:6",
}
NOTIFICATION = {
    "notificationId": 12,
    "organizationalEntity": ME,
    "subscriber": "urn:li:person:xyz",
    "action": "COMMENT",
    "lastModifiedAt": 1_790_000_000_000,
    "sourcePost": "urn:li:activity:6",
    "decoratedSourcePost": {"entity": "urn:li:share:5", "owner": ME, "text": "Un (deux)", "mediaCategory": "NONE"},
    "generatedActivity": "urn:li:comment:(activity:6,9)",
    "decoratedGeneratedActivity": {
        "comment": {
            "entity": "urn:li:comment:(urn:li:activity:6,9)",
            "owner": "urn:li:person:abc",
            "object": "urn:li:activity:6",
            "text": "où ?",
        }
    },
}
TOTALS = {
    "impressionCount": 40,
    "uniqueImpressionsCount": 30,
    "clickCount": 4,
    "likeCount": 3,
    "commentCount": 2,
    "shareCount": 1,
    "engagement": 0.25,
}
STATISTICS = {"totalShareStatistics": TOTALS, "organizationalEntity": ME}
DUPLICATE = {
    "errorDetailType": "com.linkedin.common.error.BadRequest",
    "message": "BadRequestResponseException: Content is a duplicate of urn:li:share:5",
    "errorDetails": {"inputErrors": [{"description": "Duplicate post", "input": {}, "code": "DUPLICATE_POST"}]},
    "status": 422,
}
INVALID_TOKEN = {"status": 401, "serviceErrorCode": 65600, "code": "INVALID_ACCESS_TOKEN", "message": "Invalid token"}
THROTTLED = {
    "status": 429,
    "serviceErrorCode": 101,
    "code": "TOO_MANY_REQUESTS",
    "message": "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.",
}


@pytest.fixture
def ask(simulator: Control) -> Callable[..., Any]:
    """The raw answer to one call as the page `finances`."""
    token = simulator.person("finances", "SPF Finances", kind="organisation")

    def call(method: str, path: str, body: Any = None, token: str = token) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", "LinkedIn-Version": VERSION}
        return requests.request(method, simulator.url + path, json=body, headers=headers, timeout=10)

    return call


@pytest.fixture
def me(simulator: Control, ask: Callable[..., Any]) -> str:
    found = next(one for one in simulator.control("GET", "people") if one["handle"] == "finances")
    return f"urn:li:organization:{found['id']}"


def write(ask: Callable[..., Any], me: str) -> requests.Response:
    body = {"author": me, "commentary": "Un", "visibility": "PUBLIC", "lifecycleState": "PUBLISHED", "distribution": {}}
    answer: requests.Response = ask("POST", "/rest/posts", body)
    return answer


def test_a_post_its_list_and_its_duplicate(ask: Callable[..., Any], me: str) -> None:
    made = write(ask, me)
    assert (made.status_code, made.content) == (201, b"")
    urn = made.headers["x-restli-id"]
    assert differences(ask("GET", f"/rest/posts/{quote(urn)}").json(), POST, "post") == []
    listed = ask("GET", f"/rest/posts?q=author&author={quote(me)}").json()
    assert differences(listed, {"paging": PAGING | {"total": 1}, "elements": [POST]}, "posts") == []
    again = write(ask, me)
    assert again.status_code == 422
    assert differences(again.json(), DUPLICATE, "duplicate") == []
    assert urn in again.json()["message"]


def test_a_comment_and_what_a_page_is_told(simulator: Control, ask: Callable[..., Any], me: str) -> None:
    urn = write(ask, me).headers["x-restli-id"]
    simulator.speak("anna", "où ?", reply_to=int(urn.rpartition(":")[2]))
    below = f"/rest/socialActions/{quote(urn)}/comments"
    told = ask("GET", below).json()
    assert differences(told, {"paging": PAGING | {"total": 1}, "elements": [COMMENT]}, "comments") == []
    answered = ask("POST", below, {"actor": me, "object": urn, "message": {"text": "Ici"}})
    assert answered.status_code == 201
    assert differences(answered.json(), COMMENT, "comment") == []
    query = f"q=criteria&actions=List(COMMENT)&organizationalEntity={quote(me)}"
    told = ask("GET", f"/rest/organizationalEntityNotifications?{query}").json()
    assert differences(told, {"paging": PAGING | {"total": 1}, "elements": [NOTIFICATION]}, "told") == []


def test_roles_pages_and_figures(ask: Callable[..., Any], me: str) -> None:
    role = {"role": "ADMINISTRATOR", "organization": ME, "roleAssignee": "urn:li:person:x", "state": "APPROVED"}
    told = ask("GET", "/rest/organizationAcls?q=roleAssignee").json()
    assert differences(told, {"paging": PAGING | {"total": 1}, "elements": [role]}, "roles") == []
    size = ask("GET", f"/rest/networkSizes/{quote(me)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER").json()
    assert differences(size, {"firstDegreeSize": 4}, "size") == []
    query = f"q=organizationalEntity&organizationalEntity={quote(me)}"
    told = ask("GET", f"/rest/organizationalEntityShareStatistics?{query}").json()
    assert differences(told, {"paging": PAGING | {"total": 1}, "elements": [STATISTICS]}, "statistics") == []


def test_refusals(simulator: Control, ask: Callable[..., Any], me: str) -> None:
    unknown = ask("GET", f"/rest/posts?q=author&author={quote(me)}", token="unknown")
    assert unknown.status_code == 401
    assert differences(unknown.json(), INVALID_TOKEN, "error") == []
    simulator.limits(**{"linkedin:api": 0})
    throttled = ask("GET", f"/rest/posts?q=author&author={quote(me)}")
    assert throttled.status_code == 429
    assert differences(throttled.json(), THROTTLED, "error") == []


def test_a_call_without_a_version_is_refused(simulator: Control, me: str) -> None:
    headers = {"Authorization": f"Bearer {simulator.person('finances')}"}
    answer = requests.get(f"{simulator.url}/rest/organizationAcls?q=roleAssignee", headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (400, "VERSION_MISSING")


def connector(server: Any) -> LinkedInConnector:
    account = AccountRef("linkedin", server.url, ME, "fin", {"access_token": "token"})
    return LinkedInConnector(account, Egress(allow=server.allow), pause=lambda _seconds: None)


def test_the_connector_reads_what_is_documented() -> None:
    replies = {
        "/rest/posts/urn%3Ali%3Ashare%3A5": POST,
        "/rest/socialActions/urn%3Ali%3Aactivity%3A6/comments/9": COMMENT,
        "/rest/organizationalEntityNotifications": {"paging": PAGING, "elements": [NOTIFICATION]},
        "/rest/networkSizes/urn%3Ali%3Aorganization%3A7": {"firstDegreeSize": 219},
        "/rest/organizationalEntityShareStatistics": {"paging": PAGING, "elements": [STATISTICS]},
    }
    with serve(lambda asked: answer(replies[asked.path])) as server:
        made = connector(server)
        post, comment = made.fetch(PostRef("urn:li:share:5")), made.fetch(PostRef(str(COMMENT["commentUrn"])))
        page = made.inbox()
        measures = made.metrics([])
    assert post
    assert comment
    assert (post.text, post.author.id) == ("Un (deux)", ME)
    assert (comment.text, comment.author.id, comment.created_at.year) == ("où ?", "urn:li:person:abc", 2026)
    (item,) = page.items
    assert (item.ref.id, item.kind, item.text) == (COMMENT["commentUrn"], Kind.REPLY, "où ?")
    assert item.parent == PostRef("urn:li:share:5", f"{server.url}/feed/update/urn:li:share:5/")
    told = {measure.metric: (measure.value, measure.source) for measure in measures}
    assert told[Metric.FOLLOWERS] == (219, "linkedin:networkSizes.firstDegreeSize")
    assert told[Metric.REACH] == (30, "linkedin:organizationalEntityShareStatistics.uniqueImpressionsCount")
    assert len(told) == 7


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [(422, DUPLICATE, Duplicate), (401, INVALID_TOKEN, AuthExpired), (429, THROTTLED, QuotaExhausted)],
)
def test_the_connector_knows_documented_refusals(status: int, body: dict[str, Any], expected: type[Exception]) -> None:
    with serve(lambda _asked: answer(body, status)) as server, pytest.raises(expected) as caught:
        connector(server).publish(Draft("Un", "fr"), attempt())
    assert type(caught.value) is expected
