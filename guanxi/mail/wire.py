"""Talking with mail servers: IMAP to read an inbox, SMTP to hand a letter over; what goes wrong is said in one sentence."""

from __future__ import annotations

import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

TIMEOUT = 12  # seconds
LARGEST = 25 * 1024 * 1024  # octets; of larger messages only the head is fetched
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Trouble(Exception):
    """Something did not work; `lasting`: trying again without a person helps nothing."""

    def __init__(self, message: str, *, lasting: bool = False) -> None:
        super().__init__(message[:300])
        self.lasting = lasting


@dataclass(frozen=True)
class Server:
    """`security` is ssl, starttls or none."""

    host: str
    port: int
    security: str
    user: str
    secret: str


@contextmanager
def _plainly(server: Server) -> Iterator[None]:
    """What the network says, as a sentence for people."""
    place = {"place": f"{server.host}:{server.port}"}
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Trouble(_distrusted(error.verify_code) % place, lasting=True) from error
    except ssl.SSLError as error:
        raise Trouble(_("%(place)s speaks no TLS: check port and encryption.") % place, lasting=True) from error
    except socket.gaierror as error:
        raise Trouble(_("The server %(place)s is not found: check its name.") % place) from error
    except TimeoutError as error:
        raise Trouble(_("%(place)s does not answer.") % place) from error
    except ConnectionRefusedError as error:
        raise Trouble(_("%(place)s takes no connection: check the port, or the server is down.") % place) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Trouble(_lacking(server), lasting=True) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from error
    except (imaplib.IMAP4.abort, smtplib.SMTPException, OSError, EOFError) as error:
        raise Trouble(_("The connection with %(place)s broke.") % place) from error
    except imaplib.IMAP4.error as error:
        raise Trouble(_("The server answered: %(words)s") % {"words": error}) from error


def _distrusted(code: int) -> str:
    """What is wrong with a certificate, by OpenSSL's number for it."""
    if code == 10:
        return _("The certificate of %(place)s has expired: its operator has to renew it.")
    if code in (62, 64):
        return _("The certificate of %(place)s is made out for another name: check the server’s name.")
    return _("The certificate of %(place)s is not trusted: it comes from an authority this computer does not know.")


def _lacking(server: Server) -> str:
    """What the server does not offer, by what was asked of it."""
    place = {"place": f"{server.host}:{server.port}"}
    if server.security == "starttls":
        return _("%(place)s offers no STARTTLS: choose SSL/TLS with its port, or no encryption.") % place
    return _("%(place)s lets nobody sign in this way: choose SSL/TLS or STARTTLS.") % place


def _wrong_password(error: Exception) -> Trouble:
    words = _("User name or password is wrong; many providers want an authorisation code instead of the password.")
    return Trouble(words, lasting=True)


def _refused(code: int, words: Any) -> Trouble:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return Trouble(_("The server answered: %(words)s") % {"words": f"{code} {said}"}, lasting=code >= 500)


@contextmanager
def inbox(server: Server) -> Iterator[Inbox]:
    """The inbox, opened for reading only."""
    with _plainly(server):
        safe = ssl.create_default_context()
        if server.security == "ssl":
            line: imaplib.IMAP4 = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=safe, timeout=TIMEOUT)
        else:
            line = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT)
        try:
            if server.security == "starttls":
                if "STARTTLS" not in line.capabilities:
                    raise Trouble(_lacking(server), lasting=True)
                line.starttls(safe)
            if "LOGINDISABLED" in line.capabilities:
                raise Trouble(_lacking(server), lasting=True)
            try:
                line.login(server.user, server.secret)
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, UnicodeError) as error:
                raise _wrong_password(error) from error
            if "ID" in line.capabilities:  # some providers open no mailbox for programs that do not say who they are
                line.xatom("ID", '("name" "guanxi")')
            yield Inbox(line)
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                line.logout()


class Inbox:
    """The open inbox: which messages there are, and one after the other."""

    def __init__(self, line: imaplib.IMAP4) -> None:
        self.line = line
        state, said = line.select("INBOX", readonly=True)
        if state != "OK":
            raise imaplib.IMAP4.error(_words(said))
        self.validity = int((line.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)  # type: ignore[index]

    def after(self, uid: int, since: date) -> list[int]:
        """Numbers of the messages behind `uid` that arrived on that day or later, the oldest first."""
        day = f"{since.day:02d}-{MONTHS[since.month - 1]}-{since.year}"
        found = self._ask("SEARCH", "UID", f"{uid + 1}:*", "SINCE", day)
        numbers = b" ".join(part for part in found if isinstance(part, bytes)).split()
        return sorted(int(number) for number in numbers if int(number) > uid)  # "n:*" names the last one even if older

    def fetch(self, uid: int) -> tuple[bytes, bool]:
        """The message, and whether it is whole; empty if it has gone."""
        size = _SIZE.search(
            b" ".join(part for part in self._ask("FETCH", str(uid), "(RFC822.SIZE)") if isinstance(part, bytes))
        )
        whole = size is None or int(size[1]) <= LARGEST
        found = self._ask("FETCH", str(uid), "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])")
        return next((part[1] for part in found if isinstance(part, tuple)), b""), whole

    def _ask(self, command: str, *words: str) -> list[Any]:
        state, found = self.line.uid(command, *words)
        if state != "OK":
            raise imaplib.IMAP4.error(_words(found))
        return list(found)


def _words(said: Any) -> str:
    return b" ".join(part for part in said or () if isinstance(part, bytes)).decode("utf-8", "replace")


@contextmanager
def outlet(server: Server) -> Iterator[smtplib.SMTP]:
    """A signed-in line to the server that takes letters."""
    with _plainly(server):
        safe = ssl.create_default_context()
        if server.security == "ssl":
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=safe)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        try:
            if server.security == "starttls":
                line.starttls(context=safe)
            if server.secret:
                try:
                    line.login(server.user, server.secret)
                except (smtplib.SMTPAuthenticationError, UnicodeError) as error:
                    raise _wrong_password(error) from error
            line.ehlo_or_helo_if_needed()
            yield line
        finally:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()


def hand_over(server: Server, sender: str, recipients: Sequence[str], data: bytes) -> None:
    """Give the letter to the server for all its readers or for none; Trouble says why it was not taken."""
    with outlet(server) as line:
        code, words = line.mail(sender)
        if code >= 300:
            raise _refused(code, words)
        for reader in recipients:
            code, words = line.rcpt(reader)
            if code >= 300:
                refused = _refused(code, words)
                raise Trouble(f"{reader}: {refused}", lasting=refused.lasting)
        try:
            code, words = line.data(data)
        except smtplib.SMTPDataError:
            raise
        except (OSError, smtplib.SMTPException) as error:
            # The letter was on its way when the line broke: only a person can find out.
            unclear = _(
                "The connection broke while the e-mail was handed over: it may have arrived. Ask before sending it again."
            )
            raise Trouble(unclear, lasting=True) from error
        if code >= 300:
            raise _refused(code, words)
