"""Addresses of the pages on which letters with files are written."""

from __future__ import annotations

from django.urls import path

from guanxi.mail import views

urlpatterns = [
    path("mail/<int:pk>/write/", views.answer, name="mail-answer"),
    path("mail/write/<int:pk>/", views.begin, name="mail-begin"),
]
