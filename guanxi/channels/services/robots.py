"""Connecting a robot with its group and trying it out."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.channels.models import Robot
from guanxi.channels.robots import Trouble
from guanxi.channels.services.sending import deliver
from guanxi.kernel import jobs
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User


@action(
    Robot,
    label=_("Connect"),
    icon="plug",
    bulk=False,
    labels={"address": _("Address of the robot"), "secret": _("Secret for signing")},
)
def connect(robot: Robot, *, actor: User, address: str, secret: str = "") -> Robot:
    """The address the group's page shows, and the secret if messages are signed; neither is shown again."""
    parts = urlsplit(address.strip())
    if parts.scheme != "https" or not parts.hostname:
        raise Refused(_("The address begins with https://."), field="address")
    robot.connect(address.strip(), secret.strip())
    robot.problem, robot.blocked_until = "", None
    robot.save(update_fields=["sealed_address", "sealed_secret", "problem", "blocked_until"])
    return robot


@action(Robot, label=_("Send a test message"), icon="send", bulk=False, when=lambda robot: bool(robot.sealed_address))
def test(robot: Robot, *, actor: User) -> Robot:
    """The group reads that the robot works, or the robot’s page what was wrong."""
    try_out.enqueue(user=actor, robot=robot.pk)
    return robot


@jobs.job("channels.try", attempts=1)
def try_out(run: jobs.Run, robot: int) -> dict[str, str]:
    row = Robot.objects.get(pk=robot, company_id=run.job.company_id)
    problem = ""
    try:
        deliver(row, _t("This robot tells of notices of the customer management system."), [])
    except Trouble as trouble:
        problem = str(trouble)
    Robot.objects.filter(pk=robot).update_silently(problem=problem)
    return {"problem": problem}
