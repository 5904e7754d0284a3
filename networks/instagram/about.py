"""Instagram's catalogue line: professional accounts that belong to a Facebook page."""

from networks.kinds import Capabilities, Counting, Need, Network, Profiles, Purpose, Scope, SignIn, Videos
from networks.types import Metric

READ = (Purpose.READ, Purpose.ALL)
WRITE = (Purpose.WRITE, Purpose.ALL)

NETWORK = Network(
    key="instagram",
    name="Instagram",
    icon="instagram",
    default_base_url="https://www.instagram.com",
    profiles=Profiles(
        hosts=("instagram.com", "instagr.am"),
        paths=(r"^/(?:stories/)?(?P<handle>[\w.]+)(?:/|$)",),
        reserved="about accounts developer direct explore p reel reels stories tv web",
        messages="/(?:p|reel|tv)/[^/]",
        address="https://www.instagram.com/{handle}/",
    ),
    sign_in=SignIn.CONSENT,
    capabilities=Capabilities(
        text_limit=2_200,
        byte_limit=None,
        counting=Counting.CHARACTERS,
        max_media=10,
        media_types=("image/jpeg",),
        media_bytes=8_000_000,
        most_hashtags=30,
        most_handles=20,
        alt_limit=1_000,
        deletes=False,  # the API has no call for it
        searches=False,  # thirty hashtags a week and nothing else
        reply_limit=2_200,
        reply_media=False,
        needs_media=True,
        shape=(0.8, 1.91),
        videos=Videos(
            types=("video/mp4", "video/quicktime"),
            max_bytes=300_000_000,
            max_seconds=900,
            described=False,
            alone=False,  # an album holds both
            album_seconds=60,
            min_seconds=3,
            shape=(0.01, 10),
        ),
        media_from_address=True,
        flat_threads=True,
        parts_told=False,
        answers_asked=True,
        metrics=(
            Metric.FOLLOWERS,
            Metric.POSTS,
            Metric.VIEWS,
            Metric.REACH,
            Metric.LIKES,
            Metric.REPLIES,
            Metric.SHARES,
            Metric.SAVES,
        ),
        inbox_seconds=60,
        reads_back=True,
    ),
    connector="networks.instagram.connector:InstagramConnector",
    scopes=(
        Scope("pages_show_list", (Need.IDENTIFY,)),
        Scope("pages_read_engagement", (Need.IDENTIFY,)),
        Scope("instagram_basic", (Need.IDENTIFY, Need.INBOX)),
        Scope("instagram_manage_comments", (Need.INBOX, Need.ANSWER)),
        Scope("instagram_manage_insights", (Need.METRICS,), READ),
        Scope("pages_manage_metadata", (Need.LISTEN,), READ),
        Scope("instagram_content_publish", (Need.PUBLISH, Need.MEDIA), WRITE),
    ),
    consent="networks.instagram.consent:InstagramConsent",
    consent_family="graph",
    webhooks="networks.instagram.webhooks:InstagramWebhooks",
    subscriptions="networks.instagram.subscriptions:InstagramSubscriptions",
    hosts={
        "api": "https://graph.facebook.com",
        "login": "https://www.facebook.com",
        "site": "https://www.instagram.com",
    },
)
