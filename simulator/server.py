"""The simulator on a socket: many kept connections, one world, one process per state file."""

import fcntl
import logging
import socket
from pathlib import Path
from typing import Any, TextIO

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server, make_ssl_devcert

from simulator.app import Simulator

HOST = "127.0.0.1"
WAITING = 256


class Refusal(Exception):
    """Why the simulator does not start, in one sentence."""


class Handler(WSGIRequestHandler):
    """HTTP/1.1, so that connections are kept; no delayed packets; a dropped answer closes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:  # noqa: ARG002 - werkzeug calls it so
        self.close_connection = True

    def handle_one_request(self) -> None:
        super().handle_one_request()
        if not self.wfile.closed:
            self.wfile.flush()

    def log(self, type: str, message: str, *args: Any) -> None:
        """Quiet: the journal knows."""


def locked(file: Path) -> TextIO:
    """The lock of a state file, held until it is closed. Raises Refusal."""
    try:
        handle = file.with_name(f"{file.name}.lock").open("a+")
    except OSError as error:
        words = f"The state file '{file}' cannot be written: {error.strerror}."
        raise Refusal(words) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        words = f"Another simulator already runs with the state file '{file}'."
        raise Refusal(words) from error
    return handle


def certificate(file: Path) -> tuple[str, str]:
    """Certificate and key for localhost beside this state file, made once; most SDKs send their
    token over TLS only, and must be told to trust this certificate."""
    pair = (f"{file}.crt", f"{file}.key")
    if not all(Path(it).exists() for it in pair):
        make_ssl_devcert(str(file), host="localhost")
        Path(pair[1]).chmod(0o600)
    return pair


def bound(simulator: Simulator, port: int, tls: tuple[str, str] | None = None) -> BaseWSGIServer:
    """A server that listens on loopback, by TLS where it is given certificate and key.

    Raises Refusal when the port is taken."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
        door.listen(WAITING)
    except OSError as error:
        door.close()
        raise Refusal(f"Port {port} on {HOST} is already in use.") from error
    taken = door.getsockname()[1]
    ways: dict[str, Any] = {"threaded": True, "request_handler": Handler, "ssl_context": tls}
    return make_server(HOST, taken, simulator, fd=door.detach(), **ways)
