"""Facebook's catalogue line: pages, for people's own profiles are closed to programs."""

from networks.kinds import Capabilities, Counting, Need, Network, Profiles, Purpose, Scope, SignIn, Videos
from networks.types import Metric

READ = (Purpose.READ, Purpose.ALL)
WRITE = (Purpose.WRITE, Purpose.ALL)

NETWORK = Network(
    key="facebook",
    name="Facebook",
    icon="facebook",
    default_base_url="https://www.facebook.com",
    profiles=Profiles(
        hosts=("facebook.com", "fb.com", "fb.me"),
        has_groups=True,
        paths=(
            r"^/(?:pages|people|pg/pages)/[^/]+/(?P<remote_id>\d{5,})(?:/|$)",
            r"^/(?:pages/category/[^/]+/|p/)?[^/]+-(?P<remote_id>\d{9,})(?:/|$)",
            r"^/(?P<remote_id>\d{9,})(?:/|$)",
            r"^/(?:pg/)?(?P<handle>[\w.-]+)(?:/|$)",
        ),
        parameters={"profile.php?id": "remote_id", "page.php?id": "remote_id"},
        reserved=(
            "events groups hashtag help home.php login login.php marketplace media pages people "
            "permalink.php photo photo.php policies privacy profile.php reel search share share.php "
            "sharer sharer.php story.php tr video.php watch"
        ),
        messages="/(?:posts|videos|photos|reels?)/[^/]",
        address="https://www.facebook.com/{handle}",
        dots_are_nothing=True,
    ),
    sign_in=SignIn.CONSENT,
    capabilities=Capabilities(
        text_limit=63_206,
        byte_limit=None,
        counting=Counting.CHARACTERS,
        max_media=10,
        media_types=("image/jpeg", "image/png", "image/gif", "image/webp"),
        media_bytes=4_000_000,
        alt_limit=1_000,
        searches=False,  # public messages are closed to programs
        reply_limit=8_000,
        reply_media=False,
        videos=Videos(
            types=("video/mp4", "video/quicktime"),
            max_bytes=1_750_000_000,
            max_seconds=14_400,
            captions=("application/x-subrip",),
        ),
        link_card=True,
        flat_threads=True,
        answers_asked=True,
        metrics=(Metric.FOLLOWERS, Metric.VIEWS, Metric.LIKES, Metric.REPLIES, Metric.SHARES),
        inbox_seconds=60,
        reads_back=True,
    ),
    connector="networks.facebook.connector:FacebookConnector",
    scopes=(
        Scope("pages_show_list", (Need.IDENTIFY,)),
        Scope("pages_read_engagement", (Need.INBOX, Need.METRICS)),
        Scope("pages_read_user_content", (Need.INBOX,), READ),
        Scope("read_insights", (Need.METRICS,), READ),
        Scope("pages_manage_metadata", (Need.LISTEN,), READ),
        Scope("pages_manage_posts", (Need.PUBLISH, Need.MEDIA, Need.DELETE), WRITE),
        Scope("pages_manage_engagement", (Need.ANSWER, Need.DELETE), WRITE),
    ),
    consent="networks.facebook.consent:FacebookConsent",
    consent_family="graph",
    webhooks="networks.facebook.webhooks:FacebookWebhooks",
    subscriptions="networks.facebook.subscriptions:FacebookSubscriptions",
    hosts={
        "api": "https://graph.facebook.com",
        "login": "https://www.facebook.com",
        "site": "https://www.facebook.com",
    },
)
