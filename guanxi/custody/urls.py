"""Addresses of the custodian's own pages."""

from __future__ import annotations

from django.urls import path

from guanxi.custody.views import board, lending, supervising

urlpatterns = [
    path("loans/find/", lending.find_card, name="card-find"),
    path("team-board/", board.team_board, name="team-board"),
    path("card-reviews/week/", supervising.week, name="card-review-week"),
    path("collections/balances/", supervising.balances, name="balances"),
    path("sales-plans/draft/", supervising.draft_plan, name="sales-plan-draft"),
]
