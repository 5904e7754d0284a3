"""X's catalogue line. Its prices are those of the self-serve tier."""

from datetime import date
from decimal import Decimal

from networks.kinds import Capabilities, Counting, Need, Network, Prices, Profiles, Purpose, Scope, SignIn, Videos
from networks.types import Metric

READ = (Purpose.READ, Purpose.ALL)
WRITE = (Purpose.WRITE, Purpose.ALL)

NETWORK = Network(
    key="x",
    name="X",
    icon="twitter-x",
    default_base_url="https://x.com",
    profiles=Profiles(
        hosts=("x.com", "twitter.com"),
        paths=(r"^/i/user/(?P<remote_id>\d+)(?:/|$)", r"^/@?(?P<handle>\w{1,15})(?:/|$)"),
        parameters={
            "intent/user?screen_name": "handle",
            "intent/user?user_id": "remote_id",
            "intent/follow?screen_name": "handle",
        },
        reserved="compose explore hashtag home i intent login search settings share signup tos privacy",
        messages="/status(?:es)?/",
        address="https://x.com/{handle}",
    ),
    sign_in=SignIn.CONSENT,
    capabilities=Capabilities(
        text_limit=280,
        byte_limit=None,
        counting=Counting.WEIGHTED,
        max_media=4,
        media_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        media_bytes=5_000_000,
        alt_limit=1_000,
        most_cashtags=1,  # self-serve
        videos=Videos(
            types=("video/mp4", "video/quicktime"),
            max_bytes=512_000_000,
            max_seconds=140,
            min_seconds=0.5,
            shape=(1 / 3, 3),
            captions=("application/x-subrip", "text/vtt"),
        ),
        metrics=(
            Metric.FOLLOWERS,
            Metric.POSTS,
            Metric.VIEWS,
            Metric.LIKES,
            Metric.REPLIES,
            Metric.SHARES,
            Metric.QUOTES,
            Metric.SAVES,
        ),
        prices=Prices(
            post=Decimal("0.015"),
            post_with_link=Decimal("0.20"),  # since 20 April 2026; nothing says that a summoned reply is exempt
            mention=Decimal("0.005"),
            read=Decimal("0.005"),
            user=Decimal("0.010"),  # perhaps not for authors that come along with messages: rather too dear
            summoned_reply=Decimal("0.010"),
            own_mention=Decimal("0.001"),
            at=date(2026, 8, 1),
            source="https://docs.x.com/x-api/getting-started/pricing",
        ),
        inbox_seconds=300,
        search_seconds=3600,
        recheck_days=7,
    ),
    connector="networks.x.connector:XConnector",
    scopes=(
        Scope("tweet.read", (Need.INBOX, Need.SEARCH, Need.METRICS)),
        Scope("users.read", (Need.IDENTIFY, Need.METRICS)),
        Scope("tweet.write", (Need.PUBLISH, Need.ANSWER, Need.DELETE), WRITE),
        Scope("media.write", (Need.MEDIA,), WRITE),
        Scope("offline.access", (Need.STAY_CONNECTED,)),
        # X tells of everything or of nothing, and wants these two for it. Parvis reads and sends no private message.
        Scope("dm.read", (Need.LISTEN,), READ),
        Scope("dm.write", (Need.LISTEN,), READ),
    ),
    consent="networks.x.consent:XConsent",
    webhooks="networks.x.webhooks:XWebhooks",
    subscriptions="networks.x.subscriptions:XSubscriptions",
    listening_needs=("webhook_secret", "token"),
    hosts={"api": "https://api.x.com", "login": "https://x.com", "site": "https://x.com"},
)
