"""People and access: departments, teams, roles, users, ownership; notices, comments, attachments."""

from guanxi.org.models.access import Role
from guanxi.org.models.owned import OwnedQuerySet, OwnedRecord
from guanxi.org.models.people import Department, Team, User
from guanxi.org.models.talk import Attachment, Comment, Notice, SignIn

__all__ = [
    "Attachment",
    "Comment",
    "Department",
    "Notice",
    "OwnedQuerySet",
    "OwnedRecord",
    "Role",
    "SignIn",
    "Team",
    "User",
]
