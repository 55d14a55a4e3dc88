"""Guard clauses: a verb on a row that matches what a clause denies is refused in the clause's words (VALUE-04, CONTR-02)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from guanxi.kernel import clock
from guanxi.kernel.doubts import vetoes
from guanxi.kernel.errors import Refused
from guanxi.kernel.filters import Env, matches, parse
from guanxi.kernel.prepared import Kept
from guanxi.org.access import sources
from guanxi.rulebook.models import Clause, ClauseVersion
from guanxi.rulebook.spec import Spec, SpecError, check, read, the_entity

Guards = dict[tuple[str, str], list[Spec]]
kept = Kept(200)


def refuse(row: Any, actor: Any, verb: str) -> None:
    """Refused with the message of the first guard in force that denies this; a has-condition looks into the database."""
    company = getattr(actor, "company", None)
    if company is None:
        return
    for spec in guards_of(company).get((row._meta.label_lower, verb), ()):
        declared = the_entity(spec.about)
        if matches(parse(spec.deny, declared, company), row, Env(user=actor, rows=_rows)):
            raise Refused(spec.message)


def _rows(row: Any, has: Any) -> Any:
    return the_entity(has.target).model._base_manager.filter(deleted_at=None, **{has.via: row.pk})


def guards_of(company: Any) -> Guards:
    """The guards of a company by entity and verb; read again when its configuration or the day changes."""
    key = (company.pk, company.config_version, clock.today())
    return kept(key, lambda: _load(company))  # type: ignore[no-any-return]


def _load(company: Any) -> Guards:
    rows = ClauseVersion.objects.filter(
        company=company, clause__kind=Clause.Kind.GUARD, clause__is_active=True, clause__deleted_at=None,
        state=ClauseVersion.State.PUBLISHED, effective_on__lte=clock.today(),
    )  # fmt: skip
    newest = {version.clause_id: version for version in rows.order_by("effective_on", "number")}
    found: Guards = defaultdict(list)
    for version in newest.values():
        spec = read(version.spec)
        try:
            check(spec, company)
        except SpecError:
            continue
        found[spec.about, spec.verb].append(spec)
    return found


# Guards are the same in all processes at the next request.
sources.update({"rulebook.clauseversion", "rulebook.clause"})
vetoes.append(refuse)
