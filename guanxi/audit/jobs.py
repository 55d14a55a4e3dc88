"""The trail's periodic work: anchor the heads, verify each night, back up each night."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from guanxi.audit import anchor, backups, services
from guanxi.kernel.jobs import Run, job


@job("audit.anchor", every=timedelta(minutes=10))
def write_anchor(run: Run) -> dict[str, Any]:
    return {"written": anchor.write()}


@job("audit.backup", at_hour=2, attempts=2)
def nightly_backup(run: Run) -> dict[str, Any]:
    record = backups.back_up()
    return {"file": record.file, "size": record.size, "removed": backups.prune()}


@job("audit.verify", at_hour=3)
def nightly_verification(run: Run) -> dict[str, Any]:
    found = services.check_trail()
    return {"intact": found.intact, "rows": found.rows}
