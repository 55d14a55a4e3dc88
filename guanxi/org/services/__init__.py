"""Opening and closing accounts, roles and rights, the department tree, and telling people things."""

from guanxi.org.services.accounts import (
    appoint_to,
    close_sessions,
    end_sessions,
    enter,
    freeze,
    give_roles,
    open_account,
    open_for,
    protect,
    reset_password,
    set_roles,
    unfreeze,
)
from guanxi.org.services.departments import appoint, assign_duties, check_place, move, plant, set_members
from guanxi.org.services.roles import CONFIGURATION, bump, copy, define, restore_preset, role_guard, seed_roles, start
from guanxi.org.services.talk import comment, mark_read, tell

__all__ = [
    "CONFIGURATION",
    "appoint",
    "appoint_to",
    "assign_duties",
    "bump",
    "check_place",
    "close_sessions",
    "comment",
    "copy",
    "define",
    "end_sessions",
    "enter",
    "freeze",
    "give_roles",
    "mark_read",
    "move",
    "open_account",
    "open_for",
    "plant",
    "protect",
    "reset_password",
    "restore_preset",
    "role_guard",
    "seed_roles",
    "set_members",
    "set_roles",
    "start",
    "tell",
    "unfreeze",
]
