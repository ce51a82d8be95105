"""inetd.py PORT COMMAND...: runs the command for each connection to 127.0.0.1:PORT, which it reads from and writes to.

So a server that is in another network is reached from this one without a line between them.
"""

from __future__ import annotations

import socket
import subprocess
import sys


def main(port: int, command: list[str]) -> None:
    running: list[subprocess.Popen[bytes]] = []
    with socket.create_server(("127.0.0.1", port), backlog=100) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                running = [each for each in running if each.poll() is None]
                running.append(subprocess.Popen(command, stdin=connection, stdout=connection))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
