"""Strings that must not stand in the repository: inline style and script, unsafe output, addresses of registries."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Where a rule does not hold, and why. Path: {name of the rule: reason}.
ALLOWED: dict[str, dict[str, str]] = {
    "guanxi/web/atoms.py": {"unescaped output": "the components; each escapes what it is given"},
    "guanxi/web/templatetags/ui.py": {"unescaped output": "the components; each escapes what it is given"},
    "guanxi/web/cells.py": {"unescaped output": "cells of a list; each escapes what it shows"},
    "guanxi/web/boards.py": {"unescaped output": "cards made of the same cells"},
    "guanxi/web/facts.py": {"unescaped output": "values of a record, made of the same cells"},
    "guanxi/kernel/search.py": {"raw SQL": "full-text conditions that the ORM cannot say, with bound parameters"},
}

TEMPLATES = {
    "inline style": r"\sstyle\s*=|<style\b",
    "inline script": r"<script(?![^>]*\s(?:src\s*=|type=\"application/json\"))",
    "inline handler": r"\son[a-z]+\s*=\s*[\"']|javascript:|\bhx-on\b|\bjs:",
    "unescaped output": r"\|\s*safe(?:seq)?\b|autoescape\s+off",
}
PYTHON = {
    "unescaped output": r"\bmark_safe\(|\bSafeString\(|\.html_safe\b",
    "raw SQL": r"\.objects\.raw\(|\.extra\(|RawSQL\(",
    "code from data": r"\beval\(|\bexec\(|\bpickle\b|yaml\.load\(",
    "shell": r"shell\s*=\s*True|os\.system\(",
}
SCRIPTS = {
    "code from data": r"\beval\(|new Function\(",
    "inline style": r"setAttribute\(\s*[\"']style|<style\b|createElement\(\s*[\"']style",
    "inline handler": r"setAttribute\(\s*[\"']on[a-z]+",
}
_HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.",
    "npm" + "mirror",
    "jsdelivr" + ".net",
    "unpkg" + ".com",
)
EVERYWHERE = {
    "registry host": "|".join(re.escape(host) for host in _HOSTS),
    "machine path": r"(?<![\w.])/(?:work|root)/\w",
}
LOCKS = {"download address": r"https?://"}


def foreign(app: str) -> dict[str, str]:
    """An app's views and forms are its own; those of `web` are the machinery that every app is built from."""
    other = rf"guanxi\.(?!(?:{app}|web)\b)\w+"
    parts = r"(?:views|forms)\b"
    return {"views or forms of another app": rf"(?:from|import)\s+{other}(?:\.{parts}|\s+import\s[^\n]*\b{parts})"}


def rules(name: str) -> dict[str, str]:
    """The rules for a file of this path."""
    own: dict[str, str] = {}
    tests = "/tests/" in f"/{name}"
    if name.endswith((".html", ".svg")):
        own = TEMPLATES
    elif name.startswith("guanxi/") and name.endswith(".py") and not tests and "/migrations/" not in name:
        own = {**PYTHON, **foreign(name.split("/")[1])}
    elif name.startswith("guanxi/") and name.endswith(".js") and not tests:
        own = SCRIPTS
    elif re.search(r"(^requirements/.*\.txt|\.lock|package-lock\.json)$", name):
        own = LOCKS
    return {**own, **EVERYWHERE}


def findings() -> Iterator[str]:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        path = ROOT / name
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for rule, pattern in rules(name).items():
            if rule in ALLOWED.get(name, {}):
                continue
            for hit in re.finditer(pattern, text):
                line = text.count("\n", 0, hit.start()) + 1
                yield f"{name}:{line} {rule}: {hit.group().strip()[:60]}"


if __name__ == "__main__":
    found = list(findings())
    print("\n".join(found) or "none found")
    sys.exit(bool(found))
