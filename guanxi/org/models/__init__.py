"""People and access: departments, teams, roles, users, ownership; notices, comments, attachments."""

from guanxi.org.models.absence import Absence
from guanxi.org.models.access import Role
from guanxi.org.models.forms import FormNumber
from guanxi.org.models.owned import OwnedQuerySet, OwnedRecord
from guanxi.org.models.people import Department, Team, User
from guanxi.org.models.talk import Attachment, Comment, Notice, SignIn
from guanxi.org.models.training import Training

__all__ = [
    "Absence",
    "Attachment",
    "Comment",
    "Department",
    "FormNumber",
    "Notice",
    "OwnedQuerySet",
    "OwnedRecord",
    "Role",
    "SignIn",
    "Team",
    "Training",
    "User",
]
