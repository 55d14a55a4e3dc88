"""Meetings from agenda to minutes, bulletins and their readers, daily plans, feeds of calendars."""
