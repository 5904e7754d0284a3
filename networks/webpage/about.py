"""The catalogue line of web pages."""

from networks.kinds import Capabilities, Counting, Network, SignIn

NETWORK = Network(
    key="webpage",
    name="Web",
    icon="globe2",
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
        search_seconds=900,
    ),
    connector="networks.webpage.connector:WebPageConnector",
    holds_accounts=False,
)
