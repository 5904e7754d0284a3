"""The citizens of a flood at work."""

from __future__ import annotations

import threading

from simulator.exchange import Refused
from simulator.floods.playing import Play
from simulator.floods.script import Step
from simulator.routing import Simulator
from simulator.saying import Said, say
from simulator.store import people, posts

TICK = 0.2


def perform(simulator: Simulator) -> int:
    """Does what is due; how many steps that were."""
    due = simulator.player.take_due()
    if due is None:
        return 0
    play, steps = due
    for step in steps:
        if not _do(simulator, play, step):
            play.skipped += 1
    return len(steps)


def _do(simulator: Simulator, play: Play, step: Step) -> bool:
    """False where the message that the step speaks of is gone: a trainer, or the flood itself, deleted it."""
    if step.does == "write":
        return _write(simulator, play, step)
    post = posts.by_id(simulator.db, play.labels.get(step.label, 0))
    if post is None:
        return False
    if step.does == "edit":
        posts.edit(simulator.db, post, _with_mentions(post.text, step.text))
    else:
        posts.delete(simulator.db, post)
    return True


def _with_mentions(before: str, text: str) -> str:
    """Who was addressed stays addressed: the handles at the beginning are kept."""
    words = before.split(" ")
    count = next((place for place, word in enumerate(words) if not word.startswith("@")), len(words))
    return " ".join([*words[:count], text])


def _write(simulator: Simulator, play: Play, step: Step) -> bool:
    parent = play.labels.get(step.reply_to) if step.reply_to else None
    if step.reply_to and parent is None:
        return False
    known = people.by_handle(simulator.db, step.by)
    author = known or people.create(simulator.db, handle=step.by, name=step.name, language=play.script.language)
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
        made = say(simulator, said)
    except Refused:
        return False
    if step.label:
        play.labels[step.label] = made.id
    return True


class Metronome:
    """A thread that performs what is due, until it is ended."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="floods", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join(5)

    def _work(self) -> None:
        while not self._ended.wait(TICK):
            perform(self._simulator)
