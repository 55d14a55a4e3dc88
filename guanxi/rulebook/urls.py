"""Addresses of the rulebook's own pages."""

from __future__ import annotations

from django.urls import path

from guanxi.rulebook.views import compliance, editions, goals, papers, processes, rule

urlpatterns = [
    path("compliance/", compliance.compliance_page, name="compliance"),
    path("compliance/report/", papers.month_report, name="compliance-report"),
    path("compliance/notice/", papers.use_notice, name="use-notice"),
    path("goals/year/", goals.goals_page, name="goals-year"),
    path("processes/", processes.processes_page, name="processes"),
    path("rulebooks/", editions.rulebooks, name="rulebooks"),
    path("articles/<int:pk>/words/", papers.article_words, name="article-words"),
    path("clauses/<int:pk>/rule/", rule.rule, name="clause-rule"),
]
