"""A message as it lies on a mail server, read into plain words whatever its sender got wrong; and one of ours, written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime, formataddr, getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from mimetypes import guess_type
from typing import Any

from guanxi.formats.codes import check_email

LONGEST_TEXT, LONGEST_ID, MOST_IDS, MOST_FILES = 50_000, 250, 50, 20
_ID = re.compile(r"<[^<>\s]+>")
_QUOTED = re.compile(
    r"^(-{2,} ?(原始邮件|原邮件|Original Message|转发邮件)|发件人[:：]|From: |On .{5,200}wrote:|.{5,60}写道[:：])"
)
_UNWANTED = {char: None for char in range(32) if chr(char) not in "\t\r\n"}


@dataclass
class Letter:
    """What a message says; `files` are (name, content)."""

    message_id: str
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    recipients: str = ""
    copies: str = ""
    at: datetime | None = None
    text: str = ""
    references: list[str] = field(default_factory=list)
    automatic: bool = False  # out of office, undeliverable, newsletters: nobody waits for an answer
    files: list[tuple[str, bytes]] = field(default_factory=list)


def read(raw: bytes) -> Letter:
    """The letter in these bytes; never raises: what cannot be read is left out."""
    nameless = f"<{hashlib.sha256(raw).hexdigest()}@unnamed>"
    try:
        message = message_from_bytes(raw)
        letter = _head(message, nameless)
    except Exception:  # whatever a stranger has put together: one letter must not stop the others
        return Letter(nameless, text=decode(raw, "")[:LONGEST_TEXT])
    with suppress(Exception):
        _body(message, letter)
    return letter


def _head(message: Message[Any, Any], nameless: str) -> Letter:
    heads = [(name.lower(), value) for name, value in message.raw_items()]
    first = dict(reversed(heads))
    known = _ids(_raw(first.get("message-id", "")))
    name, sender = next(iter(_people(first.get("from", ""))), ("", ""))
    kind = _raw(first.get("auto-submitted", "no")).strip().lower()
    return Letter(
        message_id=known[0] if known else nameless,
        subject=words(first.get("subject", ""))[:200],
        sender=sender,
        sender_name=name[:100],
        recipients=_named(first.get("to", "")),
        copies=_named(first.get("cc", "")),
        at=_moment(first.get("date", "")),
        references=_references(first),
        automatic=not kind.startswith("no")
        or "list-unsubscribe" in first
        or message.get_content_type() == "multipart/report",
    )


def _body(message: Message[Any, Any], letter: Letter) -> None:
    """Text and files."""
    plain: list[str] = []
    pages: list[str] = []
    for part in _leaves(message):
        if (name := file_name(part)) or part.get_content_maintype() != "text":
            letter.files.append((name or part.get_content_type().replace("/", "."), _content(part)))
            continue
        into = pages if part.get_content_subtype() == "html" else plain
        into.append(decode(_content(part), str(part.get_content_charset() or "")))
    text = "\n".join(said for said in plain if said.strip()) or "\n".join(plain_of(page) for page in pages)
    letter.text = text.replace("\r\n", "\n").strip()[:LONGEST_TEXT]


def _references(first: dict[str, Any]) -> list[str]:
    """Ids of the letters this one answers, the nearest last."""
    ids = [*_ids(_raw(first.get("references", ""))), *_ids(_raw(first.get("in-reply-to", "")))]
    return list(dict.fromkeys(reversed(ids)))[:MOST_IDS][::-1]


def _ids(text: str) -> list[str]:
    return [
        one if len(one) <= LONGEST_ID else f"<{hashlib.sha256(one.encode()).hexdigest()}@long>"
        for one in _ID.findall(text)
    ]


def _raw(value: Any) -> str:
    """A header's text; octets that are no ASCII are read as what they most probably are."""
    return decode(str(value).encode("utf-8", "surrogateescape"), "")


def words(value: Any) -> str:
    """A header in plain words on one line."""
    text = _raw(value)
    try:
        parts = [
            piece
            if isinstance(piece, str)
            else decode(piece, charset)
            if charset
            else piece.decode("raw-unicode-escape")
            for piece, charset in decode_header(text)
        ]
    except (HeaderParseError, ValueError):
        parts = [text]
    return _fit(" ".join("".join(parts).split()))


def _people(value: Any) -> list[tuple[str, str]]:
    """(name, address) of everybody a header names; addresses in lower case."""
    return [
        (words(name), address.strip().lower()[:254]) for name, address in getaddresses([_raw(value)]) if "@" in address
    ]


def _named(value: Any) -> str:
    return ", ".join(address for _name, address in _people(value))[:1000]


def addresses(text: str) -> list[str]:
    """The addresses in what somebody has typed, each once; BadValue names the one that is none."""
    parts = [part for part in re.split(r"[\s,;，；、]+", text) if part]
    return list(dict.fromkeys(check_email(part).lower() for part in parts))


def decode(data: bytes, charset: str) -> str:
    """Text of any charset label; 'gb2312' in practice holds all of GB18030, and labels lie."""
    label = charset.strip().lower()
    tried = ["gb18030"] if label.startswith(("gb", "x-gb", "cp936")) else [label] if label else []
    for name in [*tried, "utf-8", "gb18030"]:
        try:
            return _fit(data.decode(name))
        except (LookupError, ValueError):
            continue
    return _fit(data.decode("utf-8", "replace"))


def _fit(text: str) -> str:
    """Without what no database takes: half characters, NUL and its like."""
    return text.encode("utf-8", "replace").decode().translate(_UNWANTED)


def _moment(value: Any) -> datetime | None:
    try:
        at = parsedate_to_datetime(_raw(value))
    except (TypeError, ValueError, OverflowError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return at if 1990 < at.year < 9000 else None


def _leaves(part: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    """The parts that hold something; an enclosed message counts as one file."""
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for inner in part.get_payload():
            yield from _leaves(inner)  # type: ignore[arg-type]
    elif part.get_content_maintype() != "multipart":
        yield part


def file_name(part: Message[Any, Any]) -> str:
    """What an attachment is called; "" for a part that is to be read in place."""
    name = words(part.get_filename() or "").replace("\\", "/").rsplit("/", 1)[-1].strip(". ")
    attached = part.get_content_disposition() == "attachment"
    return (name or "attachment") if attached else name


def _content(part: Message[Any, Any]) -> bytes:
    if part.is_multipart():  # an enclosed message
        return b"".join(inner.as_bytes() for inner in part.get_payload())  # type: ignore[union-attr]
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


class _Page(HTMLParser):
    """Collects what a reader of the page would see."""

    SILENT = ("script", "style", "head", "title")
    LINES = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "table", "blockquote")

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.silent += tag in self.SILENT
        self.said += ["\n"] if tag in self.LINES else []

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in self.SILENT))

    def handle_data(self, data: str) -> None:
        self.said += [] if self.silent else [re.sub(r"\s+", " ", data)]


def plain_of(page: str) -> str:
    """The text of an HTML page."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    return re.sub(r"\n\s*\n\s*", "\n\n", "".join(reader.said)).strip()


def fresh(text: str) -> str:
    """What the writer has written, without the letters quoted below it."""
    kept: list[str] = []
    for line in text.splitlines():
        if _QUOTED.match(line.strip()):
            break
        kept += [] if line.startswith(">") else [line]
    return "\n".join(kept).strip() or text.strip()


@dataclass(frozen=True)
class Draft:
    """One of our letters: all a server and the other side's mail program need to know."""

    message_id: str
    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    at: datetime
    answers: str = ""
    references: str = ""
    copies: str = ""
    signature: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


def write(draft: Draft) -> EmailMessage:
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))  # not every server on the way takes eight bits
    message["From"] = formataddr((draft.sender_name, draft.sender))
    message["To"] = draft.recipient
    if draft.copies:
        message["Cc"] = draft.copies
    message["Subject"] = draft.subject
    message["Date"] = format_datetime(draft.at)
    message["Message-ID"] = draft.message_id
    if draft.answers:
        message["In-Reply-To"] = draft.answers
        message["References"] = draft.references
    message.set_content(f"{draft.text}\n\n-- \n{draft.signature}" if draft.signature else draft.text)
    for name, content in draft.files:
        main, _slash, sub = (guess_type(name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message
