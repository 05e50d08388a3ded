"""The plain pages: signing in and out, the password, the own account."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kisi.config import settings
from kisi.db import sign_in
from kisi.db.sign_in import OpenSession, Outcome
from kisi.edge import cookies, files
from kisi.edge.paths import own_path
from kisi.edge.templating import page
from kisi.i18n import LANGUAGES, _, use_language

LARGEST_FORM = 8 * 1024
CHECKS_AT_ONCE = 2
"""A flood of sign-ins waits here and leaves the rest of the server its threads."""
DEMO_PASSWORD = "kisi-demo-2026"  # noqa: S105
DEMO_ACCOUNTS = (
    ("guide", "Musterstadt"),
    ("koordination", "Musterstadt"),
    ("leitung", "Musterstadt"),
    ("admin", "Musterstadt"),
    ("guide2", "Beispielhausen"),
)
# The first that fits: most browsers also call themselves by others' names.
_BROWSERS = (
    (r"Edg", "Edge"),
    (r"OPR", "Opera"),
    (r"SamsungBrowser", "Samsung Internet"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrom|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)
_SYSTEMS = (
    (r"iPad", "iPad"),
    (r"iPhone", "iPhone"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS", "Mac"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)

_checks: CapacityLimiter | None = None


async def sign_in_page(request: Request) -> Response:
    wanted = own_path(request.query_params.get("n", "/"))
    found = await run_in_threadpool(sign_in.session_of, cookies.session_hash(request.cookies))
    if found is not None:
        return RedirectResponse(wanted, 303)
    return _sign_in_form(request.query_params.get("lang", "de"), wanted)


async def sign_in_sent(request: Request) -> Response:
    form = await _form(request)
    if form is None:
        return PlainTextResponse("", 413, headers={"Connection": "close"})
    wanted = own_path(form.get("n", "/"))
    outcome = await _attempt(request, form.get("u", ""), form.get("p", ""))
    if not outcome.signed_in:
        return _sign_in_form(form.get("lang", "de"), wanted, form.get("u", ""), failed=True)
    # Whoever used this browser before is signed out, not merely forgotten.
    await run_in_threadpool(sign_in.sign_out, cookies.session_hash(request.cookies))
    answer = RedirectResponse(wanted, 303)
    cookies.keep_session(answer, outcome.token)
    cookies.keep_device(answer, outcome.device_token)
    return answer


async def sign_out_page(request: Request) -> Response:
    return page("sign_out.html", _session(request).user.language)


async def sign_out_sent(request: Request) -> Response:
    """The browser forgets what KISI has stored, but remains known as a device."""
    await run_in_threadpool(sign_in.sign_out, _session(request).token_hash)
    answer = RedirectResponse("/anmelden", 303)
    cookies.forget_session(answer)
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


async def sign_out_everywhere_sent(request: Request) -> Response:
    account_id = _session(request).user.account_id
    await run_in_threadpool(sign_in.sign_out_everywhere, account_id)
    answer = RedirectResponse("/anmelden", 303)
    cookies.forget_session(answer)
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


async def password_page(request: Request) -> Response:
    return _password_form(_session(request), own_path(request.query_params.get("n", "/")), {})


async def password_sent(request: Request) -> Response:
    session = _session(request)
    form = await _form(request)
    if form is None:
        return PlainTextResponse("", 413, headers={"Connection": "close"})
    wanted = own_path(form.get("n", "/"))
    use_language(session.user.language)
    if form.get("new", "") != form.get("again", ""):
        problems = {"again": _("Die beiden neuen Passwörter sind verschieden.")}
    else:
        problems = await run_in_threadpool(
            sign_in.change_password, session.token_hash, form.get("old", ""), form.get("new", "")
        )
    if problems:
        return _password_form(session, wanted, problems)
    return RedirectResponse(wanted if session.must_change else "/konto?geaendert=1", 303)


async def account_page(request: Request) -> Response:
    session = _session(request)
    sessions = await run_in_threadpool(sign_in.sessions_of, session.user.account_id)
    return page(
        "account.html",
        session.user.language,
        user=session.user,
        sessions=sessions,
        here=session.token_hash,
        changed="geaendert" in request.query_params,
    )


async def language_sent(request: Request) -> Response:
    form = await _form(request) or {}
    language = form.get("language", "")
    await run_in_threadpool(sign_in.set_language, _session(request).user, language)
    return RedirectResponse("/konto", 303)


async def session_check(request: Request) -> Response:
    """For the script in the browser: 204 as long as the session is valid, else 401."""
    token_hash = cookies.session_hash(request.cookies)
    still_valid = await run_in_threadpool(sign_in.valid, {token_hash} - {""})
    return Response(status_code=204 if still_valid else 401)


async def own_file(request: Request) -> Response:
    found = files.own_file(request.path_params["name"])
    if found is None:
        return PlainTextResponse("", 404)
    if request.query_params.get("v") == found.etag:
        kept = files.FOR_EVER
    else:
        kept = files.A_MONTH if found.media_type == "font/woff2" else files.ASK_AGAIN
    return files.answer(found, request.headers, kept)


def device_label(user_agent: str) -> str:
    """Browser and system in words people know, for example "Safari, iPad"."""
    found = [
        next((name for pattern, name in kinds if re.search(pattern, user_agent)), "")
        for kinds in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


ROUTES = [
    Route("/anmelden", sign_in_page, methods=["GET"]),
    Route("/anmelden", sign_in_sent, methods=["POST"]),
    Route("/abmelden", sign_out_page, methods=["GET"]),
    Route("/abmelden", sign_out_sent, methods=["POST"]),
    Route("/abmelden/alle", sign_out_everywhere_sent, methods=["POST"]),
    Route("/passwort", password_page, methods=["GET"]),
    Route("/passwort", password_sent, methods=["POST"]),
    Route("/konto", account_page, methods=["GET"]),
    Route("/sprache", language_sent, methods=["POST"]),
    Route("/kisi/session", session_check, methods=["GET"]),
    Route("/kisi/{name:path}", own_file, methods=["GET"]),
]


async def _attempt(request: Request, name: str, password: str) -> Outcome:
    global _checks
    if _checks is None:
        _checks = CapacityLimiter(CHECKS_AT_ONCE)
    return await to_thread.run_sync(
        sign_in.attempt,
        name,
        password,
        cookies.device_token(request.cookies),
        device_label(request.headers.get("user-agent", "")),
        limiter=_checks,
    )


async def _form(request: Request) -> Mapping[str, str] | None:
    """The fields sent; None if it is more than any of these forms can hold."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return None
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20
        )
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _session(request: Request) -> OpenSession:
    found: OpenSession = request.scope["kisi.session"]
    return found


def _sign_in_form(language: str, wanted: str, name: str = "", *, failed: bool = False) -> Response:
    return page(
        "sign_in.html",
        language if language in LANGUAGES else "de",
        401 if failed else 200,
        wanted=wanted,
        name=name[:60],
        failed=failed,
        demo=DEMO_ACCOUNTS if settings().demo else (),
        demo_password=DEMO_PASSWORD,
        entry_files=files.entry_files(),
    )


def _password_form(session: OpenSession, wanted: str, problems: Mapping[str, str]) -> Response:
    return page(
        "password.html",
        session.user.language,
        422 if problems else 200,
        wanted=wanted,
        problems=problems,
        forced=session.must_change,
        name=session.user.name,
    )
