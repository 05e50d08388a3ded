"""Starting KISI: whether it may, and what the operator reads while it does."""

import socket

from kisi.operate import Mistake, accounts, demo, start
from kisi.operate.start import require_fit

__all__ = ["demo_lines", "prepare_demo", "require_fit", "require_free", "run", "shown_address"]


def require_free(address: str, port: int) -> None:
    """Raises Mistake if somebody else listens there."""
    if not 0 < port < 65536:
        raise Mistake("--port: eine Zahl von 1 bis 65535.")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise Mistake(
                f"Unter {address}, Port {port} kann KISI nicht starten: Der Port ist belegt oder "
                "nicht erlaubt. Ein anderer geht mit --port."
            ) from error


def prepare_demo() -> None:
    """Tables and invented people, if they are not there yet."""
    if start.prepare_demo():
        demo.fill()


def shown_address(address: str, port: int) -> str:
    host = "localhost" if address in ("127.0.0.1", "0.0.0.0", "::1", "::") else address  # noqa: S104
    return f"http://{host}:{port}"


def demo_lines() -> list[str]:
    lines = accounts.demo_accounts()
    if not lines:
        return []
    told = f"Anmelden zum Ausprobieren (Passwort für alle: {demo.PASSWORD}):"
    return [told, *(f"  {line}" for line in lines)]


def run(port: int, address: str) -> None:
    from kisi.server import serve

    serve(port, address)
