"""firewall.py PORT TO: hands connections to 127.0.0.1:PORT on to 127.0.0.1:TO, and bans who makes too many.

The server behind it sees the address of whoever connects. Of each address three connections pass in a
minute; the next one, and all for 20 seconds more, are reset, as sites do by counting in their firewall.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import time
from collections import defaultdict

MOST = 3
WINDOW_SECONDS = 60
BAN_SECONDS = 20

passed: defaultdict[str, list[float]] = defaultdict(list)
banned: dict[str, float] = {}


def is_banned(address: str, now: float) -> bool:
    """Counts this connection."""
    recent = [at for at in passed[address] if now - at < WINDOW_SECONDS]
    if now < banned.get(address, 0):
        return True
    if len(recent) >= MOST:
        banned[address] = now + BAN_SECONDS
        return True
    passed[address] = [*recent, now]
    return False


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: int) -> None:
    address = writer.get_extra_info("peername")[0]
    is_out = is_banned(address, time.monotonic())
    print(f"{'banned' if is_out else 'passed'} {address}", flush=True)
    if is_out:
        # Closed by a reset.
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
        return
    try:
        far_reader, far_writer = await asyncio.open_connection(
            "127.0.0.1", to, local_addr=(address, 0)
        )
    except OSError:
        writer.close()
        return
    await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def main(port: int, to: int) -> None:
    server = await asyncio.start_server(lambda *ends: take(*ends, to), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
