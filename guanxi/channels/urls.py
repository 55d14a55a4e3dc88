"""Address of one's own choice of channels."""

from __future__ import annotations

from django.urls import path

from guanxi.channels import views

urlpatterns = [path("me/notices/", views.choose, name="notice-choice")]
