"""machines.py PORT SSHD... -- HOST_KEY...: several machines behind one name, as behind a balancer.

Each connection to 127.0.0.1:PORT goes to the next machine: SSHD..., in the mode of inetd, with the host key of that machine.
"""

from __future__ import annotations

import itertools
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence


def main(port: int, sshd: Sequence[str], host_keys: Sequence[str]) -> None:
    # Nobody waits for what it starts.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    turns = itertools.cycle(host_keys)
    with socket.create_server(("127.0.0.1", port), backlog=100) as server:
        while True:
            connection, _ = server.accept()
            host_key = next(turns)
            print(f"to the machine of {host_key}", flush=True)
            with connection:
                subprocess.Popen([*sshd, "-i", "-h", host_key], stdin=connection, stdout=connection)


if __name__ == "__main__":
    where = sys.argv.index("--")
    main(int(sys.argv[1]), sys.argv[2:where], sys.argv[where + 1 :])
