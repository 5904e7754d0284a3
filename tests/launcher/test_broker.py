"""The embedded broker loses nothing and gives each message to one consumer."""

import json
import multiprocessing
import time
from pathlib import Path

import pytest
from kombu import Connection, Exchange, Queue

MESSAGES, PRODUCERS, CONSUMERS = 1_000, 3, 2
QUEUE = Queue("work", Exchange("work", type="direct"), routing_key="work")


def connect(folder: str) -> Connection:
    messages = f"{folder}/messages"
    options = {"data_folder_in": messages, "data_folder_out": messages, "control_folder": f"{folder}/control"}
    return Connection("filesystem://", transport="governance.filesystem_broker:Transport", transport_options=options)


def produce(folder: str, first: int) -> None:
    with connect(folder) as connection:
        producer = connection.Producer()
        for number in range(first, MESSAGES, PRODUCERS):
            producer.publish(
                {"n": number, "padding": "x" * 3_000}, exchange=QUEUE.exchange, routing_key="work", declare=[QUEUE]
            )


def consume(folder: str, results: str) -> None:
    """Takes until a message says that no more will come; passes that on to the other consumers."""
    got: list[int] = []
    with connect(folder) as connection:
        queue = connection.SimpleQueue(QUEUE)
        while True:
            message = queue.get(timeout=60)
            if message.payload["n"] < 0:
                break
            got.append(message.payload["n"])
            message.ack()
        queue.close()
    Path(results).write_text(json.dumps(got))


@pytest.mark.slow
def test_a_thousand_messages_from_three_producers_reach_two_consumers_once(tmp_path: Path) -> None:
    folder = str(tmp_path / "broker")
    context = multiprocessing.get_context("spawn")
    results = [str(tmp_path / f"got-{number}.json") for number in range(CONSUMERS)]
    consumers = [context.Process(target=consume, args=(folder, result)) for result in results]
    producers = [context.Process(target=produce, args=(folder, number)) for number in range(PRODUCERS)]
    for process in consumers + producers:
        process.start()
    for process in producers:
        process.join(timeout=100)
        assert process.exitcode == 0
    with connect(folder) as connection:
        for _ in consumers:
            connection.Producer().publish({"n": -1}, exchange=QUEUE.exchange, routing_key="work", declare=[QUEUE])
    for process in consumers:
        process.join(timeout=100)
        assert process.exitcode == 0
    got = sorted(number for result in results for number in json.loads(Path(result).read_text()))
    assert got == list(range(MESSAGES))
    assert not list((tmp_path / "broker" / "messages").glob("*.taken"))


def test_messages_come_in_the_order_they_were_sent(tmp_path: Path) -> None:
    with connect(str(tmp_path)) as connection:
        queue = connection.SimpleQueue(QUEUE)
        for number in range(20):
            queue.put({"n": number})
        assert queue.qsize() == 20
        assert [queue.get(timeout=5).payload["n"] for _ in range(20)] == list(range(20))
        queue.close()


def test_a_half_written_message_is_seen_by_nobody(tmp_path: Path) -> None:
    with connect(str(tmp_path)) as connection:
        queue = connection.SimpleQueue(QUEUE)
        (tmp_path / "messages" / f"{time.time_ns()}_half.writing").write_text('{"body": "cut sh')
        assert queue.qsize() == 0
        with pytest.raises(queue.Empty):
            queue.get(timeout=0.3)
        queue.close()


def test_purging_empties_one_queue_only(tmp_path: Path) -> None:
    with connect(str(tmp_path)) as connection:
        work, other = connection.SimpleQueue(QUEUE), connection.SimpleQueue("other")
        work.put({"n": 1})
        other.put({"n": 2})
        assert work.clear() == 1
        assert other.get(timeout=5).payload["n"] == 2
        work.close()
        other.close()
