"""All that the pages say, in English, French, Dutch and German."""

from __future__ import annotations

import re

from simulator.exchange import Request
from simulator.pages.german import GERMAN
from simulator.pages.manner_words import MANNERS
from simulator.pages.trainer_words import TRAINER

LANGUAGES = {"en": "English", "fr": "Français", "nl": "Nederlands", "de": "Deutsch"}

# key: (English, French, Dutch); the German stands beside, in `german`.
_OWN: dict[str, tuple[str, str, str]] = {
    "name": ("Training square", "Place d’exercice", "Oefenplein"),
    "training": ("Training network.", "Réseau d’exercice.", "Oefennetwerk."),
    "not_public": (
        "Nothing here is public, and nobody here is real.",
        "Rien n’est public ici, et personne n’est réel.",
        "Niets is hier openbaar en niemand is echt.",
    ),
    "skip": ("Skip to the content", "Aller au contenu", "Naar de inhoud"),
    "pages": ("Pages", "Pages", "Pagina’s"),
    "languages": ("Language", "Langue", "Taal"),
    "square": ("The square", "La place", "Het plein"),
    "faults": ("Faults", "Pannes", "Storingen"),
    "missing": ("Not here", "Introuvable", "Niet gevonden"),
    "missing_why": (
        "This page or message does not exist, or was deleted.",
        "Cette page ou ce message n’existe pas, ou a été supprimé.",
        "Deze pagina of dit bericht bestaat niet of is verwijderd.",
    ),
    "to_square": ("Go to the square", "Aller à la place", "Naar het plein"),
    "write": ("Say something", "Dire quelque chose", "Iets zeggen"),
    "reply_title": ("Answer this message", "Répondre à ce message", "Dit bericht beantwoorden"),
    "speak_as": ("You play", "Vous jouez", "U speelt"),
    "mention": ("To whom", "À qui", "Aan wie"),
    "mention_nobody": ("To everybody", "À tout le monde", "Aan iedereen"),
    "message": ("Message", "Message", "Bericht"),
    "message_language": ("Language of the message", "Langue du message", "Taal van het bericht"),
    "send": ("Put the message on the square", "Publier le message sur la place", "Bericht op het plein zetten"),
    "send_reply": ("Send the answer", "Envoyer la réponse", "Antwoord versturen"),
    "reply": ("Answer", "Répondre", "Antwoorden"),
    "reply_to": ("Answer {name}", "Répondre à {name}", "{name} antwoorden"),
    "conversation": ("Conversation", "Conversation", "Gesprek"),
    "timeline": ("What is being said", "Ce qui se dit", "Wat er gezegd wordt"),
    "empty": (
        "Nobody has said anything yet. Pick somebody and write the first message.",
        "Personne n’a encore parlé. Choisissez quelqu’un et écrivez le premier message.",
        "Niemand heeft al iets gezegd. Kies iemand en schrijf het eerste bericht.",
    ),
    "older": ("Older messages", "Messages plus anciens", "Oudere berichten"),
    "refresh": ("Show new messages by itself", "Afficher seul les nouveaux messages", "Nieuwe berichten vanzelf tonen"),
    "refreshed": ("The square has new messages.", "Il y a de nouveaux messages.", "Er zijn nieuwe berichten."),
    "organisation": ("organisation", "organisation", "organisatie"),
    "add_person": ("Add a citizen", "Ajouter un citoyen", "Een burger toevoegen"),
    "person_name": ("Name", "Nom", "Naam"),
    "handle": ("Handle", "Identifiant", "Gebruikersnaam"),
    "handle_help": (
        "1 to 30 letters, digits or underscores",
        "1 à 30 lettres, chiffres ou tirets bas",
        "1 tot 30 letters, cijfers of underscores",
    ),
    "add": ("Add this citizen", "Ajouter ce citoyen", "Deze burger toevoegen"),
    "no_text": ("Write something first.", "Écrivez d’abord quelque chose.", "Schrijf eerst iets."),
    "too_long": (
        "{actual} characters: at most {limit}. Your text is kept below.",
        "{actual} caractères : {limit} au plus. Votre texte est conservé ci-dessous.",
        "{actual} tekens: hoogstens {limit}. Uw tekst staat hieronder nog.",
    ),
    "no_parent": (
        "The message you answer was deleted meanwhile. Your text is kept below.",
        "Le message auquel vous répondez a été supprimé entre-temps. Votre texte est conservé ci-dessous.",
        "Het bericht dat u beantwoordt, is intussen verwijderd. Uw tekst staat hieronder nog.",
    ),
    "no_person": ("Choose whom you play.", "Choisissez qui vous jouez.", "Kies wie u speelt."),
    "bad_handle": (
        "A handle has 1 to 30 letters, digits or underscores.",
        "Un identifiant compte 1 à 30 lettres, chiffres ou tirets bas.",
        "Een gebruikersnaam telt 1 tot 30 letters, cijfers of underscores.",
    ),
    "problem": ("This did not work", "Cela n’a pas marché", "Dat is niet gelukt"),
    "no_alt": ("No description", "Sans description", "Zonder beschrijving"),
    "described": ("Description", "Description", "Beschrijving"),
    "messages_of": ("Messages of {name}", "Messages de {name}", "Berichten van {name}"),
    # sign-in of an app
    "consent": (
        "Let {app} act for somebody?",
        "Laisser {app} agir au nom de quelqu’un ?",
        "Mag {app} namens iemand handelen?",
    ),
    "consent_asks": ("It asks for:", "Elle demande :", "Ze vraagt:"),
    "act_as": ("It acts as", "Elle agit au nom de", "Ze handelt als"),
    "allow": ("Allow", "Autoriser", "Toestaan"),
    "deny": ("Refuse", "Refuser", "Weigeren"),
    "nobody": (
        "There is nobody on the square yet. Add somebody on the square first.",
        "Il n’y a encore personne sur la place. Ajoutez d’abord quelqu’un.",
        "Er is nog niemand op het plein. Voeg eerst iemand toe.",
    ),
    "code": ("Your code", "Votre code", "Uw code"),
    "code_how": (
        "Copy it into the app. It works once, for ten minutes.",
        "Copiez-le dans l’application. Il sert une fois, pendant dix minutes.",
        "Kopieer hem naar de app. Hij werkt één keer, tien minuten lang.",
    ),
    "refused": ("The app gets no access", "L’application n’obtient pas d’accès", "De app krijgt geen toegang"),
    # faults
    "faults_intro": (
        "Here a trainer lets the network misbehave for programs. The square’s own pages stay well.",
        "Ici, un formateur dérègle le réseau pour les programmes. Les pages de la place restent intactes.",
        "Hier laat een trainer het netwerk haperen voor programma’s. De pagina’s van het plein blijven werken.",
    ),
    "active": ("Faults turned on", "Pannes actives", "Actieve storingen"),
    "no_faults": (
        "None: the network behaves.",
        "Aucune : le réseau se comporte bien.",
        "Geen: het netwerk gedraagt zich.",
    ),
    "add_fault": ("Turn a fault on", "Activer une panne", "Een storing inschakelen"),
    "kind": ("What goes wrong", "Ce qui se passe mal", "Wat er misgaat"),
    "where": ("Where", "Où", "Waar"),
    "where_posts": ("when a message is sent", "à l’envoi d’un message", "bij het versturen van een bericht"),
    "where_media": ("when a picture is sent", "à l’envoi d’une image", "bij het versturen van een beeld"),
    "where_captions": (
        "when captions are sent",
        "à l’envoi de sous-titres",
        "bij het versturen van ondertitels",
    ),
    "where_lists": ("when messages are fetched", "à la lecture des messages", "bij het ophalen van berichten"),
    "where_all": ("everywhere", "partout", "overal"),
    "often": ("How often, in %", "Fréquence, en %", "Hoe vaak, in %"),
    "seconds": ("Seconds, for delays", "Secondes, pour les retards", "Seconden, bij vertraging"),
    "times": (
        "At most how many times (empty: no end)",
        "Combien de fois au plus (vide : sans fin)",
        "Hoogstens hoeveel keer (leeg: zonder einde)",
    ),
    "turn_on": ("Turn this fault on", "Activer cette panne", "Deze storing inschakelen"),
    "turn_off": ("Turn off", "Désactiver", "Uitschakelen"),
    "turn_off_all": ("Turn all faults off", "Désactiver toutes les pannes", "Alle storingen uitschakelen"),
    "struck": ("Struck so far", "Survenues", "Voorgevallen"),
    "action": ("Action", "Action", "Actie"),
    "kind_late": ("Slow: works after a delay", "Lent : agit après un délai", "Traag: werkt na een tijd"),
    "kind_lost_answer": (
        "Done, but the answer is lost",
        "C’est fait, mais la réponse se perd",
        "Gedaan, maar het antwoord gaat verloren",
    ),
    "kind_reset": ("Cut off, nothing done", "Coupé, rien n’est fait", "Afgebroken, niets gedaan"),
    "kind_truncated": ("Done, half an answer", "C’est fait, une demi-réponse", "Gedaan, een half antwoord"),
    "kind_429": ("Too many calls (429)", "Trop d’appels (429)", "Te veel oproepen (429)"),
    "kind_500": ("Server error (500)", "Erreur du serveur (500)", "Serverfout (500)"),
    "kind_503": ("Out of service (503)", "Hors service (503)", "Buiten dienst (503)"),
    "kind_html": (
        "A web page in place of data",
        "Une page web au lieu de données",
        "Een webpagina in plaats van gegevens",
    ),
    "kind_list_lag": ("Lists lag behind", "Listes en retard", "Lijsten lopen achter"),
    "kind_late_key": (
        "The key against doubles is stored late",
        "La clé contre les doublons est stockée en retard",
        "De sleutel tegen dubbels wordt laat bewaard",
    ),
    "bad_fault": ("This fault cannot be turned on", "Cette panne ne peut être activée", "Deze storing kan niet aan"),
}

_WORDS = {key: (*three, GERMAN[key]) for key, three in _OWN.items()} | TRAINER | MANNERS


class Words:
    """The words of one language; `[]` gives plain text that holds no HTML sign but quotes never end an attribute."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._place = list(LANGUAGES).index(language)

    def __getitem__(self, key: str) -> str:
        return _WORDS[key][self._place]


def words_for(request: Request) -> Words:
    """`?lang=` first, then what the browser prefers, then English."""
    if request.text("lang") in LANGUAGES:
        return Words(request.text("lang"))
    preferred = []
    for part in request.headers.get("accept-language", "").split(","):
        match = re.match(r"\s*([A-Za-z]{2})[^;]*(?:;\s*q=([\d.]+))?", part)
        if match and match[1].lower() in LANGUAGES:
            preferred.append((float(match[2] or 1), match[1].lower()))
    preferred.sort(key=lambda found: -found[0])
    return Words(preferred[0][1] if preferred else "en")
