"""Compiles the message catalogues, which are kept as text, into what gettext reads."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1] / "locale"


def compile_all() -> list[Path]:
    """Compiles each catalogue that changed; returns the files written."""
    written = []
    for source in sorted(ROOT.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written
