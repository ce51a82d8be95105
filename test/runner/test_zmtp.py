"""Our own end of ZeroMQ's protocol, against libzmq."""

import contextlib
import os
import queue
import random
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
import zmq

from jupyterlab_submit.runner import backlog, zmtp
from jupyterlab_submit.runner import pump as pump_module
from jupyterlab_submit.runner.backlog import Backlog
from jupyterlab_submit.runner.pump import Waiting, start_pump
from jupyterlab_submit.runner.stored import Stored
from jupyterlab_submit.runner.zmtp import Connection


@pytest.fixture
def context():
    with zmq.Context() as context:
        context.linger = 0
        yield context


@pytest.fixture
def connect(tmp_path, archive):
    made = []

    def connect(address, kind, identity=b""):
        came = queue.Queue()
        program = str(archive) if kind == "SUB" else None
        connection = Connection(address, kind, identity, tmp_path, came.put, program)
        connection.start()
        made.append(connection)
        return connection, came

    yield connect
    for connection in made:
        connection.close()


def wait_until(is_so, seconds=10):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def subscribed(publisher):
    """XPUB says when somebody subscribes."""
    assert publisher.recv() == b"\x01"


@pytest.mark.parametrize("over", ["ipc", "tcp"])
def test_all_that_is_published_comes(context, connect, tmp_path, over):
    publisher = context.socket(zmq.XPUB)
    publisher.sndhwm = 0
    if over == "ipc":
        address = str(tmp_path / "s")
        publisher.bind(f"ipc://{address}")
    else:
        address = ("127.0.0.1", publisher.bind_to_random_port("tcp://127.0.0.1"))
    _, came = connect(address, "SUB")
    subscribed(publisher)
    sent = [[b"a" * size, b"", b"b" * (size // 2)] for size in (0, 1, 255, 256, 70_000, 2_000_000)]
    for frames in sent * 50:
        publisher.send_multipart(frames)
    for frames in sent * 50:
        assert came.get(timeout=10) == frames
    publisher.close()


def test_a_message_that_is_too_large_to_hold_is_stored(context, connect, tmp_path):
    publisher = context.socket(zmq.XPUB)
    publisher.bind(f"ipc://{tmp_path}/s")
    _, came = connect(str(tmp_path / "s"), "SUB")
    subscribed(publisher)
    large = os.urandom(9_000_000)
    publisher.send_multipart([b"first", large, b"last", large[:3_000_000], large[:3_000_000]])
    first, stored, last, held, more = came.get(timeout=20)
    assert (first, last, held) == (b"first", b"last", large[:3_000_000])
    assert isinstance(stored, Stored) and b"".join(stored.chunks()) == large
    assert isinstance(more, Stored) and more.size == 3_000_000
    publisher.close()


def test_where_there_is_no_room_the_rest_comes(context, connect, tmp_path, monkeypatch):
    def full(self, data):
        raise OSError("no space left")

    monkeypatch.setattr(Stored, "add", full)
    publisher = context.socket(zmq.XPUB)
    publisher.bind(f"ipc://{tmp_path}/s")
    _, came = connect(str(tmp_path / "s"), "SUB")
    subscribed(publisher)
    publisher.send_multipart([b"first", bytes(9_000_000), b"last"])
    publisher.send(b"next")
    assert came.get(timeout=20) == [b"first", zmtp.NO_ROOM, b"last"]
    assert came.get(timeout=20) == [b"next"]
    publisher.close()


def test_what_is_sent_before_the_kernel_is_there_arrives(context, connect, tmp_path):
    connection, came = connect(str(tmp_path / "s"), "DEALER", b"who")
    connection.send([b"one", b"x" * 300])
    time.sleep(0.1)
    router = context.socket(zmq.ROUTER)
    router.bind(f"ipc://{tmp_path}/s")
    assert router.recv_multipart() == [b"who", b"one", b"x" * 300]
    connection.send([b"two"])
    assert router.recv_multipart() == [b"who", b"two"]
    router.send_multipart([b"who", b"answer"])
    assert came.get(timeout=10) == [b"answer"]
    router.close()


@pytest.mark.parametrize(
    "greeting",
    [
        zmtp.GREETING[:10] + b"\x01" + zmtp.GREETING[11:],
        zmtp.GREETING.replace(b"NULL\0", b"CURVE"),
        b"HTTP/1.1 400 Bad Request\r\n".ljust(64),
    ],
)
def test_one_that_speaks_otherwise_is_left_to_libzmq(connect, tmp_path, greeting):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        connection, _ = connect(str(tmp_path / "s"), "DEALER")
        peer, _ = server.accept()
        peer.sendall(greeting)
        wait_until(lambda: connection.is_unsupported)
        peer.close()


def test_a_backlog_that_is_full_waits(monkeypatch):
    monkeypatch.setattr(backlog, "HELD", 3000)
    waiting = Backlog()
    thread = threading.Thread(target=lambda: [waiting.put([b"%d" % i]) for i in range(90)])
    thread.start()
    thread.join(0.5)
    assert thread.is_alive()
    got = []
    wait_until(lambda: got.append(waiting.get()) or len([one for one in got if one]) == 90)
    assert [frames for frames in got if frames] == [[b"%d" % i] for i in range(90)]
    thread.join(5)
    assert not thread.is_alive()


@pytest.fixture
def pumped(tmp_path, archive):
    """A socket that a pump reads, the pump, and how to end both."""
    ours, theirs = socket.socketpair()
    pump = start_pump(theirs, str(archive), str(tmp_path))
    theirs.close()
    yield ours, pump
    ours.close()
    pump.stdout.close()
    assert pump.wait(10) == 0


def test_a_pump_reads_all_while_nobody_takes_it(pumped, tmp_path):
    ours, pump = pumped
    chance = random.Random(3)
    sent = [chance.randbytes(chance.randrange(1, 300_000)) for _ in range(400)]
    ours.settimeout(20)
    for data in sent[:300]:
        ours.sendall(data)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        pump.send_signal(number)
    memory = Path(f"/proc/{pump.pid}/status").read_text()
    assert int(memory.split("VmHWM:")[1].split()[0]) < 60_000
    half = sum(map(len, sent[:100]))
    got = pump.stdout.read(half)
    for data in sent[300:]:
        ours.sendall(data)
    ours.shutdown(socket.SHUT_WR)
    got += pump.stdout.read()
    assert got == b"".join(sent)
    assert list(tmp_path.iterdir()) == []


def test_a_pump_ends_with_its_runner(pumped):
    ours, pump = pumped
    pump.stdout.close()
    with contextlib.suppress(OSError):
        ours.sendall(b"x" * 1_000_000)
    assert pump.wait(10) == 0


def test_a_pump_without_room_on_the_disk_reads_on_when_there_is_some(monkeypatch, tmp_path):
    def full(*arguments):
        raise OSError("no space left")

    waiting = Waiting(str(tmp_path))
    monkeypatch.setattr(pump_module, "HELD", 10)
    monkeypatch.setattr(os, "pwrite", full)
    waiting.add(b"first 10 b")
    assert waiting.takes_more
    waiting.add(b"second")
    assert not waiting.takes_more
    got = b""
    while waiting.size:
        got += waiting.first()[:3]
        waiting.drop(len(waiting.first()[:3]))
    assert got == b"first 10 bsecond" and waiting.takes_more
