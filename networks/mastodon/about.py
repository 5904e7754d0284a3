"""Mastodon's catalogue line."""

from networks.kinds import Capabilities, Counting, Field, Network, SignIn
from networks.types import Metric

NETWORK = Network(
    key="mastodon",
    name="Mastodon",
    icon="mastodon",
    default_base_url="https://mastodon.social",
    sign_in=SignIn.ACCESS_TOKEN,
    fields=(Field("access_token", secret=True),),
    capabilities=Capabilities(
        text_limit=500,
        byte_limit=None,
        counting=Counting.MASTODON,
        max_media=4,
        media_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        media_bytes=16_000_000,
        alt_limit=1500,
        reply_names_author=True,
        metrics=(Metric.FOLLOWERS, Metric.POSTS, Metric.LIKES, Metric.SHARES, Metric.REPLIES, Metric.QUOTES),
    ),
    connector="networks.mastodon.connector:MastodonConnector",
    many_servers=True,
)
