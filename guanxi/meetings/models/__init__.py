"""Meetings and what they leave to do, bulletins with their readers, daily plans and logs, feeds of calendars."""

from guanxi.meetings.models.bulletins import Bulletin, Reading
from guanxi.meetings.models.days import CalendarFeed, WorkLog
from guanxi.meetings.models.meetings import ActionItem, AgendaPoint, Meeting, Seat

__all__ = ["ActionItem", "AgendaPoint", "Bulletin", "CalendarFeed", "Meeting", "Reading", "Seat", "WorkLog"]
