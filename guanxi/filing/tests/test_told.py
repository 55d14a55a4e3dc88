"""Who hears of a finding on its way: sent back, objected to, decided, and what the list of the day shows (QUAL-08, QUAL-17)."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from guanxi.conftest import run
from guanxi.filing.models import Finding
from guanxi.filing.services.findings import follow
from guanxi.filing.tests.conftest import Register, at
from guanxi.org.models import Notice, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weekly_only")]


@pytest.fixture(autouse=True)
def heard(finding: Finding) -> None:
    """What the inspection itself has told is read."""
    Notice.objects.all().delete()


def told(finding: Finding) -> list[str]:
    return list(
        Notice.objects.filter(url=f"/findings/{finding.pk}/").order_by("pk").values_list("user__username", flat=True)
    )


@pytest.mark.req("QUAL-08")
def test_what_is_still_wrong_comes_back_to_the_accountant_with_the_defect_and_a_new_day(
    client: Client, finding: Finding, accountant: User
) -> None:
    with at(17, 10):
        client.force_login(accountant)
        client.post(f"/findings/{finding.pk}/do/mended/", {"note": "已补", "key": "m"})
    with at(18, 7):
        run(follow)
        assert told(finding) == ["accountant"]
        client.force_login(accountant)
        listed = client.get("/findings/?view=mine").content.decode()
    assert "缺厂" in listed and "11-23" in listed, "three working days from the 18th"
    assert Notice.objects.get(url=f"/findings/{finding.pk}/").text.startswith("Sent back: ")


@pytest.mark.req("QUAL-01", "QUAL-08", "USE-04")
def test_the_accountant_starts_the_day_with_what_to_file_and_what_to_mend(
    client: Client, finding: Finding, accountant: User, clerk: User, register: Register
) -> None:
    with at(17, 10):
        row = register()
        client.force_login(accountant)
        page = client.get("/").content.decode()
        for title, count, url in (
            ("Registrations to file", "1", f"/registrations/{row.pk}/"),
            ("Findings to mend", "1", f"/findings/{finding.pk}/"),
        ):
            card = page[page.index(f'<h2 class="card-title">{title}</h2>') :]
            card = card[: card.index("</section>")]
            assert (f'card-sub">{count}<' in card, url in card) == (True, True), title
        client.force_login(clerk)
        assert "Findings to mend" not in client.get("/").content.decode(), "they are the accountant's"


@pytest.mark.req("QUAL-17")
def test_the_inspector_hears_of_an_objection_and_the_accountant_of_its_end(
    client: Client, finding: Finding, accountant: User, inspector: User
) -> None:
    with at(17, 10):
        client.force_login(accountant)
        sent = {"reason": "客户拒绝提供", "key": "o"}
        assert client.post(f"/findings/{finding.pk}/do/object_to/", sent).status_code in (204, 302)
        assert told(finding) == ["inspector"]
        client.force_login(inspector)
        assert "客户拒绝提供" in client.get(f"/findings/{finding.pk}/").content.decode()
        back = {"note": "营业执照上有地址", "key": "b"}
        assert client.post(f"/findings/{finding.pk}/do/send_back/", back).status_code in (204, 302)
    assert told(finding) == ["inspector", "accountant"]
    finding.refresh_from_db()
    assert (finding.state, finding.note, finding.sent_back, finding.due_on) == (
        "open", "营业执照上有地址", 1, date(2026, 11, 20),
    )  # fmt: skip
