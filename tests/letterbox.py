"""Where messages arrive: a web server and a mail server on loopback that keep what they are told.

with webhook() as box: ... box.address ... box.letters
"""

import json
import socketserver
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

SECRET = "hunter2-hunter2"


@dataclass
class Box:
    """What arrived, as (title, words), and how the server answers."""

    port: int = 0
    scheme: str = ""
    letters: list = field(default_factory=list)
    status: int = 200
    hang: bool = False
    raw: list = field(default_factory=list)

    @property
    def address(self):
        if self.scheme == "json":
            return f"json://console:{SECRET}@127.0.0.1:{self.port}/{SECRET}"
        people = "from=console@example.com&to=ada@example.com"
        return f"mailto://127.0.0.1:{self.port}?{people}"


class _Web(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        box = self.server.box
        if 200 <= box.status < 300:
            box.letters.append((body["title"], body["message"]))
        self.send_response(box.status)
        self.end_headers()
        self.wfile.write(f"<b>{SECRET}</b>".encode())

    def log_message(self, *_):
        pass


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs that has one plain letter to deliver."""

    def handle(self):
        box = self.server.box
        self.say(220, "there")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA" and box.status == 200:
                self.say(354, "go on")
                self.keep(box, b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say(250, "kept")
            elif verb == "QUIT":
                self.say(221, "bye")
                return
            elif box.status != 200 and verb in ("MAIL", "DATA"):
                self.say(box.status, SECRET)
            else:
                self.say(250, "fine")

    def keep(self, box, data):
        letter = message_from_bytes(data, policy=policy.default)
        box.raw.append(letter)
        text = letter.get_body(("plain", "html"))
        box.letters.append((letter["Subject"], text.get_content()))

    def say(self, code, words):
        self.wfile.write(f"{code} {words}\r\n".encode())


class _MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True


@contextmanager
def _serving(server, scheme):
    server.box = Box(server.server_address[1], scheme)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def webhook():
    return _serving(ThreadingHTTPServer(("127.0.0.1", 0), _Web), "json")


def mailbox():
    return _serving(_MailServer(("127.0.0.1", 0), _Mail), "mailto")
