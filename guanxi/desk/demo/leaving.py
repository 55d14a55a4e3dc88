"""Somebody who leaves in a few days: the account request waits for approval, the handover is being divided."""

from __future__ import annotations

from datetime import timedelta

from guanxi.desk.demo.staff import Organisation
from guanxi.handover.models import PersonnelChange, Rule, Successor
from guanxi.handover.services.handovers import prepare
from guanxi.handover.services.requests import request_for
from guanxi.kernel import clock
from guanxi.org.models import User


def build_leaving(staff: Organisation) -> None:
    """Run it inside a unit of work, when customers and orders are there."""
    branch = staff.branches[0]
    leaver, first, second = branch.sellers[1:4]
    head = User.objects.get(pk=branch.department.head_id)
    change = PersonnelChange(
        company=staff.company, owner=head, created_by=head, department=branch.department, kind="leaving", person=leaver,
        name=leaver.name, username=leaver.username, day=clock.today() + timedelta(days=3), remark="个人原因",
    )  # fmt: skip
    change.save()
    request_for(change, actor=head, reason="离职，注销账号", wanted="离职当日结束时关闭账号")
    handover = prepare(change, actor=head, rest_to=first)
    Successor(company=staff.company, created_by=head, handover=handover, person=second).save()
    Rule(company=staff.company, created_by=head, handover=handover).save()
