"""Real mail servers on 127.0.0.1: one to fetch from (its letters delivered over IMAP), one that takes letters."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, SECRET = "sales@yuanhang.example", "authorisation-1"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Imap:
    """An IMAP server in a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        program = Path(sys.executable).with_name("pymap")
        place = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls"]
        alone = ["--no-service", "managesieve", "--no-service", "admin"]
        people = ["dict", "--demo-user", USER, "--demo-password", SECRET]
        self.process = subprocess.Popen([program, *place, *alone, *people], stderr=subprocess.DEVNULL)
        for _attempt in range(200):
            try:
                self._line().logout()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("The IMAP server did not start.")

    def _line(self) -> imaplib.IMAP4:
        return imaplib.IMAP4("127.0.0.1", self.port, timeout=10)

    def deliver(self, *letters: bytes) -> None:
        line = self._line()
        line.login(USER, SECRET)
        for letter in letters:
            state, said = line.append("INBOX", "", "", letter.replace(b"\n", b"\r\n"))
            assert state == "OK", said
        line.logout()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


class Smtp:
    """An SMTP server that keeps what it is given; `answer` replaces the one to the letter itself."""

    def __init__(self, port: int = 0) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.answer, self.up = "", True
        self.port = port or free_port()
        self.controller = Controller(
            self, hostname="127.0.0.1", port=self.port, authenticator=self._who, auth_require_tls=False
        )
        self.controller.start()

    def _who(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (USER.encode(), SECRET.encode()), handled=False)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.answer:
            return self.answer
        self.taken.append((envelope.mail_from or "", list(envelope.rcpt_tos), bytes(envelope.content or b"")))
        return "250 OK"

    @property
    def letters(self) -> list[Message]:
        return [message_from_bytes(data) for _sender, _recipients, data in self.taken]

    def stop(self) -> None:
        if self.up:
            self.controller.stop()
        self.up = False
