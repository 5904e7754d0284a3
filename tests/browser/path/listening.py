"""From a citizen's mention in the inbox to the answer on the network."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.path.cast import Cast


def answer_mention(cast: Cast, *, says: str, answer: str) -> str:
    """Waits for the mention to come in, sees its deadline, takes it, answers; returns the conversation's address."""
    page = cast.page("conversations")
    for _look in range(45):
        page.goto("/inbox/")
        if page.get_by_text(says, exact=False).count():
            break
        page.wait_for_timeout(2000)
    expect(page.get_by_text("Answer before", exact=False).first).to_be_visible()
    page.get_by_role("listitem").filter(has_text=says).get_by_role("link").first.click()
    page.get_by_role("button", name="Take this conversation").click()
    box = page.get_by_label("Your answer")
    box.fill(f"{box.input_value()} {answer}".strip())
    page.get_by_role("button", name="Send this answer").click()
    return page.url


def wait_until_on_the_network(cast: Cast, conversation: str, *, seconds: int) -> None:
    page = cast.page("conversations")
    for _look in range(seconds // 2):
        page.goto(conversation)
        if page.get_by_text("Answered", exact=False).count():
            return
        page.wait_for_timeout(2000)
    raise AssertionError(f"no answer on the network within {seconds} s: {conversation}")
