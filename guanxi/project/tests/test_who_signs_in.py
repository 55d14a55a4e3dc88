"""The server's first words: who may sign in, or what is still to be done so that somebody may."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.cli import _say_who_signs_in


@pytest.mark.django_db
def test_without_a_company_the_server_says_how_to_found_one(capsys: pytest.CaptureFixture[str]) -> None:
    _say_who_signs_in(accounts=True)
    assert "guanxi init --company" in capsys.readouterr().out


def test_a_company_of_ones_own_is_shown_no_heading_of_demonstration_accounts(
    company: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    _say_who_signs_in(accounts=True)
    assert capsys.readouterr().out == ""
