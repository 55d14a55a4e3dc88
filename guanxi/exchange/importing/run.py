"""The import itself: batches of rows, each one unit of work that also writes down what became of every line.

A batch that the business or the database refuses is halved until the row at fault stands alone; the others go in.
After a kill the job goes on behind the lines that are written down.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.audit.services import witness
from guanxi.exchange.importing.convert import text
from guanxi.exchange.importing.ledger import Draft, Key, Ledger, Line
from guanxi.exchange.importing.matching import LINES
from guanxi.exchange.importing.plan import NAME, Plan
from guanxi.exchange.importing.shape import BadRow, Shape, Taken, attname
from guanxi.formats.tables import Cell
from guanxi.kernel import context, doubts, events, verbs, work
from guanxi.kernel.entities import Entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import ImportedRow, Job
from guanxi.web.lines import child_of

BATCH = 500


@job(NAME, attempts=6)
def take_in(run: Run, **args: Any) -> dict[str, Any]:
    """Run a plan to its end; returns the counts and the page that shows them."""
    plan, user = Plan(**args), run.job.requested_by
    with context.acting(channel="import"):
        verbs.require_right(user, "import", plan.entity)
        plan.check(user)
        Import(run, plan, user).work()
        result = counts(run.job)
        with Path(plan.path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        company = user.company_id if user else None
        witness("import", plan.label, title=plan.name, company_id=company, sha256=digest, mode=plan.mode, **result)
    return result | {"page": reverse("import-result", args=[plan.entity.slug, run.job.pk])}


def counts(job: Job) -> dict[str, int]:
    """Rows of the file by what became of them."""
    found = ImportedRow.objects.filter(job=job, label=job.args["label"]).values_list("outcome").annotate(n=Count("pk"))
    return {"created": 0, "updated": 0, "merged": 0, "failed": 0} | dict(found)


class Import:
    """One run over a file."""

    def __init__(self, run: Run | None, plan: Plan, user: Any) -> None:
        self.run: Any = run  # none: nothing is stored
        self.plan, self.user = plan, user
        columns = plan.columns(user)
        self.declared: Entity = plan.entity
        self.head = Shape(self.declared, [c for c in columns if not c[1].name.startswith(LINES)], user)
        lined = [c for c in columns if c[1].name.startswith(LINES)]
        found = child_of(self.declared) if lined else None
        self.child = Shape(found[0], lined, user) if found else None
        self.via = found[1] if found else ""
        self.key = [attname(self.declared.model, name) for name in plan.key]
        self.careful = False
        self.ledger = Ledger(run.job if run else None, plan, user)

    def work(self) -> None:
        """All batches behind the last line that is written down."""
        written = ImportedRow.objects.filter(job=self.run.job, label=self.declared.label)
        done, total = written.count(), self.run.job.all_steps or self.plan.count()
        self.run.progress(done, total)
        batch, size = [], 0
        for lines in self.groups(written):
            batch.append(Draft(lines))
            size += len(lines)
            if size >= BATCH:
                done += self.take(batch)
                self.run.progress(done)
                batch, size = [], 0
        done += self.take(batch)
        self.run.progress(done, done)

    def groups(self, written: Any) -> Iterator[list[Line]]:
        """Single lines; of documents all lines with the same key, wherever they stand."""
        if self.child is None:
            last = written.aggregate(last=Max("line"))["last"] or 0
            yield from ([line] for line in self.lines(last))
            return
        known = set(written.values_list("line", flat=True))
        whole = Counter(key for _number, _cells, key in self.keyed(known))
        documents: dict[Key, list[Line]] = {}
        for number, cells, key in self.keyed(known):
            if not key:
                yield [(number, cells)]
                continue
            lines = documents.setdefault(key, [])
            lines.append((number, cells))
            if len(lines) == whole[key]:  # its last line: nothing stays in memory longer than it must
                yield documents.pop(key)

    def lines(self, after: int = 0) -> Iterator[Line]:
        return iter(self.plan.table.rows(after))

    def keyed(self, known: set[int]) -> Iterator[tuple[int, list[Cell], Key]]:
        """The lines not written down yet with the key of their document; () for a line that stands alone."""
        places = [place for place, name, _f, _c in self.head.columns if name in self.plan.key]
        for number, cells in self.lines():
            if number not in known:
                key = tuple(text(cells[place]) for place in places)
                yield number, cells, key if any(key) and not self.plan.objection(cells) else ()

    def take(self, batch: list[Draft]) -> int:
        """Store a batch, or its halves if something in it is refused; returns the lines written down."""
        if not batch:
            return 0
        fresh = [Draft(draft.lines) for draft in batch]
        problem = ""
        try:
            work.unit_of_work(lambda: self.batch(fresh), verb="exchange.import", reason=self.plan.name)
        except (Refused, IntegrityError, DataError) as error:
            problem = (
                str(error)
                if isinstance(error, Refused)
                else _("The database refuses this row (%(why)s).") % {"why": error}
            )
        for links in self.head.own:
            links.settle(stored=not problem)
        if problem and len(batch) > 1:
            half = len(batch) // 2
            return self.take(batch[:half]) + self.take(batch[half:])
        if problem and not self.careful:
            self.careful = True
            try:
                return self.take(batch)
            finally:
                self.careful = False
        if problem:
            work.unit_of_work(lambda: self.ledger.write_down([Draft(batch[0].lines, reason=problem)]))
        return sum(len(draft.lines) for draft in batch)

    def batch(self, drafts: list[Draft]) -> None:
        """Inside one unit of work: convert, find what exists, create and change, write down."""
        self.run.fence()
        known = self.decide(drafts)
        self.store(drafts, known)
        self.ledger.write_down(drafts)

    def decide(self, drafts: list[Draft]) -> Known:
        """What is to become of each draft, without storing anything."""
        for links in self.head.own:
            links.settle(stored=False)
        for shape in filter(None, (self.head, self.child)):
            shape.prepare(cells for draft in drafts for _number, cells in draft.lines)
        for place, draft in enumerate(drafts):
            drafts[place] = Draft(draft.lines)  # the unit may be run again
            self.convert(drafts[place])
        ready = [draft for draft in drafts if draft.row is not None]
        known, taken = Known(self, ready), self.head.taken([draft.row for draft in ready])
        if self.plan.duplicates:
            self.judge([draft for draft in ready if not draft.problem and draft.key not in known.rows])
        for draft in ready:
            try:
                self.settle(draft, known, taken)
            except BadRow as bad:
                draft.outcome, draft.reason, draft.way, draft.meets = "failed", str(bad), bad.way, bad.meets
        return known

    def judge(self, fresh: list[Draft]) -> None:
        """What seems to be on file already: a failure where that is certain, else a mark on the row."""
        told = doubts.doubts(self.declared.label, [draft.row for draft in fresh], self.user, "add")
        for draft, doubt in zip(fresh, told, strict=True):
            draft.doubt = doubt
            if doubt is not None and doubt.hard:
                draft.problem = str(doubt)
            elif doubt is not None:
                draft.warning = str(doubt)

    def convert(self, draft: Draft) -> None:
        """Cells to an unsaved row with its lines; later lines of a document fill what its first one left empty."""
        try:
            if objection := self.plan.objection(draft.lines[0][1]):
                raise BadRow(objection)
            for number, cells in draft.lines:
                draft.fault = number
                draft.values = {**self.head.values(cells), **draft.values}
                if self.child is not None and (values := self.child.values(cells)):
                    draft.children.append(self.child.draft(values))
            draft.fault = draft.lines[0][0]
            row = self.head.draft(draft.values)
            for links in self.head.own:
                links.learn(row)
            try:
                self.head.check(row, careful=self.careful and self.plan.mode == "create")
            except BadRow as bad:
                draft.problem = str(bad)  # counts only if the row turns out to be new
            draft.row = row
            if self.key and any(key := tuple(getattr(row, name) for name in self.key)):
                draft.key = key
        except BadRow as bad:
            draft.reason = str(bad)

    def settle(self, draft: Draft, known: Known, taken: Any) -> None:
        """Decide what becomes of a draft: a new row, a change of an existing one, or a failure."""
        present = known.rows.get(draft.key) if draft.key else None
        if present is None and self.plan.mode != "update":
            return self.create(draft, known, taken)
        what = {"what": self.declared.singular, "key": " / ".join(map(str, draft.key or ()))}
        if present is None:
            raise BadRow(_("There is no %(what)s “%(key)s” to update.") % what, way="unknown")
        if present.pk not in known.visible:
            raise BadRow(_("A %(what)s “%(key)s” exists already, outside your reach.") % what, way="beyond")
        if self.plan.mode == "create":
            if present.pk in known.touched:
                raise BadRow(_("“%(key)s” stands in the file twice.") % what, way="twice")
            words = _("A %(what)s “%(key)s” exists already: %(name)s.")
            raise BadRow(words % {**what, "name": present}, way="known", meets=present.pk)
        if draft.key in known.several:
            raise BadRow(_("“%(key)s” stands for several rows; choose another key.") % what)
        if draft.children and not self._same_lines(present, draft.children):
            raise BadRow(_("The %(what)s “%(key)s” exists already; an import does not change its lines.") % what)
        return self.change(draft, present, known, taken)

    def create(self, draft: Draft, known: Known, taken: Any) -> None:
        row = draft.row
        if draft.problem:
            raise self.bad(draft)
        self.head.rule(row)
        self._claim(row, taken)
        for line in draft.children:
            setattr(line, self.via, row)
            self.child.check(line)  # type: ignore[union-attr]
            self.child.rule(line)  # type: ignore[union-attr]
        known.add(draft.key, row)
        draft.outcome = "created"

    def bad(self, draft: Draft) -> BadRow:
        """Why a new row does not go in: what it looks like already, or what is wrong with it."""
        if draft.doubt is None or not draft.doubt.hard:
            return BadRow(draft.problem)
        seen = next((hit.pk for hit in draft.doubt.details if hit.url), None)
        way = "known" if seen else "beyond" if draft.doubt.details else "twice"
        return BadRow(draft.problem, way=way, meets=seen)

    def _same_lines(self, present: Any, children: list[Any]) -> bool:
        """Whether the file only repeats the lines of a document, as far as it says anything of them."""
        names = [attname(self.child.declared.model, name) for name in self.child.names]  # type: ignore[union-attr]
        rows = list(type(children[0]).objects.filter(**{self.via: present}).order_by("pk"))
        pairs = [
            [(getattr(mine, n), getattr(its, n)) for n in names] for mine, its in zip(rows, children, strict=False)
        ]
        return len(rows) == len(children) and all(a == b for pair in pairs for a, b in pair if b not in (None, ""))

    def change(self, draft: Draft, present: Any, known: Known, taken: Any) -> None:
        before, cache = dict(present.__dict__), dict(present._state.fields_cache)
        values = {name: value for name, value in draft.values.items() if name not in ("created_at", "created_by")}
        if self.declared.told:
            told = {name: values.pop(name) for name in self.declared.import_fields if name in values}
            draft.told = {name: value for name, value in told.items() if value != getattr(present, name)}
        try:
            self.head.rule(present, guarded=True)
            self.head.fill(present, values)
            self.head.check(present, careful=self.careful)
            self.head.rule(present)
            self._claim(present, taken)
        except BadRow:
            present.__dict__.update(before)
            present._state.fields_cache = cache
            raise
        was = getattr(present, "_loaded", {}) if not present._state.adding else {}
        now = present.column_values()
        draft.before = {name: before[name] for name in now if name in before and now[name] != before[name]}
        draft.before |= {name: before[name] for name in draft.told}
        known.changed.setdefault(present.pk, (present, set()))[1].update(
            name for name in was if now.get(name) != was[name]
        )
        draft.row, draft.outcome = present, "merged" if present.pk in known.touched else "updated"
        known.touched.add(present.pk)

    def _claim(self, row: Any, taken: Any) -> None:
        """BadRow if somebody else holds values that must be unique; from now on this row holds its own."""
        mine = []
        for fields, held in taken.items():
            values = tuple(getattr(row, attname(row, name)) for name in fields)
            if None in values or "" in values:
                continue
            holder = held.get(values)
            if holder and holder[0] != row.pk:
                label = "、".join(str(self.head.labels.get(name, name)) for name in fields)
                seen = self.declared.model.objects.visible_to(self.user).filter(pk=holder[0]).exists()
                name = {"label": label, "name": holder[1]}
                words = _("%(label)s is taken by %(name)s.") if seen else _("%(label)s is taken already.")
                raise Taken(words % name, holder[0], seen=seen)
            mine.append((held, values))
        for held, values in mine:
            held[values] = (row.pk, str(row))

    def store(self, drafts: list[Draft], known: Known) -> None:
        created = [draft for draft in drafts if draft.outcome == "created"]
        self.head.store([draft.row for draft in created])
        for row, names in known.changed.values():
            if names and not row._state.adding:
                row.save(update_fields=[f.name for f in row._meta.concrete_fields if f.attname in names])
        for draft in drafts:
            if self.declared.told and draft.told and draft.outcome != "failed":
                draft.row = self.declared.told(draft.row, draft.told, self.user)
        label = self.declared.label
        for word in ("created", "changed"):
            events.declare(f"{label}.{word}")  # the checks, which declare all, do not run in every process
        for draft in drafts:
            if draft.outcome != "failed":
                word = "created" if draft.outcome == "created" else "changed"
                events.publish(f"{label}.{word}", draft.row.company_id, id=draft.row.pk, actor=self.user.pk)
        if self.child is not None:
            self.child.store([line for draft in created for line in draft.children])
        if self.declared.imported and created:
            self.declared.imported([draft.row for draft in created], self.user)


class Known:
    """The existing rows that the keys of a batch mean, and what this import has touched."""

    def __init__(self, parent: Import, drafts: list[Draft]) -> None:
        self.rows: dict[Key | None, Any] = {}
        self.changed: dict[int, tuple[Any, set[str]]] = {}
        self.visible: set[int] = set()
        self.touched: set[int] = set()
        self.several: set[Key | None] = set()
        keys = {draft.key for draft in drafts if draft.key}
        if not keys:
            return
        model, user = parent.declared.model, parent.user
        first = Q(**{f"{parent.key[0]}__in": {key[0] for key in keys}})
        rows = model.objects.filter(first, company_id=user.company_id, deleted_at=None)
        held = rows.select_for_update(of=("self",)) if parent.run else rows
        for row in held.order_by("-pk"):
            key = tuple(getattr(row, name) for name in parent.key)
            self.several |= {key} & self.rows.keys()
            self.rows[key] = row
        pks = [row.pk for row in self.rows.values()]
        if pks:
            self.visible = set(model.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))
            mine = ImportedRow.objects.filter(job=parent.run and parent.run.job, object_id__in=pks)
            self.touched = {pk for pk in mine.values_list("object_id", flat=True) if pk}

    def add(self, key: Key | None, row: Any) -> None:
        if key:
            self.rows[key] = row
        self.visible.add(row.pk)
        self.touched.add(row.pk)
