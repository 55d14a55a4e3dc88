"""Addresses of calendars and daily plans; that of a feed is public for whoever knows its secret."""

from __future__ import annotations

from django.urls import path

from guanxi.meetings import views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/feed/", views.renew_feed, name="calendar-feed-renew"),
    path("calendar/feed/end/", views.end_feed, name="calendar-feed-end"),
    path("calendar/feed/<str:token>.ics", views.feed, name="calendar-feed"),
    path("my-day/", views.my_day, name="my-day"),
]
