"""Line items: rows of a child entity edited inside the form of their document."""

from __future__ import annotations

from typing import Any

from django.forms.utils import ErrorDict

from guanxi.kernel import verbs
from guanxi.kernel.entities import Entity, entity
from guanxi.web.forms import RecordForm, editable
from guanxi.web.pages import whole

SPARE = 3  # empty lines offered below the filled ones
MOST = 300


class LineForm(RecordForm):
    """One line; left empty it counts for nothing, ticked for removal it goes."""

    pk: int | None = None

    @property
    def blank(self) -> bool:
        return self.pk is None and not any(self.data.get(self.add_prefix(name)) for name in self.fields)

    @property
    def gone(self) -> bool:
        return bool(self.data.get(self.add_prefix("gone")))

    def full_clean(self) -> None:
        if self.is_bound and (self.blank or self.gone):
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()


def child_of(declared: Entity) -> tuple[Entity, str] | None:
    """The entity of a document's lines and the field that links back."""
    if not declared.lines:
        return None
    relation = declared.relation(declared.lines)
    return entity(relation.target), relation.via


def line_forms(declared: Entity, user: Any, row: Any, data: Any = None) -> list[LineForm]:
    """The lines of a document as forms; none for entities without lines."""
    found = child_of(declared)
    if found is None:
        return []
    child, via = found
    fields = {name: f for name, f in editable(child, user).items() if name != via and name in child.columns}
    stored = list(child.model.objects.filter(**{via: row}).order_by("pk")) if row is not None else []
    known = {str(line.pk): line for line in stored}
    if data is None:
        pairs = [(line, None) for line in stored] + [(None, None)] * SPARE
    else:
        count = min(max(whole(data, "lines") or 0, 0), MOST)
        pairs = [(known.get(data.get(f"line-{i}-id", "")), data) for i in range(count)]
    forms = []
    for number, (line, sent) in enumerate(pairs):
        form = LineForm(child, user, fields, sent, row=line, prefix=f"line-{number}", use_required_attribute=False)
        form.pk = line.pk if line is not None else None
        forms.append(form)
    return forms


def save_lines(declared: Entity, row: Any, forms: list[LineForm], *, actor: Any) -> None:
    """Add, change and remove lines in the unit of work that saves the document."""
    found = child_of(declared)
    if found is None or not forms:
        return
    child, via = found
    for form in forms:
        if form.blank:
            continue
        if form.gone:
            if form.pk:
                verbs.delete(child, form.pk, actor=actor)
        elif form.pk:
            verbs.change(child, form.pk, form.values, actor=actor)
        else:
            given = {name: value for name, value in form.values.items() if value not in (None, "")}
            verbs.add(child, {**given, via: row}, actor=actor)  # what is left empty gets its default
