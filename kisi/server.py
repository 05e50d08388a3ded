"""KISI as a web server: what Home.py hands to Streamlit, and how it is started.

app = st.App(__file__, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan,
             on_script_error=on_script_error)
"""

import asyncio
import contextlib
import gc
import importlib
import logging
import os
import pkgutil
import socket
import sys
from collections.abc import AsyncIterator

import streamlit as st
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

import kisi
from kisi import passwords
from kisi.config import ROOT, SettingsError, settings
from kisi.db import sign_in
from kisi.db.installation import CannotStart
from kisi.domain.refusal import OutOfOrder, Refused
from kisi.edge import files
from kisi.edge.document import Document
from kisi.edge.gate import Gate
from kisi.edge.headers import SecurityHeaders, log_incident
from kisi.edge.pages import ROUTES
from kisi.i18n import LANGUAGES, _, use_language

__all__ = [
    "MIDDLEWARE",
    "ROUTES",
    "keep_pages_closed",
    "lifespan",
    "on_script_error",
    "serve",
    "warm_up",
]

MIDDLEWARE = [Middleware(SecurityHeaders), Middleware(Gate), Middleware(Document)]

SWEEP = 60.0  # seconds
LARGEST_MESSAGE = 10 * 1024 * 1024  # from a browser, over the connection of its tab


def serve(port: int, address: str = "127.0.0.1") -> None:
    """Run KISI until it is told to stop. Requests are not logged: addresses can name people."""
    import uvicorn

    uvicorn.run(
        "Home:app",
        host=address,
        port=port,
        app_dir=str(ROOT),
        access_log=False,
        server_header=False,
        ws_per_message_deflate=False,
        ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=5,
        log_level="warning",
    )


@contextlib.asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    await run_in_threadpool(_make_ready)
    _send_at_once()
    _keep_values_out_of_the_log()
    warm_up()
    tasks = [asyncio.create_task(one()) for one in (_tidy_up_daily, _sweep)]
    yield
    for task in tasks:
        task.cancel()


async def _sweep() -> None:
    """Collect what Streamlit would collect after every run (.streamlit/config.toml), off the
    clicks. What the first minute has loaded stays, and is not looked at again."""
    await asyncio.sleep(SWEEP)
    gc.collect()
    gc.freeze()
    while True:
        await asyncio.sleep(SWEEP)
        gc.collect()


def _make_ready() -> None:
    """The same whichever way KISI is started: a filled demo, or no start on an unfit database."""
    from kisi.operate import serve

    try:
        if settings().demo:
            serve.prepare_demo()
        serve.require_fit()
    except (CannotStart, SettingsError) as refusal:
        print(refusal, file=sys.stderr)
        raise SystemExit(2) from refusal
    except (OutOfOrder, DBAPIError) as error:
        # The gate says in German that the database is away, and works again once it is back.
        logging.getLogger("kisi").warning("no database at the start: %s", type(error).__name__)


async def _tidy_up_daily() -> None:
    """Old sessions, devices and failures go; a database that is away is met again tomorrow."""
    while True:
        with contextlib.suppress(Refused):
            await run_in_threadpool(sign_in.tidy_up)
        await asyncio.sleep(24 * 3600)


def keep_pages_closed() -> None:
    """With a folder named pages/ Streamlit would serve those files past Home.py until the first
    session has run; naming the navigation once switches that off."""
    context_log = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    context_log.disabled = True  # it is right that no session runs yet
    st.navigation([st.Page(lambda: None, title="KISI", url_path="start")])
    context_log.disabled = False


def warm_up() -> None:
    """Load everything before the first person comes, and have the garbage collector leave it
    alone: Streamlit collects after every run, which takes 50 ms otherwise."""
    for name in ("altair", "pandas", "pyarrow", "sqlalchemy"):
        importlib.import_module(name)
    passwords.matches("", "")  # brings what it needs
    for language in LANGUAGES:
        use_language(language)
        _("Heute")
    use_language("de")
    for module in pkgutil.walk_packages(kisi.__path__, "kisi."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for address in files.entry_files():
        files.streamlit_file(address)
    gc.collect()
    gc.freeze()
    # A long calculation lets the other people's clicks through ten times sooner.
    sys.setswitchinterval(0.0005)


def on_script_error(error: Exception) -> bool:
    """Say in German that something broke; the details go to the log, without their values."""
    if isinstance(error, Refused):
        st.error(error.message)
    else:
        sentence = _(
            "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal. Hilft das nicht, nennen "
            "Sie Ihrer Administration die Nummer dieses Vorfalls:"
        )
        st.error(f"{sentence} {log_incident(error)}")
    return True


def _send_at_once() -> None:
    """`streamlit run` opens its socket in a way that makes every answer wait 40 ms (Nagle's
    algorithm). Connections inherit the option from the socket that listens."""
    for number in _open_files():
        # The duplicate is closed again; the socket behind it is the same.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as found:
            listens = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if listens and found.family in (socket.AF_INET, socket.AF_INET6):
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _open_files() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/dev/fd")]
    except OSError:
        return []


def _keep_values_out_of_the_log() -> None:
    """Streamlit logs errors with their messages, which may hold somebody's data; ours does not."""
    logging.getLogger("streamlit.error_util").disabled = True
    # Addresses name records, and uploads the tab they come from.
    logging.getLogger("uvicorn.access").disabled = True
