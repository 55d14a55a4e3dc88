"""Business cards as files: vCard 2.1 (quoted-printable, GBK too), 3.0 and 4.0, several in one text."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from guanxi.formats.values import clean

_UNESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SEMICOLON = re.compile(r"(?<!\\);")
LONGEST = 100_000  # characters of one line after unfolding; pictures are longer and of no use here


@dataclass(slots=True)
class Card:
    """What a card says, as written there; phones and mails in the order of the card, preferred and mobile ones first."""

    name: str = ""
    organisation: str = ""
    post: str = ""
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    address: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    params: frozenset[str]
    value: str


def decode(data: bytes) -> str:
    """The text of a file of cards: UTF-8 and UTF-16 by their marks, else UTF-8, else GB18030."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def read_cards(text: str) -> list[Card]:
    """Every card of a text; what is not a card is passed over."""
    found: list[Card] = []
    lines: list[_Line] | None = None
    for line in _lines(text):
        word = (line.name, line.value.strip().upper())
        if word == ("BEGIN", "VCARD"):
            lines = []
        elif word == ("END", "VCARD") and lines is not None:
            found.append(_card(lines))
            lines = None
        elif lines is not None:
            lines.append(line)
    return found


def _lines(text: str) -> Iterator[_Line]:
    """Logical lines: folded ones joined, quoted-printable ones joined at their soft breaks and decoded."""
    whole = ""
    for raw in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        soft = whole.endswith("=") and "QUOTED-PRINTABLE" in whole.partition(":")[0].upper()
        if soft:
            whole = whole[:-1] + raw
        elif raw[:1] in (" ", "\t") and whole:
            whole += raw[1:]
        else:
            if line := _line(whole):
                yield line
            whole = raw
    if line := _line(whole):
        yield line


def _line(text: str) -> _Line | None:
    head, colon, value = text.partition(":")
    if not colon or len(text) > LONGEST:
        return None
    name, *params = head.split(";")
    given = [part.strip().strip('"').upper() for param in params for part in param.split("=", 1)[-1].split(",")]
    sets = [param.split("=", 1)[1].strip().strip('"') for param in params if param.upper().startswith("CHARSET=")]
    if "QUOTED-PRINTABLE" in given:
        try:
            value = quopri.decodestring(value.encode("utf-8")).decode(sets[0] if sets else "utf-8", "replace")
        except LookupError:  # no such character set
            value = quopri.decodestring(value.encode("utf-8")).decode("utf-8", "replace")
    return _Line(name.rpartition(".")[2].strip().upper(), frozenset(given), value)


def _text(value: str) -> str:
    return clean(_UNESCAPE.sub(lambda hit: "\n" if hit[1] in "nN" else hit[1], value)).replace("\n", " ")


def _parts(value: str) -> list[str]:
    return [_text(part) for part in _SEMICOLON.split(value)]


def _card(lines: list[_Line]) -> Card:
    card, structured = Card(), ""
    numbers: list[tuple[int, str]] = []
    for line in lines:
        match line.name:
            case "FN":
                card.name = card.name or _text(line.value)
            case "N":
                structured = structured or _structured(_parts(line.value))
            case "ORG":
                card.organisation = card.organisation or " ".join(filter(None, _parts(line.value)))
            case "TITLE" | "ROLE":
                card.post = card.post or _text(line.value)
            case "TEL":
                if "FAX" not in line.params:
                    numbers.append((0 if line.params & {"CELL", "PREF"} else 1, _number(line.value)))
            case "EMAIL":
                card.emails.append(_text(line.value).removeprefix("mailto:"))
            case "ADR":
                card.address = card.address or _address(_parts(line.value))
            case "NOTE":
                card.note = card.note or _text(line.value)
    card.name = card.name or structured or card.organisation
    card.phones = [number for _rank, number in sorted(numbers, key=lambda pair: pair[0]) if number]
    return card


def _number(value: str) -> str:
    return _text(value).removeprefix("tel:").partition(";")[0]


def _structured(parts: list[str]) -> str:
    """Family and given name; Chinese names without a blank between them."""
    family, given = [*parts, "", ""][:2]
    return f"{given} {family}".strip() if (family + given).isascii() else family + given


def _address(parts: list[str]) -> str:
    """The parts come as box, annex, street, place, province, postcode, country; Chinese addresses go from large to small."""
    _box, annex, street, place, province, _code, country = [*parts, *[""] * 7][:7]
    foreign = country if country not in ("中国", "China", "CN") else ""
    return "".join(dict.fromkeys(filter(None, (foreign, province, place, street, annex))))
