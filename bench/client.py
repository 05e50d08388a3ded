"""A tab of a browser, as far as the server can tell: signs in, keeps its cookie, speaks Streamlit's
protocol (BackMsg and ForwardMsg of the installed package), and knows the widgets it was shown.
"""

import http.client
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PASSWORD = "kisi-demo-2026"
LONGEST_RUN = 120  # seconds
_RUN_OVER = {
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
}


class Unexpected(Exception):
    """The screen is not the one that was to be measured."""


@dataclass(frozen=True)
class Run:
    """From sending what a person did to the end of the last run it caused."""

    seconds: float
    received: int
    """Bytes over the connection."""


@dataclass
class Widget:
    id: str
    kind: str
    fragment: str
    shown: Any
    """Its description in the protocol: label, options and so on."""


class Tab:
    def __init__(self, host: str, cookie: str, connection: ClientConnection) -> None:
        self.host = host
        self.query = ""
        self.widgets: dict[str, Widget] = {}
        self.errors: list[str] = []
        self._cookie = cookie
        self._connection = connection
        self._session = ""
        self._page = ""
        self._pages: dict[str, str] = {}
        self._states: dict[str, WidgetState] = {}
        self._known: dict[str, ForwardMsg] = {}

    # --- what a person does ---

    @classmethod
    async def open(cls, host: str, cookie: str, path: str = "", query: str = "") -> "Tab":
        connection = await connect(
            f"ws://{host}/_stcore/stream",
            origin=f"http://{host}",  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie},
            subprotocols=["streamlit"],  # type: ignore[list-item]
            compression=None,
            max_size=None,
        )
        tab = cls(host, cookie, connection)
        tab.query = query
        await tab._run(page_name=path)
        return tab

    async def visit(self, path: str) -> Run:
        """Choose a screen from the menu, by its address without the slash: the whole page runs."""
        self.query, self._page = "", self._pages[path]
        self._states.clear()
        return await self._run()

    async def tap(self, key: str) -> Run:
        """A button, by its key. Inside a part of a screen only that part runs."""
        return await self._change(key, WidgetState(trigger_value=True), keep=False)

    async def type(self, key: str, text: str) -> Run:
        return await self._change(key, WidgetState(string_value=text))

    async def choose(self, key: str, *places: int) -> Run:
        """Some of the options shown as pills, by their places."""
        state = WidgetState()
        options = self._widget(key).shown.options
        state.string_array_value.data.extend(options[place].content for place in places)
        return await self._change(key, state)

    async def fetch(self, key: str) -> tuple[Run, bytes]:
        """A file that is made when its button is tapped; nothing is drawn for it."""
        asked = BackMsg()
        request = asked.backend_operation_request
        request.request_id, request.session_id = key, self._session
        request.deferred_file.file_id = self._widget(key).shown.deferred_file_id
        begun = time.perf_counter()
        await self._connection.send(asked.SerializeToString())
        while True:
            message, _size = await self._receive()
            if message.WhichOneof("type") == "backend_operation_response":
                break
        response = message.backend_operation_response
        if response.error_msg:
            raise Unexpected(response.error_msg)
        body = get(self.host, response.deferred_file.url, self._cookie)
        return Run(time.perf_counter() - begun, len(body)), body

    def key(self, beginning: str) -> str:
        """The first widget whose key begins like this."""
        found = next((key for key in self.widgets if key.startswith(beginning)), None)
        if found is None:
            raise Unexpected(f"no {beginning}… on this screen, only {sorted(self.widgets)}")
        return found

    def keys(self, beginning: str) -> list[str]:
        return [key for key in self.widgets if key.startswith(beginning)]

    async def close(self) -> None:
        await self._connection.close()

    # --- the protocol ---

    def _widget(self, key: str) -> Widget:
        if key not in self.widgets:
            raise Unexpected(f"no {key} on this screen, only {sorted(self.widgets)}")
        return self.widgets[key]

    async def _change(self, key: str, state: WidgetState, *, keep: bool = True) -> Run:
        widget = self._widget(key)
        state.id = widget.id
        self._states[widget.id] = state
        try:
            return await self._run(fragment=widget.fragment)
        finally:
            if not keep:
                self._states.pop(widget.id, None)

    async def _run(self, fragment: str = "", page_name: str = "") -> Run:
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string = self.query
        state.page_script_hash = self._page
        state.page_name = page_name
        state.fragment_id = fragment
        state.widget_states.widgets.extend(self._states.values())
        state.cached_message_hashes.extend(self._known)
        state.context_info.timezone = "Europe/Berlin"
        state.context_info.locale = "de-DE"
        wire = asked.SerializeToString()
        begun = time.perf_counter()
        await self._connection.send(wire)
        received, size = await self._until_over()
        run = Run(time.perf_counter() - begun, size)
        self.errors = []
        for message in received:
            self._take(message)
        if self.errors:
            raise Unexpected("; ".join(self.errors))
        known = {widget.id for widget in self.widgets.values()}
        self._states = {id: state for id, state in self._states.items() if id in known}
        return run

    async def _until_over(self) -> tuple[list[ForwardMsg], int]:
        """A click that opens another screen causes two runs; the first ends early."""
        received, size = [], 0
        while True:
            message, length = await self._receive()
            received.append(message)
            size += length
            finished = message.WhichOneof("type") == "script_finished"
            if finished and message.script_finished in _RUN_OVER:
                return received, size

    async def _receive(self) -> tuple[ForwardMsg, int]:
        data = await self._connection.recv()
        assert isinstance(data, bytes)
        return ForwardMsg.FromString(data), len(data)

    def _take(self, message: ForwardMsg) -> None:
        if message.ref_hash:
            whole, place = self._known[message.ref_hash], message.metadata
            message = ForwardMsg.FromString(whole.SerializeToString())
            message.metadata.CopyFrom(place)
        elif message.metadata.cacheable:
            self._known[message.hash] = message
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._begin_run(message)
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
            self._pages = {
                "" if page.is_default else page.url_pathname: page.page_script_hash
                for page in message.navigation.app_pages
            }
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "page_not_found":
            self.errors.append("page not found")
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._show(message.delta.new_element, message.delta.fragment_id)

    def _begin_run(self, message: ForwardMsg) -> None:
        self._session = message.new_session.initialize.session_id or self._session
        drawn = set(message.metadata.run.fragment_ids)
        if drawn:
            self.widgets = {
                key: widget for key, widget in self.widgets.items() if widget.fragment not in drawn
            }
        else:
            self.widgets = {}
            self._page = message.new_session.page_script_hash

    def _show(self, element: Any, fragment: str) -> None:
        kind = element.WhichOneof("type")
        shown = getattr(element, kind)
        if kind == "exception" or (kind == "alert" and shown.format == shown.ERROR):
            self.errors.append(getattr(shown, "message", "") or getattr(shown, "body", ""))
        id = getattr(shown, "id", "")
        if isinstance(id, str) and id.startswith("$$ID-"):
            key = id.split("-", 2)[2]  # $$ID-<hash>-<key>
            self.widgets[key] = Widget(id, kind, fragment, shown)


def sign_in(host: str, name: str, password: str = PASSWORD) -> str:
    """The Cookie header of somebody who has signed in at /anmelden."""
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request(
        "POST",
        "/anmelden",
        urlencode({"u": name, "p": password, "n": "/"}),
        {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{host}"},
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    given = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
    if answer.status != 303 or not given:
        raise Unexpected(f"not signed in as {name}: {answer.status}")
    return "; ".join(given)


def get(host: str, path: str, cookie: str) -> bytes:
    connection = http.client.HTTPConnection(host, timeout=LONGEST_RUN)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise Unexpected(f"{path}: {answer.status}")
    return body
