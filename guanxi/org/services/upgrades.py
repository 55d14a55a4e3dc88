"""What a newer version of the program brings to companies that were there before it."""

from __future__ import annotations

from collections.abc import Iterator

from guanxi.kernel.models import Company
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import Role
from guanxi.org.presets import presets
from guanxi.org.services.roles import furniture, note_given, seed_roles


def renew_all() -> Iterator[str]:
    """Every company after an update of the database; a sentence about each that got something."""
    for company in Company.objects.order_by("pk"):
        if changed := renew(company):
            yield f"{company.name}: {', '.join(changed)}"


@in_unit_of_work
def renew(company: Company) -> list[str]:
    """Preset roles, rights of theirs and lists that are new since; returns the names of what changed.

    What a company has taken away or changed stays: only what it was never offered is given.  A company from before this
    was written down is taken to have every list, and to know whatever one of its roles may do.
    """
    grants = {preset["code"]: preset["grants"] for preset in presets()}
    roles = list(Role.objects.filter(company=company, is_preset=True))
    offered = company.settings.get("offered", [label for role in roles for label in role.grants])
    before = {role.code for role in roles}
    changed = [role.name for code, role in seed_roles(company).items() if role.is_preset and code not in before]
    for role in roles:
        more = {label: given for label, given in grants.get(role.code, {}).items() if label not in {*offered, "*"}}
        if more:
            role.grants = {**role.grants, **more}
            role.save(update_fields=["grants"])
            changed.append(role.name)
    for name, give in furniture().items():
        if name not in company.settings.get("furniture", furniture()):
            give(company)
            changed.append(name)
    note_given(company)
    return changed
