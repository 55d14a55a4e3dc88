"""Real mail servers on 127.0.0.1: one to fetch from (its letters delivered over IMAP), one that takes letters."""

from __future__ import annotations

import asyncio
import imaplib
import ipaddress
import socket
import ssl
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

USER, SECRET = "sales@yuanhang.example", "authorisation-1"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Papers:
    """A certificate for one name with its key, signed by itself."""

    cert: Path
    key: Path

    @property
    def shown(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


def papers(folder: Path, name: str) -> Papers:
    """A fresh certificate that is good for this name and for nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    alternative: x509.GeneralName = x509.DNSName(name)
    if name[0].isdigit():
        alternative = x509.IPAddress(ipaddress.ip_address(name))
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3)).add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    made = Papers(folder / f"{name}.pem", folder / f"{name}.key")
    made.cert.write_bytes(cert.public_bytes(Encoding.PEM))
    made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


class Wrapped:
    """TLS from the first octet on before a server that speaks plainly, as providers have it on port 993."""

    def __init__(self, inner: int, papers: Papers) -> None:
        self.port, self.inner = free_port(), inner
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        opening = asyncio.start_server(self._pass_on, "127.0.0.1", self.port, ssl=papers.shown)
        asyncio.run_coroutine_threadsafe(opening, self.loop).result(10)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.inner)
        await asyncio.gather(self._pour(reader, back), self._pour(there, writer), return_exceptions=True)

    async def _pour(self, source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                into.write(data)
                await into.drain()
        finally:
            into.close()

    async def _end(self) -> None:
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


class Imap:
    """An IMAP server in a process of its own; with papers it offers STARTTLS."""

    def __init__(self, papers: Papers | None = None) -> None:
        self.port, self.encrypted = free_port(), papers is not None
        program = Path(sys.executable).with_name("pymap")
        tls = ["--cert", str(papers.cert), "--key", str(papers.key)] if papers else ["--no-tls"]
        place = ["--host", "127.0.0.1", "--port", str(self.port), *tls]
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
        line = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        if self.encrypted:
            line.starttls()
        return line

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

    def __init__(self, port: int = 0, *, first: Papers | None = None, later: Papers | None = None) -> None:
        """With papers it speaks TLS from the `first` octet on, or `later` by STARTTLS, without which nobody signs in."""
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.answer, self.refused, self.up = "", "", True
        self.port = port or free_port()
        self.controller = Controller(
            self, hostname="127.0.0.1", port=self.port, authenticator=self._who, auth_require_tls=later is not None,
            ssl_context=first.shown if first else None, tls_context=later.shown if later else None,
        )  # fmt: skip
        self.controller.start()

    def _who(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (USER.encode(), SECRET.encode()), handled=False)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, reader: str, _options: Any
    ) -> str:
        if reader == self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(reader)
        return "250 OK"

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
