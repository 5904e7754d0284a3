"""The catalogue line of feeds."""

from networks.kinds import Capabilities, Counting, Network, SignIn

NETWORK = Network(
    key="feed",
    name="RSS/Atom",
    icon="rss",
    default_base_url="",
    sign_in=SignIn.NONE,
    capabilities=Capabilities(
        text_limit=0,
        byte_limit=None,
        counting=Counting.CHARACTERS,
        max_media=0,
        media_types=(),
        media_bytes=0,
        alt_limit=0,
        publishes=False,
        deletes=False,
        replies=False,
        mentions=False,
        search_seconds=600,
    ),
    connector="networks.feed.connector:FeedConnector",
    holds_accounts=False,
    instead="webpage",
)
