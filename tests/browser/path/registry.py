"""From the request for an account to its connection, by hand in the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playwright.sync_api import Page

from tests.browser.path.cast import Cast

# What is ticked in each step: the group's name, and which of it; empty: all.
TICKED = {
    "account": {
        "Ten questions before you ask": [],
        "How the languages are served": ["One language alone, for a reason"],
        "For how long": ["For good"],
    },
    "reasons": {
        "For whom your service works": ["We deal with citizens or businesses ourselves"],
        "Was the need measured with users?": ["No"],
    },
    "running": {
        "What is published": ["Information", "Questions of the public"],
        "Is the task in the job description of who does it?": ["Yes"],
        "Moderation of comments": ["Active: comments are read every working day"],
        "How soon people get an answer": ["Within one working day"],
    },
    "safety": {
        "Security measures in place": [],
        "Personal data (GDPR)": ["No personal data are collected"],
        "Role in a crisis": ["None"],
    },
}


def _answer(page: Page, ticked: Mapping[str, Sequence[str]], typed: Mapping[str, str]) -> None:
    for group, labels in ticked.items():
        within = page.get_by_role("group", name=group)
        for box in [within.get_by_label(one, exact=True) for one in labels] or within.get_by_role("checkbox").all():
            box.check()
    for label, text in typed.items():
        page.get_by_label(label).fill(text)


def ask_for_account(cast: Cast, *, network: str, handle: str, server: str) -> str:
    """The requester fills in the questionnaire and submits it; returns the dossier's address."""
    page = cast.page("requester")
    page.goto("/registry/dossiers/new/")
    page.get_by_label("Network", exact=True).select_option(label=network)
    page.get_by_label("Kind of account").select_option(label="Profile")
    page.get_by_label("Name on the network").fill(handle)
    page.get_by_label("Server").fill(server)
    page.get_by_label("English").check()
    _answer(page, TICKED["account"], {"Official site to which it links": "https://tax.example"})
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("What is the account for?").fill("To answer questions about tax returns.")
    page.get_by_label("Citizens", exact=True).check()
    page.get_by_label("Why does an existing account not suffice?").fill("No account speaks to taxpayers.")
    _answer(
        page,
        TICKED["reasons"],
        {
            "Strategic goal served": "Fewer questions by telephone",
            "Evidence that this audience is on this network": "Half of our callers named it in May.",
        },
    )
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Owner", exact=True).select_option(label=cast.people["requester"].name)
    page.get_by_label("Backup holder").select_option(label=cast.people["colleague"].name)
    page.get_by_role("button", name="Save and go on").click()
    _answer(page, TICKED["running"], {"Messages a week": "5", "Hours of work a week": "10"})
    page.get_by_role("button", name="Save and go on").click()
    _answer(
        page,
        TICKED["safety"],
        {
            "What can go wrong, and what you do then": "Hostile comments: hidden, and answered once.",
            "Indicators and targets": "Answered in time | within one working day | 95 %",
            "Plan for closing and archiving": "Its owner closes it and keeps the archive.",
        },
    )
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Submit this dossier").click()
    page.get_by_text("The dossier is submitted.").wait_for()
    return page.url


def approve_in_committee(cast: Cast, dossier: str) -> None:
    """The chair passes it on, ICT/security advises, two of two vote, the chair records what the votes say."""
    chair, legal, security = cast.page("chair"), cast.page("legal"), cast.page("security")
    chair.goto(dossier)
    chair.get_by_role("button", name="Pass this dossier to the committee").click()
    security.goto("/")
    security.get_by_role("link", name="Give the advice").first.click()
    security.get_by_label("Favourable", exact=True).check()
    security.get_by_label("Why?").fill("A vault, two factors, a recovery address of the service.")
    security.get_by_role("button", name="Give this advice").click()
    security.get_by_text("Your advice is with the committee.").wait_for()
    for page in (legal, chair):
        page.goto(dossier)
        page.get_by_role("radio", name="For", exact=True).check()
        page.get_by_role("textbox", name="Why?").first.fill("Clear purpose, two people answer for it.")
        page.get_by_role("button", name="Vote on this dossier").click()
    chair.get_by_role("textbox", name="The committee's reasons").fill("The public is there, and alone.")
    chair.get_by_role("button", name="Record the approval").click()
    chair.get_by_role("link", name="See the account").wait_for()


def connect(cast: Cast, dossier: str, *, fields: Mapping[str, str]) -> str:
    """The account manager gives the credentials by hand; returns the account's address."""
    page = cast.page("requester")
    page.goto(dossier)
    page.get_by_role("link", name="See the account").click()
    page.get_by_role("link", name="Connect").first.click()
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Connect this account").click()
    page.get_by_text("Connected", exact=True).first.wait_for()
    return page.url
