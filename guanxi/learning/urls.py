"""The address of the questions about a publication."""

from __future__ import annotations

from django.urls import path

from guanxi.learning import views

urlpatterns = [path("readings/<int:pk>/questions/", views.questions, name="reading-questions")]
