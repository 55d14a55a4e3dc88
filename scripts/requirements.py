"""Which test proves which requirement, and how it went the last time it ran.

Rows come from docs/requirements.tsv (ID, page); tests from @pytest.mark.req; outcomes from the last runs.
"""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST, OUTCOMES = ROOT / "docs" / "requirements.tsv", ROOT / "artifacts" / "requirements.json"


def expected() -> dict[str, str]:
    """Requirement ID to the page where a person meets it."""
    if not LIST.exists():
        return {}
    rows = [line.split("\t") for line in LIST.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {row[0].strip(): row[1].strip() if len(row) > 1 else "" for row in rows}


def collected() -> dict[str, list[str]]:
    """Requirement ID to its tests, as pytest finds them now."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "collected.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            f"--collected-requirements={target}",
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if not target.exists():
            sys.exit(f"The tests could not be collected:\n{done.stdout[-3000:]}{done.stderr[-2000:]}")
        tests: dict[str, list[str]] = defaultdict(list)
        for nodeid, row in json.loads(target.read_text(encoding="utf-8")).items():
            for one in row["ids"]:
                tests[one].append(nodeid)
        return tests


def state(nodeids: list[str], outcomes: dict[str, dict[str, str]]) -> str:
    states = {outcomes.get(nodeid, {}).get("state", "not run") for nodeid in nodeids}
    order = ("failed", "not run", "skipped", "passed")
    return next((one for one in order if one in states), "NO TEST")


def main() -> int:
    pages, tests = expected(), collected()
    outcomes = json.loads(OUTCOMES.read_text(encoding="utf-8")) if OUTCOMES.exists() else {}
    rows = []
    for one in [*pages, *sorted(set(tests) - set(pages))]:
        found = tests.get(one, [])
        rows.append((one, pages.get(one, ""), str(len(found)), state(found, outcomes), found[0] if found else ""))
    widths = [max([len(row[at]) for row in rows], default=0) for at in range(4)]
    for row in rows:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]))
    open_rows = [row for row in rows if row[3] != "passed"]
    print(f"\n{len(rows)} requirements, {len(rows) - len(open_rows)} proved by passing tests, {len(open_rows)} open")
    return bool(open_rows)


if __name__ == "__main__":
    sys.exit(main())
