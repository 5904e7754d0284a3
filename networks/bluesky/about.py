"""Bluesky's catalogue line."""

from networks.kinds import Capabilities, Counting, Field, Network, SignIn

NETWORK = Network(
    key="bluesky",
    name="Bluesky",
    icon="bluesky",
    default_base_url="https://bsky.social",
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
    ),
    connector="networks.bluesky.connector:BlueskyConnector",
    many_servers=True,
    ids_are_global=True,
)
