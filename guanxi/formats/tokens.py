"""Search tokens: what a record stores and what a query asks, the same for SQLite FTS5 and PostgreSQL.

A document is a set of short tokens; a query is an AND of ORs over them.  Nothing here knows a database: the FTS5 table
is `fts5(doc, content=…, detail=none, prefix='1', tokenize="unicode61 tokenchars '-'")`, PostgreSQL keeps
`array_to_tsvector(string_to_array(doc, ' '))`.  Tokens hold only characters that `unicode61` passes unchanged, else it
would split one token in two.

* Chinese: overlapping pairs and the last character, so that one character is the prefix query `华*`;
* Latin letters and digits (words, phones, codes): pieces of four and their shorter tails, `1381 3812 … 621 21 1`;
* pinyin initials: pieces of three with a dash, `-zgy -gyd … -t`, every usual reading of a character;
* the last four digits of a phone: `-6621`, so that tails can be ranked first.

Tokens say "perhaps" for longer words: a hit is certain only when `Query.matches` accepts the record's `plain` text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import product

from guanxi.formats.values import words

VERSION = 1  # raise it with every change of the rules; documents of older versions are written again

# Characters with several readings that begin differently: each usual one is stored.
_READINGS = {
    entry[0]: entry[1:]
    for entry in words("""
    行xh 乐ly 长cz 重cz 车cj 会hk 见jx 单ds 解jx 调dt 强qj 传cz 朝cz 折zs 将jq 弹dt 藏cz 系xj 提td 便bp 参cs 阿ae
    校xj 降jx 查cz 省sx 宿sx 仇cq 给gj 巷xh 圈qj 盛sc 龟gqj 畜cx 纤xq 卡kq 贾jg 秘mb 番fp 辟pb 泊pb 澄cd 扁bp 曾cz 率ls
    奇qj 尉wy 铅qy 厦xs 蔚wy 莞gw 涡wg 泌mb 莘xs 浒hx 枞cz 坻cd 漯lt 圩wx 堡bp 埔pb 尾wy 伽gjq 咖kg 颉jx 茜qx
    瞿qj 沈sc 区qo 朴p 逄p 虹hj 属sz 术sz 识sz 叶yx 乘cs 屏pb 栖qx 粘nz 轧yz 扛kg 磅bp 蛤hg 虾xh 茄qj 镐gh
    汤ts 臭cx 殖zs 裳cs 刹sc 缉jq 呷xg 犍jq 褚cz 召zs 种zc 洗x 拓tz 缪m 句jg 郗cx 隗wk
    """)
}
# Family names read differently from the common word (first letters; two-character names have two).
_SURNAMES: dict[str, str] = dict(
    re.findall(
        r"([^\sa-z]+)([a-z]+)",
        """
        单s 仇q 解x 曾z 查z 盖g 区o 朴p 任r 华h 缪m 翟z 乐y 员y 尉y 宓m 逄p 召s 种c 繁p 秘b 黑h 覃q 冼x 仉z 折s 洗x 那n 牟m
        隗w 郇x 尉迟yc 万俟mq 长孙zs 澹台tt 单于cy 令狐lh 鲜于xy 宰父zf 乐正yz 毌丘gq
        """,
    )
)
# Pairs inside nearly every company name; they narrow nothing down while the query holds anything else.
_COMMON = frozenset(words("有限 限公 公司 限责 责任 任公 股份 份有"))

# Letters today, but not in the Unicode 6.1 that FTS5 follows: it would break a token there.
_BREAKING = frozenset(map(chr, [*range(0x19B0, 0x19CA), 0x1CF2, 0x1CF3]))
_ASCII_RUN = re.compile(r"[0-9a-z]+|[^0-9a-z]+")
_WORD_BREAK = re.compile(r"[\s,，、;；|/]+")
_COUNTRY_CODE = re.compile(r"(?:[+＋]|\b00)86[-\s]*(?=\d)")
_MAX_WORDS, _MAX_LENGTH = 8, 40


def _simplified() -> dict[str, str]:
    """One simplified character for each traditional one (OpenCC's table, Apache-2.0)."""
    table = resources.files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {old: new.split()[0] for old, new in pairs}


class _Fold(dict[int, str]):
    """For `str.translate`: one character to its search form, worked out at first sight."""

    simplified: dict[str, str] | None = None

    def __missing__(self, code: int) -> str:
        folded = "".join(map(self._fold, unicodedata.normalize("NFKC", chr(code)).lower()))
        self[code] = folded
        return folded

    def _fold(self, char: str) -> str:
        if self.simplified is None:
            self.simplified = _simplified()
        char = self.simplified.get(char, char)
        base = unicodedata.normalize("NFD", char)[0]  # é is e; か and Hangul syllables stay whole
        char = base if base.isascii() or unicodedata.category(base) != "Lo" else char
        return char.lower() if unicodedata.category(char)[0] in "LN" and char not in _BREAKING else ""


_FOLD = _Fold()


def normalise(text: str) -> str:
    """The form in which texts are compared: half width, simplified, lower case, without blanks and punctuation."""
    return text.translate(_FOLD)


@lru_cache(maxsize=30_000)
def _initials(char: str) -> str:
    if char.isascii():
        return char
    from pypinyin import Style, lazy_pinyin  # its tables take longer to read than all else we start with

    first = lazy_pinyin(char, style=Style.FIRST_LETTER, errors="ignore", strict=False)
    letters = first[0][:1] if first and first[0][:1].isascii() else ""
    return "".join(dict.fromkeys(letters + _READINGS.get(char, "")))


@lru_cache(maxsize=20_000)
def _runs(run: str) -> tuple[str, ...]:
    """Tokens of a run of one script; runs repeat a lot (技术有限公司), so they are remembered."""
    size = 4 if run[0].isascii() else 2
    return tuple(run[i : i + size] for i in range(len(run)))


def _literal(normal: str) -> Iterator[str]:
    if normal.isascii() or not any("0" <= c <= "z" for c in normal):
        return iter(_runs(normal) if normal else ())
    return (token for run in _ASCII_RUN.findall(normal) for token in _runs(run))


def _initial_tokens(letters: list[str]) -> Iterator[str]:
    """`letters`: for each character the possible first letters."""
    if all(len(choice) == 1 for choice in letters):
        line = "".join(letters)
        yield from ["-" + line[i : i + 3] for i in range(len(line))]
        return
    for i in range(len(letters)):
        for combination in product(*letters[i : i + 3]):
            yield "-" + "".join(combination)


def _person_initials(normal: str) -> list[str]:
    letters = [_initials(char) for char in normal]
    for size in (2, 1):
        for i, letter in enumerate(_SURNAMES.get(normal[:size], "")):
            letters[i] = "".join(dict.fromkeys(letter + letters[i]))
    return [choice for choice in letters if choice]


def _spellings(names: Iterable[str]) -> Iterator[str]:
    """Each name as it stands, and once more without what its brackets hold."""
    for name in names:
        yield normalise(name)
        if "(" in name or "（" in name:
            yield normalise(re.sub(r"[(（][^)）]*[)）]", "", name))


def document(names: Iterable[str], people: Iterable[str], phones: Iterable[str], codes: Iterable[str]) -> str:
    """The tokens of one record, separated by blanks."""
    tokens: list[str] = []
    for normal in _spellings(names):
        tokens += _literal(normal)
        tokens += _initial_tokens([choice for char in normal if (choice := _initials(char))])
    for person in people:
        normal = normalise(person)
        tokens += _literal(normal)
        tokens += _initial_tokens(_person_initials(normal))
    for phone in phones:
        normal = normalise(phone)
        tokens += _literal(normal)
        tokens += ["-" + run[-4:] for run in re.findall(r"[0-9]{7,}", normal)]
    for code in codes:
        tokens += _literal(normalise(code))
    return " ".join(dict.fromkeys(tokens))


def plain(names: Iterable[str], people: Iterable[str], phones: Iterable[str], codes: Iterable[str]) -> str:
    """What `Query.matches` looks into: the normalised texts, one a line."""
    return "\n".join(dict.fromkeys([*_spellings(names), *map(normalise, [*people, *phones, *codes])]))


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`tokens`: every clause must be met by one of its tokens.  `tail`: the token to rank first, if any."""

    words: tuple[str, ...] = ()
    tokens: tuple[tuple[Token, ...], ...] = ()
    recheck: tuple[str, ...] = ()
    tail: str = ""

    def __bool__(self) -> bool:
        return bool(self.tokens)

    def matches(self, text: str) -> bool:
        """Whether a candidate's `plain` text really holds the longer words."""
        return all(word in text for word in self.recheck)


def query(text: str) -> Query:
    """What to look for; empty (false) when the text holds nothing searchable."""
    parts = _WORD_BREAK.split(_COUNTRY_CODE.sub("", text))
    asked = [word[:_MAX_LENGTH] for part in parts if (word := normalise(part))][:_MAX_WORDS]
    clauses: list[tuple[Token, ...]] = []
    recheck: list[str] = []
    for run in dict.fromkeys(run for word in asked for run in _ASCII_RUN.findall(word)):
        clauses += _clauses(run)
        if (len(run) > 2 and not run.isascii()) or (len(run) > 4 and run.isdigit()):
            recheck.append(run)
    telling = [c for c in clauses if c[0].text not in _COMMON]
    if recheck and telling:
        clauses = telling
    tails = ["-" + word for word in asked if len(word) == 4 and word.isascii() and word.isdigit()]
    return Query(tuple(asked), tuple(dict.fromkeys(clauses)), tuple(recheck), tails[0] if tails else "")


def _clauses(run: str) -> list[tuple[Token, ...]]:
    size = len(run)
    if not run.isascii():
        return [(Token(run[i : i + 2]),) for i in range(size - 1)] or [(Token(run, prefix=True),)]
    if size == 1 or run.isdigit():
        if size < 4:
            return [(Token(run, prefix=True),)]
        return [(Token(run[i : i + 4]),) for i in range(size - 3)]
    if size < 4:  # letters: a word or code that begins so, or initials
        return [(Token(run, prefix=True), Token("-" + run, prefix=size < 3))]
    return [(Token(run[min(i, size - 4) :][:4]), Token("-" + run[i : i + 3])) for i in range(size - 2)]


def fts5_match(wanted: Query) -> str:
    """The right side of `MATCH`; empty when there is nothing to ask."""
    return _compile(wanted, lambda t: f'"{t.text}"' + (" *" if t.prefix else ""), " AND ", " OR ")


def tsquery(wanted: Query) -> str:
    """The text of a `tsquery` literal (cast it, do not parse it with `to_tsquery`)."""
    return _compile(wanted, lambda t: f"'{t.text}'" + (":*" if t.prefix else ""), " & ", " | ")


def _compile(wanted: Query, write: Callable[[Token], str], both: str, either: str) -> str:
    groups = (either.join(map(write, clause)) for clause in wanted.tokens)
    return both.join(f"({group})" for group in groups)
