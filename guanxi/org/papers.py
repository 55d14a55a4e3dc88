"""The numbered forms of a company (FORM-06): apps say which there are; number, title and version are the company's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from guanxi.kernel import clock
from guanxi.kernel.fields import Label
from guanxi.kernel.models import Company
from guanxi.org.models import FormNumber
from guanxi.org.services import furnishes

FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True)
class Form:
    """What an app prints under a number; `code`, `title` and `version` are what a company begins with."""

    key: str
    label: Label
    code: str
    title: str
    version: str


_forms: dict[str, Form] = {}


def numbered(key: str, label: Label, *, code: str, title: str, version: str = "A/0") -> None:
    """Declare a form; an entity whose printed sheet it is names it by `Entity(form=key)`, a page asks `form_of`."""
    _forms[key] = Form(key, label, code, title, version)


def choices() -> tuple[tuple[str, Label], ...]:
    return tuple((form.key, form.label) for form in _forms.values())


def form_of(company_id: int, key: str, on: date | None = None) -> FormNumber | None:
    """The form in the version that is valid on a day; the first version for days before it."""
    rows = FormNumber.objects.filter(company_id=company_id, key=key)
    valid: FormNumber | None = rows.filter(valid_from__lte=on or clock.today()).order_by("-valid_from").first()
    return valid or rows.order_by("valid_from").first()


@furnishes
def seed_forms(company: Company) -> int:
    """The first version of every form the company has none of."""
    every = cast(Any, FormNumber.everything)
    known = set(every.filter(company=company).values_list("key", flat=True))
    fresh = [form for form in _forms.values() if form.key not in known]
    for form in fresh:
        FormNumber(
            company=company,
            key=form.key,
            code=form.code,
            title=form.title,
            form_version=form.version,
            valid_from=FIRST_DAY,
        ).save()
    return len(fresh)
