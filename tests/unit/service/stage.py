"""A stage for the service: it runs for as long as a play takes."""

import asyncio
import socket
from contextlib import closing

from sentinel import assembly, service

LINE = (
    b"<38>1 2026-11-22T05:00:00Z web01 sshd 4711 - - Failed password for root"
    b" from 203.0.113.45 port 51234 ssh2\n"
)


def free_ports(amount):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(amount)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def while_running(settings, play):
    """Run the service, let `play` happen when it is up, and stop it as Ctrl-C does."""

    async def story():
        with closing(assembly.build(settings)) as house:
            running = service.Service(house)
            up = asyncio.Event()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(running.run(lambda _: up.set()))
                await up.wait()
                await asyncio.to_thread(play, running)
                running.stop()

    asyncio.run(story())


def send(port, data):
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        line.recv(1)
