"""Mastodon's catalogue line."""

from networks.kinds import Capabilities, Counting, Field, Need, Network, Profiles, Purpose, Scope, SignIn, Videos
from networks.types import Audience, Metric

READING = (Purpose.READ, Purpose.ALL)
WRITING = (Purpose.WRITE, Purpose.ALL)

NETWORK = Network(
    key="mastodon",
    name="Mastodon",
    icon="mastodon",
    default_base_url="https://mastodon.social",
    profiles=Profiles(address="https://{server}/@{handle}"),
    sign_in=SignIn.ACCESS_TOKEN,
    fields=(Field("access_token", secret=True),),
    scopes=(
        Scope("read:accounts", (Need.IDENTIFY, Need.METRICS)),
        Scope("read:statuses", (Need.PUBLISH, Need.INBOX, Need.METRICS)),  # publishing looks whether it is there
        Scope("read:notifications", (Need.INBOX,), READING),
        Scope("read:search", (Need.SEARCH,), READING),
        Scope("write:statuses", (Need.PUBLISH, Need.ANSWER, Need.DELETE), WRITING),
        Scope("write:media", (Need.MEDIA,), WRITING),
    ),
    consent="networks.mastodon.consent:MastodonConsent",
    facts="networks.mastodon.instance:read_facts",
    registers_itself=True,
    # What every server takes: many take more, and say so (`facts`). Words for a picture grew to 10,000 with 4.6.
    capabilities=Capabilities(
        text_limit=500,
        byte_limit=None,
        counting=Counting.MASTODON,
        max_media=4,
        media_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        media_bytes=16_000_000,
        alt_limit=1500,
        videos=Videos(("video/mp4", "video/webm"), 40_000_000),
        reply_names_author=True,
        audiences=tuple(Audience),
        warnings=True,
        answers_asked=True,
        finds_accounts=True,
        metrics=(Metric.FOLLOWERS, Metric.POSTS, Metric.LIKES, Metric.SHARES, Metric.REPLIES, Metric.QUOTES),
    ),
    connector="networks.mastodon.connector:MastodonConnector",
    many_servers=True,
)
