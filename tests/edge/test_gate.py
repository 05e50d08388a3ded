"""What answers without a session, what ends with it, and what every answer carries."""

import gzip
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from kisi.db import sign_in
from kisi.edge import files
from kisi.edge.pages import device_label
from kisi.edge.paths import own_path
from tests.edge import people
from tests.edge.conftest import free_port
from tests.edge.people import PASSWORD, WRONG
from tests.edge.serving import Answer, Browser, Server
from tests.edge.test_sign_in import ENDINGS

_numbers = itertools.count(1)


@pytest.fixture
def account(stranger: Browser) -> int:
    """An account of this test alone, named g1, g2 ..."""
    return people.account(f"g{next(_numbers)}")


@pytest.fixture
def guide(stranger: Browser, account: int) -> Browser:
    """A browser with a session."""
    return Browser(stranger.port, {"kisi": sign_in.open_session(account)})


def session_of(browser: Browser) -> str:
    return sign_in.hash_of(browser.cookies["kisi"])


def name_of(browser: Browser) -> str:
    user = sign_in.user_of(session_of(browser))
    assert user
    return user.name


# --- without a session ---------------------------------------------------------------------------

ANONYMOUS = {
    "/anmelden": 200,
    "/_stcore/health": 200,
    "/favicon.png": 200,
    "/kisi/kisi.css": 200,
    "/kisi/kisi.js": 200,
    "/kisi/logo.svg": 200,
    "/kisi/fonts/FiraSans-Regular.woff2": 200,
    "/": 303,
    "/intake": 303,
    "/konto": 303,
    "/passwort": 303,
    "/abmelden": 303,
    "/kisi/session": 401,
    "/kisi/nichts": 404,
    "/kisi/../kisi.db": 400,
    "/kisi/fonts/DejaVuSans.ttf": 404,
    "/static/js/nichts.js": 404,
    "/static/../index.html": 404,
    "/media/0123456789abcdef.pdf": 401,
    "/component/x/index.html": 401,
    "/app/static/x.png": 401,
    "/_stcore/host-config": 401,
    "/_stcore/stream": 401,
    "/_stcore/upload_file/a/b": 401,
    "/intake/_stcore/health": 401,
    "/_stcore/metrics": 404,
    "/_stcore/script-health-check": 404,
    "/_stcore/agent/openapi.json": 404,
    "/_stcore/agent/mcp": 404,
    "/oauth2callback": 404,
    "/auth/login": 404,
    "/index.html": 401,
    "//example.org": 401,
}


@pytest.mark.parametrize(("path", "status"), ANONYMOUS.items())
def test_strangers_get_the_sign_in_and_nothing_else(
    stranger: Browser, path: str, status: int
) -> None:
    answer = stranger.get(path, Accept="text/html")
    assert answer.status == status
    assert b'id="root"' not in answer.body
    if status == 303:
        assert answer.headers["location"].startswith("/anmelden")


def test_no_route_of_streamlit_is_forgotten(stranger: Browser) -> None:
    """Whatever a new version of Streamlit brings must not answer strangers by itself."""
    from tests.edge.small_home import app

    routes = app._build_starlette_app().routes
    paths = {route.path for route in routes if getattr(route, "path", "")}  # type: ignore[attr-defined]
    assert len(paths) > 15
    for path in paths:
        tried = path.replace("{path:path}", "x").replace("{file_id:path}", "x").replace("{", "")
        answer = stranger.get(tried.replace("}", ""))
        allowed = path in ("/anmelden", "/_stcore/health", "/kisi/{name:path}")
        assert allowed or answer.status in (303, 401, 404, 405), path


def test_strangers_get_no_connection(stranger: Browser) -> None:
    assert refused(stranger) == 403


def test_a_made_up_session_opens_nothing(stranger: Browser) -> None:
    stranger.cookies["kisi"] = "A" * 43
    assert stranger.get("/").status == 303
    assert refused(stranger) == 403


def test_a_session_header_from_outside_counts_for_nothing(guide: Browser) -> None:
    stolen = session_of(guide)
    stranger = Browser(guide.port)
    assert stranger.get("/media/x", **{"X-Kisi-Session": stolen}).status == 401
    assert refused(stranger, **{"X-Kisi-Session": stolen}) == 403


def test_nobody_can_pass_for_somebody_else_by_a_header(guide: Browser, account: int) -> None:
    other = sign_in.hash_of(sign_in.open_session(people.account(f"y{account}")))
    with guide.websocket(**{"X-Kisi-Session": other}) as connection:
        shown = run(connection).text
    assert session_of(guide) in shown
    assert other not in shown


def test_the_id_of_a_tab_opens_nothing_without_the_session_it_belongs_to(
    guide: Browser, account: int
) -> None:
    with guide.websocket() as connection:
        tab = run(connection).tab
    other = Browser(guide.port, {"kisi": sign_in.open_session(people.account(f"z{account}"))})
    with other.websocket(resume=tab) as connection:
        assert run(connection).tab != tab
    with pytest.raises(InvalidStatus):
        Browser(guide.port).websocket(resume=tab)
    with guide.websocket(resume=tab) as connection:  # its own person finds it again
        assert run(connection).tab == tab


def test_uploads_by_strangers_are_not_even_read(stranger: Browser, server: Server) -> None:
    before = memory(server.pid)
    for _upload in range(20):
        upload = iter([b"x" * 1024 * 1024] * 10)
        try:
            status = stranger.send("PUT", "/_stcore/upload_file/a/b", upload).status
        except OSError:  # the server has hung up in the middle, as it should
            continue
        assert status in (401, 403)
    assert memory(server.pid) - before < 20 * 1024


def test_a_large_sign_in_form_is_refused(stranger: Browser) -> None:
    assert stranger.post("/anmelden", {"u": "gabi", "p": "x" * 9000}).status == 413


# --- signing in ----------------------------------------------------------------------------------


def test_signing_in_opens_what_was_asked_for(stranger: Browser, account: int) -> None:
    asked = stranger.get("/intake?person=12&x=%C3%A4", Accept="text/html")
    page = stranger.get(asked.headers["location"])
    assert 'name="n" value="/intake?person=12&amp;x=%C3%A4"' in page.text
    answer = stranger.sign_in(name_of_account(account), PASSWORD, "/intake?person=12&x=%C3%A4")
    assert (answer.status, answer.headers["location"]) == (303, "/intake?person=12&x=%C3%A4")
    assert b'id="root"' in stranger.get("/intake").body


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org",
        "///example.org",
        "/\\example.org",
        "/\t/example.org",
        "javascript:alert(1)",
        "example.org",
        "/intake\r\nSet-Cookie: a=b",
        "/anmelden",
        "/abmelden?x",
        "/media/x",
        "/_stcore/host-config",
        "",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"


def test_the_cookies_are_for_the_server_alone(stranger: Browser, account: int) -> None:
    cookies = stranger.sign_in(name_of_account(account), PASSWORD).cookies
    for name in ("kisi", "kisi-device"):
        attributes = cookies[name].lower()
        assert "httponly" in attributes
        assert "samesite=strict" in attributes
        assert "path=/" in attributes
        assert "domain" not in attributes
    assert "max-age" not in cookies["kisi"].lower()


def test_signing_in_again_ends_the_session_before(stranger: Browser, account: int) -> None:
    stranger.sign_in(name_of_account(account), PASSWORD)
    first = session_of(stranger)
    stranger.sign_in(name_of_account(account), PASSWORD)
    assert session_of(stranger) != first
    assert sign_in.session_of(first) is None


def test_a_failure_says_what_to_do_and_keeps_the_name(stranger: Browser, account: int) -> None:
    known, unknown = (
        stranger.sign_in(name, WRONG) for name in (name_of_account(account), "<b>niemand")
    )
    assert (known.status, unknown.status) == (401, 401)
    assert "warten Sie einen Moment" in known.text
    assert f'value="{name_of_account(account)}"' in known.text
    assert "&lt;b&gt;niemand" in unknown.text
    assert message(known) == message(unknown)
    assert not known.cookies


def test_the_page_speaks_english_on_request(stranger: Browser) -> None:
    assert '<html lang="de">' in stranger.get("/anmelden").text
    assert '<html lang="en">' in stranger.get("/anmelden?lang=en").text


def test_someone_signed_in_is_not_asked_again(guide: Browser) -> None:
    answer = guide.get("/anmelden?n=/intake")
    assert (answer.status, answer.headers["location"]) == (303, "/intake")


def test_a_link_in_web_mail_brings_the_cookie_along_by_one_more_step(stranger: Browser) -> None:
    step = stranger.get("/intake?person=12", **{"Sec-Fetch-Site": "cross-site"})
    assert step.status == 200
    assert 'content="0;url=/intake?person=12"' in step.text
    assert stranger.get("/intake", **{"Sec-Fetch-Site": "same-origin"}).status == 303


# --- requests from other sites -------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/anmelden", "/abmelden", "/passwort", "/sprache"])
def test_other_sites_cannot_send_forms(guide: Browser, path: str, headers: dict[str, str]) -> None:
    assert guide.post(path, {}, **headers).status == 403
    assert guide.get("/kisi/session").status == 204


@pytest.mark.parametrize("origin", ["https://example.org", None])
def test_other_sites_get_no_connection(guide: Browser, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        guide.websocket(origin)
    assert refusal.value.response.status_code == 403


# --- a session and its end -----------------------------------------------------------------------


def test_with_a_session_streamlit_answers(guide: Browser) -> None:
    assert guide.get("/_stcore/host-config").status == 200
    assert guide.get("/kisi/session").status == 204
    assert guide.get("/media/nichts").status == 404
    # The browser part looks for its server this way and must not find one here.
    assert guide.get("/intake/_stcore/health").status == 404
    with guide.websocket() as connection:
        assert connection.subprotocol == "streamlit"


def test_what_nobody_needs_is_closed_to_everybody(guide: Browser) -> None:
    for path, status in ANONYMOUS.items():
        if status == 404:
            assert guide.get(path).status == 404, path


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_cookie_of_an_ended_session_opens_nothing(
    guide: Browser, account: int, ending: str
) -> None:
    assert guide.get("/").status == 200
    ENDINGS[ending](account, session_of(guide))
    assert guide.get("/").status == 303
    assert guide.get("/media/x").status == 401
    assert guide.get("/kisi/session").status == 401
    assert refused(guide) == 403


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_open_tab_is_closed_within_five_seconds(
    guide: Browser, account: int, ending: str
) -> None:
    others = Browser(guide.port, {"kisi": sign_in.open_session(people.account(f"x{account}"))})
    with guide.websocket() as mine, others.websocket() as theirs:
        ENDINGS[ending](account, session_of(guide))
        assert seconds_until_closed(mine) < 5
        theirs.ping().wait(5)
        assert is_open(theirs)


def test_checking_does_not_keep_a_session_alive(guide: Browser) -> None:
    people.age_session(session_of(guide), idle=timedelta(minutes=10))
    before = sign_in.session_of(session_of(guide))
    guide.get("/kisi/session")
    guide.get("/media/x")
    assert sign_in.session_of(session_of(guide)) == before
    guide.get("/")
    assert sign_in.session_of(session_of(guide)) != before


def test_signing_out_ends_the_session_and_keeps_the_device(stranger: Browser, account: int) -> None:
    stranger.sign_in(name_of_account(account), PASSWORD)
    assert stranger.get("/abmelden").status == 200
    assert stranger.get("/kisi/session").status == 204
    answer = stranger.post("/abmelden", {})
    assert answer.headers["location"] == "/anmelden"
    assert list(answer.cookies) == ["kisi"]
    assert "cookies" not in answer.headers["clear-site-data"]
    assert stranger.get("/kisi/session").status == 401


def test_signing_out_everywhere_ends_all_sessions(guide: Browser, account: int) -> None:
    other = sign_in.hash_of(sign_in.open_session(account))
    guide.post("/abmelden/alle", {})
    assert sign_in.valid({other, session_of(guide)}) == set()


# --- password and account ------------------------------------------------------------------------


def test_with_a_first_password_only_its_change_opens(guide: Browser, account: int) -> None:
    people.change_account(account, lambda row: setattr(row, "must_change", True))
    answer = guide.get("/intake?person=12")
    assert answer.headers["location"] == "/passwort?n=%2Fintake%3Fperson%3D12"
    assert refused(guide) == 403
    assert guide.get("/_stcore/host-config").status == 403
    new = "fünf neue Wörter im Regen"
    sent = {"old": PASSWORD, "new": new, "again": new, "n": "/intake?person=12"}
    assert guide.post("/passwort", sent).headers["location"] == "/intake?person=12"
    assert guide.get("/intake").status == 200


def test_what_is_wrong_with_a_password_stands_beside_its_field(guide: Browser) -> None:
    for fields, field in (
        ({"old": WRONG, "new": "fünf neue Wörter im Regen"}, "old"),
        ({"old": PASSWORD, "new": "kurz"}, "new"),
        ({"old": PASSWORD, "new": "fünf neue Wörter im Regen", "again": "andere"}, "again"),
    ):
        answer = guide.post("/passwort", {"again": fields["new"], **fields})
        assert answer.status == 422
        assert f'role="alert" id="{field}-note"' in answer.text
        assert WRONG not in answer.text


def test_the_account_page_shows_who_and_where(guide: Browser, account: int) -> None:
    sign_in.open_session(account, "Firefox, Windows")
    text = guide.get("/konto").text
    for shown in ("Gabi Muster", "Musterstadt", "Integrationsguide", "Firefox, Windows"):
        assert shown in text


def test_the_language_of_the_account_is_the_language_of_the_page(guide: Browser) -> None:
    assert '<html lang="de"' in guide.get("/intake", Accept="text/html").text
    guide.post("/sprache", {"language": "en"})
    assert '<html lang="en"' in guide.get("/intake", Accept="text/html").text
    guide.post("/sprache", {"language": "xx"})
    assert '<html lang="en">' in guide.get("/konto").text


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari, iPad"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox, Linux"),
        ("curl/8", ""),
    ],
)
def test_devices_have_names_people_know(user_agent: str, label: str) -> None:
    assert device_label(user_agent) == label


# --- what every answer carries -------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [*ANONYMOUS, "/static/js/nichts", *files.entry_files()[:2], "/kisi/kisi.css?v=x"]
)
def test_every_answer_has_the_security_headers(guide: Browser, path: str) -> None:
    for browser in (guide, Browser(guide.port)):
        headers = browser.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["permissions-policy"]
        assert "server" not in headers
        assert "strict-transport-security" not in headers
        if not path.startswith(("/static/", "/kisi/")):
            assert headers["cache-control"] == "no-store"


def test_streamlits_page_is_kisis(guide: Browser) -> None:
    answer = guide.get("/intake", Accept="text/html", **{"Accept-Encoding": "gzip"})
    html = gzip.decompress(answer.body).decode()
    assert "<title>KISI</title>" in html
    assert files.own_address("kisi.css") in html
    assert files.own_address("kisi.js") in html
    assert files.own_address("icon.png") in html
    assert "braucht JavaScript" in html
    assert "<script>" not in html
    assert "Streamlit app" not in html
    assert "agent" not in html


def test_files_that_never_change_are_packed_and_kept(stranger: Browser) -> None:
    path = files.entry_files()[0]
    plain = stranger.get(path)
    packed = stranger.get(path, **{"Accept-Encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert "immutable" in packed.headers["cache-control"]
    assert packed.headers["vary"] == "Accept-Encoding"
    again = stranger.get(path, **{"If-None-Match": packed.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_own_files_are_kept_only_under_the_mark_of_their_content(stranger: Browser) -> None:
    assert "immutable" in stranger.get(files.own_address("kisi.js")).headers["cache-control"]
    for other in ("/kisi/kisi.js", "/kisi/kisi.js?v=0123456789abcdef"):
        assert stranger.get(other).headers["cache-control"] == "no-cache"


def test_under_tls_cookies_and_headers_are_strict(
    installation: dict[str, str], stranger: Browser, account: int, tmp_path: Path
) -> None:
    running = Server(free_port(), tmp_path / "log", **installation, KISI_TLS="1")
    try:
        browser = Browser(running.port)
        answer = browser.sign_in(name_of_account(account), PASSWORD)
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        for name in ("__Host-kisi", "__Host-kisi-device"):
            assert "; Secure" in answer.cookies[name]
        assert browser.get("/").status == 200
    finally:
        running.stop()


# --- when things break ---------------------------------------------------------------------------


@pytest.fixture
def away(tmp_path: Path, installation: dict[str, str]) -> Iterator[Server]:
    """A server whose database cannot be reached."""
    url = "postgresql://kisi:geheim@127.0.0.1:9/kisi"
    running = Server(free_port(), tmp_path / "log", **(installation | {"KISI_DATABASE_URL": url}))
    yield running
    running.stop()


def test_without_its_database_kisi_says_so_in_german(away: Server) -> None:
    browser = Browser(away.port, {"kisi": "A" * 43})
    for answer in (browser.get("/intake"), browser.sign_in("gabi", PASSWORD)):
        assert answer.status == 503
        assert "Die Datenbank antwortet nicht" in answer.text
        assert "content-security-policy" in answer.headers
    assert browser.get("/media/x").body == b""
    assert browser.get("/kisi/session").status == 503  # not 401: nobody is signed out by this
    assert refused(browser) == 403
    assert Browser(away.port).get("/anmelden").status == 200
    log = away.log.read_text()
    assert "Traceback" not in log
    assert "geheim" not in log


def test_the_log_names_no_addresses(guide: Browser, server: Server) -> None:
    guide.get("/intake?person=12")
    guide.sign_in("niemand-hier", WRONG)
    log = server.log.read_text()
    assert "person=12" not in log
    assert "niemand-hier" not in log


# --- helpers -------------------------------------------------------------------------------------


def name_of_account(account_id: int) -> str:
    token = sign_in.open_session(account_id)
    return name_of(Browser(0, {"kisi": token}))


def message(answer: Answer) -> str:
    return answer.text.split('role="alert"')[1].split("</p>")[0]


def refused(browser: Browser, **headers: str) -> int:
    """The status with which the server refuses a connection."""
    with pytest.raises(InvalidStatus) as refusal:
        browser.websocket(**headers)
    return int(refusal.value.response.status_code)


@dataclass
class Run:
    tab: str
    text: str


def run(connection: ClientConnection) -> Run:
    """Have the screen drawn once: Streamlit's id of the tab, and what was sent."""
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    connection.send(asked.SerializeToString())
    done = Run("", "")
    while "Sitzung " not in done.text:
        raw = connection.recv(timeout=10)
        assert isinstance(raw, bytes)
        message = ForwardMsg.FromString(raw)
        if message.WhichOneof("type") == "new_session":
            done.tab = message.new_session.initialize.session_id
        done.text += raw.decode("latin-1")
    return done


def is_open(connection: ClientConnection) -> bool:
    try:
        connection.recv(timeout=0.1)
    except TimeoutError:
        return True
    except ConnectionClosed:
        return False
    return True


def seconds_until_closed(connection: ClientConnection) -> float:
    began = time.monotonic()
    try:
        while time.monotonic() - began < 20:
            connection.recv(timeout=20)
    except (ConnectionClosed, TimeoutError):
        pass
    return time.monotonic() - began


def memory(pid: int) -> int:
    """Kilobytes the process holds in memory."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("needs /proc to look into another process")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])
