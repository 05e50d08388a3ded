"""What the server does beside answering: a fast socket, a log without people in it."""

import logging
import socket

import pytest

from kisi import server
from kisi.edge.headers import log_incident


def test_answers_are_sent_at_once_however_the_socket_was_opened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as other:
        server._send_at_once()
        option = (socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert listening.getsockopt(*option)
        assert not other.getsockopt(*option)


def test_an_incident_is_logged_by_place_and_kind_without_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    try:
        raise ValueError("Frau Muster, geboren 1.1.1990")
    except ValueError as error:
        with caplog.at_level(logging.ERROR, "kisi"):
            incident = log_incident(error)
    assert incident in caplog.text
    assert "ValueError at test_server.py" in caplog.text
    assert "Muster" not in caplog.text


def test_streamlit_does_not_log_errors_with_their_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from streamlit.error_util import _log_uncaught_app_exception

    server._keep_values_out_of_the_log()
    _log_uncaught_app_exception(ValueError("Frau Muster"))
    assert "Muster" not in "".join(capsys.readouterr())
