"""What the switches for servers' manners say: (English, French, Dutch, German)."""

MANNERS: dict[str, tuple[str, str, str, str]] = {
    "manners": ("Whose servers these are", "Les serveurs imités", "Wiens servers dit zijn", "Wessen Server das sind"),
    "manners_intro": (
        "What real networks do, and do differently. It holds from now on, for every account here.",
        "Ce que font les vrais réseaux, chacun à sa façon. Cela vaut dès maintenant, pour chaque compte ici.",
        "Wat echte netwerken doen, elk op hun manier. Het geldt vanaf nu, voor elk account hier.",
        "Was echte Netzwerke tun, jedes auf seine Weise. Es gilt ab jetzt, für jedes Konto hier.",
    ),
    "software": (
        "Software of the Mastodon server",
        "Logiciel du serveur Mastodon",
        "Software van de Mastodon-server",
        "Software des Mastodon-Servers",
    ),
    "software_mastodon": ("Mastodon", "Mastodon", "Mastodon", "Mastodon"),
    "software_gotosocial": (
        "GoToSocial: keeps no key against doubles, counts every sign",
        "GoToSocial : ne garde pas de clé contre les doublons, compte chaque signe",
        "GoToSocial: bewaart geen sleutel tegen dubbels, telt elk teken",
        "GoToSocial: behält keinen Schlüssel gegen Doppelte, zählt jedes Zeichen",
    ),
    "software_takahe": (
        "Takahe: the same, and 400 for a wrong token, and orphaned answers become posts",
        "Takahe : de même, 400 pour un mauvais jeton, et les réponses orphelines deviennent des publications",
        "Takahe: hetzelfde, 400 bij een fout token, en verweesde antwoorden worden berichten",
        "Takahe: ebenso, 400 bei falschem Token, und verwaiste Antworten werden Beiträge",
    ),
    "visibility": (
        "Who sees what says nothing of it (Mastodon)",
        "Qui voit ce qui n’en dit rien (Mastodon)",
        "Wie ziet wat er niets over zegt (Mastodon)",
        "Wer sieht, was nichts dazu sagt (Mastodon)",
    ),
    "visibility_public": ("everybody", "tout le monde", "iedereen", "alle"),
    "visibility_unlisted": (
        "everybody, in no list",
        "tout le monde, dans aucune liste",
        "iedereen, in geen lijst",
        "alle, in keiner Liste",
    ),
    "visibility_private": ("followers or friends", "abonnés ou amis", "volgers of vrienden", "Folgende oder Freunde"),
    "visibility_direct": (
        "only whom it names",
        "seules les personnes nommées",
        "alleen wie genoemd wordt",
        "nur wer genannt ist",
    ),
    "seen_by": ("Who sees it", "Qui le voit", "Wie het ziet", "Wer es sieht"),
    "filters": (
        "Private mentions are filtered out of the list (Mastodon)",
        "Les mentions privées sont filtrées de la liste (Mastodon)",
        "Privévermeldingen worden uit de lijst gefilterd (Mastodon)",
        "Private Erwähnungen werden aus der Liste gefiltert (Mastodon)",
    ),
    "names": (
        "Names in X’s answers",
        "Noms dans les réponses de X",
        "Namen in de antwoorden van X",
        "Namen in den Antworten von X",
    ),
    "names_old": ("the old ones", "les anciens", "de oude", "die alten"),
    "names_new": (
        "the new ones; the old are refused",
        "les nouveaux ; les anciens sont refusés",
        "de nieuwe; de oude worden geweigerd",
        "die neuen; die alten werden abgelehnt",
    ),
    "names_silent": (
        "the new ones; the old are ignored",
        "les nouveaux ; les anciens sont ignorés",
        "de nieuwe; de oude worden genegeerd",
        "die neuen; die alten werden übergangen",
    ),
    "late_minutes": (
        "A message shows so many minutes late",
        "Un message apparaît avec autant de minutes de retard",
        "Een bericht verschijnt zoveel minuten later",
        "Eine Nachricht erscheint so viele Minuten später",
    ),
    "manners_keep": (
        "Take on these manners",
        "Adopter ces manières",
        "Deze manieren aannemen",
        "Diese Eigenheiten annehmen",
    ),
    "bad_manners": (
        "There is no such manner.",
        "Cette manière n’existe pas.",
        "Zo’n manier bestaat niet.",
        "Diese Eigenheit gibt es nicht.",
    ),
}
