"""The citizens of a flood at work."""

from __future__ import annotations

import threading

from simulator.exchange import Refused
from simulator.floods.playing import Play
from simulator.floods.script import Step
from simulator.routing import Square
from simulator.saying import Said, say
from simulator.store import people, posts

TICK = 0.2


def perform(square: Square) -> int:
    """Does what is due; how many steps that were."""
    due = square.player.take_due()
    if due is None:
        return 0
    play, steps = due
    for step in steps:
        if not _do(square, play, step):
            play.skipped += 1
    return len(steps)


def _do(square: Square, play: Play, step: Step) -> bool:
    """False where the message that the step speaks of is gone: a trainer, or the flood itself, deleted it."""
    if step.does == "write":
        return _write(square, play, step)
    post = posts.by_id(square.db, play.labels.get(step.label, 0))
    if post is None:
        return False
    if step.does == "edit":
        posts.edit(square.db, post, _with_mentions(post.text, step.text))
    else:
        posts.delete(square.db, post)
    return True


def _with_mentions(before: str, text: str) -> str:
    """Who was addressed stays addressed: the handles at the beginning are kept."""
    words = before.split(" ")
    count = next((place for place, word in enumerate(words) if not word.startswith("@")), len(words))
    return " ".join([*words[:count], text])


def _write(square: Square, play: Play, step: Step) -> bool:
    parent = play.labels.get(step.reply_to) if step.reply_to else None
    if step.reply_to and parent is None:
        return False
    known = people.by_handle(square.db, step.by)
    author = known or people.create(square.db, handle=step.by, name=step.name, language=play.script.language)
    mention = play.organisation if step.mention == "*" else step.mention
    said = Said(
        author,
        step.text,
        reply_to=parent,
        mention=[mention] if mention else [],
        language=play.script.language,
        network=step.network,
    )
    try:
        made = say(square, said)
    except Refused:
        return False
    if step.label:
        play.labels[step.label] = made.id
    return True


class Metronome:
    """A thread that performs what is due, until it is ended."""

    def __init__(self, square: Square) -> None:
        self._square = square
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="floods", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join(5)

    def _work(self) -> None:
        while not self._ended.wait(TICK):
            perform(self._square)
