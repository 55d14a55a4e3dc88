"""Completeness of the Chinese catalogue: every message of the program is there, translated, with its placeholders.

translations.py            check
translations.py --missing  print the missing messages, one a line
translations.py --write    add the missing messages, untranslated, and drop those no longer used

An entry with the remark "of a library" says what a library says on our pages; it replaces the library's own wording.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "guanxi/locale/zh_Hans/LC_MESSAGES/django.po"
# name of the function: positions of context, message and plural among its arguments
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None), "_t": (None, 0, None), "gettext": (None, 0, None), "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None), "npgettext": (0, 1, 2),
}  # fmt: skip
_STRING = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?", re.DOTALL)
_PLACEHOLDER = re.compile(r"%\(\w+\)[0-9.]*[a-z]|%[sd]|\{\w*\}")
LIBRARY = "of a library"


class Message(NamedTuple):
    context: str | None
    text: str
    plural: str | None
    place: str


def messages() -> dict[tuple[str | None, str], Message]:
    found: dict[tuple[str | None, str], Message] = {}
    for path in sorted((ROOT / "guanxi").rglob("*")):
        if {"tests", "migrations"} & set(path.parts):
            continue
        reader = {".py": _from_python, ".html": _from_template, ".txt": _from_template}.get(path.suffix)
        for one in reader(path) if reader else ():
            found.setdefault((one.context, one.text), one)
    return found


def _message(name: str, values: list[str | None], place: str) -> Iterator[Message]:
    context, text, plural = (None if at is None or at >= len(values) else values[at] for at in CALLS[name])
    if text:
        yield Message(context, text, plural, place)


def _from_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        name = name.removesuffix("_lazy").replace("gettext_noop", "gettext")
        if name in CALLS:
            constants = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
            values = [value if isinstance(value, str) else None for value in constants]
            yield from _message(name, values, f"{path.relative_to(ROOT)}:{node.lineno}")


def _from_template(path: Path) -> Iterator[Message]:
    for hit in _CALL.finditer(templatize(path.read_text(encoding="utf-8"))):
        values = [ast.literal_eval(text) if text else None for text in hit.groups()[1:]]
        yield from _message(hit.group(1), values, str(path.relative_to(ROOT)))


def problems(found: dict[tuple[str | None, str], Message], entries: polib.POFile) -> Iterator[str]:
    known = {(entry.msgctxt, entry.msgid): entry for entry in entries}
    if list(entries) != sorted(entries, key=_order):
        yield "the catalogue is not sorted"
    for key, entry in known.items():
        if key not in found and entry.tcomment != LIBRARY:
            yield f"no longer used: {entry.msgid!r}"
    said = {key: Message(*key, known[key].msgid_plural or None, LIBRARY) for key in known if key not in found}
    for key, message in {**said, **found}.items():
        entry = known.get(key)
        if entry is None:
            yield f"{message.place} is not in the catalogue: {message.text!r}"
            continue
        translated = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
        if not translated or not all(translated) or "fuzzy" in entry.flags:
            yield f"{message.place} is not translated: {message.text!r}"
            continue
        wanted = set(_PLACEHOLDER.findall(message.plural or message.text))
        for text in translated:
            if set(_PLACEHOLDER.findall(text)) != wanted:
                yield f"{message.place} has other placeholders: {message.text!r} / {text!r}"


def _order(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgid.lower(), entry.msgid, entry.msgctxt or ""


def write(found: dict[tuple[str | None, str], Message], entries: polib.POFile) -> None:
    known = {(entry.msgctxt, entry.msgid) for entry in entries}
    unused = [one for one in entries if (one.msgctxt, one.msgid) not in found and one.tcomment != LIBRARY]
    for entry in unused:
        entries.remove(entry)
    for key, message in found.items():
        if key not in known:
            entry = polib.POEntry(msgctxt=message.context, msgid=message.text, msgid_plural=message.plural or "")
            if message.plural:
                entry.msgstr_plural = {0: ""}
            entries.append(entry)
    entries.sort(key=_order)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    entries.save(str(CATALOGUE))


def main(option: str) -> int:
    settings.configure(USE_I18N=False)
    entries = polib.pofile(str(CATALOGUE), wrapwidth=0) if CATALOGUE.exists() else polib.POFile(wrapwidth=0)
    entries.metadata = entries.metadata or {
        "Content-Type": "text/plain; charset=UTF-8", "Language": "zh_Hans", "Plural-Forms": "nplurals=1; plural=0;",
    }  # fmt: skip
    found = messages()
    if option == "--write":
        write(found, entries)
        return 0
    if option == "--missing":
        print("\n".join(key[1] for key in found if not (entries.find(key[1], msgctxt=key[0] or False))))
        return 0
    wrong = list(problems(found, entries))
    print("\n".join([*wrong, f"{len(found)} messages, {len(wrong)} problems"]))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
