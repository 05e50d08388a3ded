"""Open tabs: each is closed within seconds once its session has ended."""

import asyncio
import logging
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kisi.db import sign_in

EVERY = 2.0  # seconds; the screen is to be blank within five
POLICY_VIOLATION = 1008

log = logging.getLogger("kisi")


class Watch:
    """All open connections of this process, and the one task that looks after them."""

    def __init__(self) -> None:
        self._open: set[_Connection] = set()
        self._sweeper: asyncio.Task[None] | None = None

    async def run(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, token_hash: str
    ) -> None:
        """Serve a connection as long as it lasts and its session is valid."""
        connection = _Connection(receive, send, token_hash)
        self._open.add(connection)
        if self._sweeper is None or self._sweeper.done():
            self._sweeper = asyncio.create_task(self._sweep(), name="kisi-sweeper")
        try:
            await app(scope, connection.receive, connection.send)
        finally:
            self._open.discard(connection)
            connection.release()

    async def _sweep(self) -> None:
        """Runs as long as a connection is open. It must outlive every failure of the database."""
        while self._open:
            await asyncio.sleep(EVERY)
            try:
                await self._close_ended()
            except Exception as error:
                log.warning("sessions not checked: %s", type(error).__name__)

    async def _close_ended(self) -> None:
        hashes = {connection.token_hash for connection in self._open}
        still_valid = await run_in_threadpool(sign_in.valid, hashes)
        for connection in list(self._open):
            if connection.token_hash in hashes - still_valid:
                await connection.end()


class _Connection:
    """Stands between the server and Streamlit, so that either side can be told it is over."""

    def __init__(self, receive: Receive, send: Send, token_hash: str) -> None:
        self.token_hash = token_hash
        self._receive = receive
        self._send = send
        self._over = asyncio.Event()
        self._until_over = asyncio.create_task(self._wait(), name="kisi-connection")

    async def receive(self) -> Message:
        if not self._over.is_set():
            message = asyncio.ensure_future(self._receive())
            await asyncio.wait((message, self._until_over), return_when=asyncio.FIRST_COMPLETED)
            if message.done():
                return message.result()
            message.cancel()
            with suppress(asyncio.CancelledError):
                await message
        return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}

    async def send(self, message: Message) -> None:
        """What a running script still has to say after the end is not delivered."""
        if not self._over.is_set():
            await self._send(message)

    async def end(self) -> None:
        if self._over.is_set():
            return
        self._over.set()
        with suppress(Exception):  # the browser may be gone already
            await self._send({"type": "websocket.close", "code": POLICY_VIOLATION})

    def release(self) -> None:
        self._until_over.cancel()

    async def _wait(self) -> None:
        await self._over.wait()
