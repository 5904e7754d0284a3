"""Bluesky's catalogue line."""

from networks.kinds import Capabilities, Counting, Field, Network, Profiles, SignIn, Videos
from networks.types import Metric

NETWORK = Network(
    key="bluesky",
    name="Bluesky",
    icon="bluesky",
    default_base_url="https://bsky.social",
    profiles=Profiles(
        hosts=("bsky.app",),
        paths=(r"^/profile/(?P<remote_id>did:[a-z]+:[\w.:%-]+)(?:/|$)", r"^/profile/(?P<handle>[\w.-]+)(?:/|$)"),
        address="https://bsky.app/profile/{handle}",
    ),
    sign_in=SignIn.APP_PASSWORD,
    fields=(Field("identifier", secret=False), Field("app_password", secret=True)),
    capabilities=Capabilities(
        text_limit=300,
        byte_limit=3000,
        counting=Counting.GRAPHEMES_AND_BYTES,
        max_media=4,
        media_types=("image/jpeg", "image/png", "image/webp"),
        media_bytes=2_000_000,
        alt_limit=2000,
        link_card=True,
        card_picture_bytes=1_000_000,
        # What a Personal Data Server takes as a blob where its administrator changes nothing; the network takes more.
        videos=Videos(types=("video/mp4",), max_bytes=50_000_000, max_seconds=180, captions=("text/vtt",)),
        answers_asked=True,
        finds_accounts=True,
        # Only where the server has an AppView.
        metrics=(Metric.FOLLOWERS, Metric.POSTS, Metric.LIKES, Metric.REPLIES, Metric.SHARES, Metric.QUOTES),
    ),
    connector="networks.bluesky.connector:BlueskyConnector",
    many_servers=True,
    ids_are_global=True,
)
