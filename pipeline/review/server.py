"""Running a review on this machine's loopback address."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from pipeline.errors import MissingExtraError, UsageError
from pipeline.review.desk import Desk


def serve(
    folder: Path,
    *,
    who: str,
    port: int = 0,
    sign_key: Path | None = None,
    memory: Path | None = None,
    announce: Callable[[str], None],
) -> None:
    """Serve the bundle in ``folder`` for review until interrupted.

    Args:
        folder: the bundle.
        who: the editor's name.
        port: 0 takes a free one.
        sign_key: key to sign the rebuilt bundle with.
        memory: translation memory that learns every corrected text.
        announce: is given the address to open, once it answers.

    Raises:
        MissingExtraError: the web framework is not installed.
        InputError: ``folder`` is no whole bundle.
        UsageError: the port is taken.
    """
    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        raise MissingExtraError("The review server", "review")
    import uvicorn

    from pipeline.review.app import create_app

    desk = Desk(folder, who=who, sign_key=sign_key, memory=memory)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as exc:
            raise UsageError(f"Port {port} cannot be used: {exc.strerror}.", hint="Choose another with --port, or leave it out.") from None
        listener.listen(16)
        bound: int = listener.getsockname()[1]
        key = secrets.token_urlsafe(24)
        app = create_app(desk, port=bound, key=key)
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, proxy_headers=False, ws="none")

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets=sockets)
                # Only now is an interrupt its own: an address given earlier invites one before its time.
                announce(f"http://127.0.0.1:{bound}/?key={key}")

        Server(config).run(sockets=[listener])
