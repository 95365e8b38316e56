"""The web side of a review: one page and one address to send corrections to.

Whoever can reach a loopback port is not yet the editor: other users of the machine can, and so can
any web page the editor has open.  Therefore a secret in the address that is printed at the start
opens a session (a strict, script-proof cookie); a request must name this very host and port, which
defeats rebound domain names; and a correction must come from this page: same origin, its own token in
a header, JSON.  No path leads to a file.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.bundle.html import ReviewLinks, render
from pipeline.errors import OutputError, PipelineError
from pipeline.review.desk import ConflictError, Desk, Wish

_MAX_BODY: Final = 64_000
_HEADERS: Final = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """Refuses every request that does not name this server's own address, and hardens every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        if Request(scope).headers.get("host", "") not in self.hosts:
            await PlainTextResponse("This address is not served here.\n", 421)(scope, receive, send)
            return

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *names]}
            await send(message)

        await self.app(scope, receive, hardened)


def create_app(desk: Desk, *, port: int, key: str) -> ASGIApp:
    """Return the application.

    Args:
        desk: the bundle under review.
        port: where it is served, part of every request's host and origin.
        key: the secret that opens a session.
    """
    hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
    # Cookies know no ports: two reviews at a time must not take each other's.
    cookie = f"review-{port}"
    session, token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)

    def known(request: Request) -> bool:
        return hmac.compare_digest(request.cookies.get(cookie, "").encode(), session.encode())

    async def page(request: Request) -> Response:
        given = request.query_params.get("key")
        if given is not None:
            if not hmac.compare_digest(given.encode(), key.encode()):
                return _refused()
            # The secret leaves the address bar and the history.
            answer = RedirectResponse("/", 303)
            answer.set_cookie(cookie, session, httponly=True, samesite="strict", path="/")
            return answer
        if not known(request):
            return _refused()
        return HTMLResponse(await run_in_threadpool(_render, desk, token))

    async def correct(request: Request) -> Response:
        same_origin = request.headers.get("origin", "") in {f"http://{h}" for h in hosts}
        right_token = hmac.compare_digest(request.headers.get("x-review-token", "").encode(), token.encode())
        if not (known(request) and same_origin and right_token):
            return _refused()
        if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
            return _told("Corrections are sent as JSON.", 415)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MAX_BODY:
                return _told("That is too long.", 413)
        try:
            wish = msgspec.json.decode(bytes(body), type=Wish)
            outcome = await run_in_threadpool(desk.decide, wish)
        except (msgspec.MsgspecError, UnicodeDecodeError) as exc:
            return _told(f"That is no correction: {exc}", 400)
        except ConflictError as exc:
            return _told(str(exc), 409)
        except OutputError as exc:
            return _told(str(exc), 507)
        except PipelineError as exc:
            return _told(str(exc), 400)
        return Response(msgspec.json.encode(outcome), media_type="application/json")

    return Guard(Starlette(routes=[Route("/", page), Route("/corrections", correct, methods=["POST"])]), hosts)


def _render(desk: Desk, token: str) -> str:
    return render(desk.result(), review=ReviewLinks(token=token, who=desk.who), archive="")


def _refused() -> Response:
    return PlainTextResponse("Open the address that 'pipeline review' printed.\n", 403)


def _told(message: str, status: int) -> Response:
    return JSONResponse({"error": message}, status)
