"""One field of many rows: seen before, changed as a job, taken back as a whole."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import jobs
from guanxi.kernel.models import Job
from guanxi.org.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.req("QUAL-15")]


def test_a_field_of_many_customers_is_changed_with_a_preview_and_undone(client: Client, leader: User) -> None:
    common = {"company": leader.company, "owner": leader, "department": leader.department}
    rows = [saved(Account(name=f"客户{n}", scale="small", **common)) for n in range(3)]
    selection = "&".join(f"id={row.pk}" for row in rows)
    client.force_login(leader)
    preview = client.post("/customers/clean/", {"selection": selection, "field": "scale", "key": "k1"}).content.decode()
    assert "(3)" in preview
    client.post(
        "/customers/clean/", {"selection": selection, "field": "scale", "step": "value", "scale": "large", "key": "k1"}
    )
    jobs.work_off()
    assert set(Account.objects.values_list("scale", flat=True)) == {"large"}
    job = Job.objects.get(name="exchange.clean")
    assert client.get(f"/customers/import/{job.pk}/result/").status_code == 200
    client.post(f"/customers/import/{job.pk}/undo/")
    jobs.work_off()
    assert set(Account.objects.values_list("scale", flat=True)) == {"small"}


def test_the_result_of_a_change_speaks_of_a_change_and_offers_no_file_there_never_was(
    client: Client, leader: User, stranger: User
) -> None:
    common = {"company": leader.company, "owner": leader, "department": leader.department}
    rows = [saved(Account(name=f"客户{n}", scale="small", **common)) for n in range(2)]
    client.force_login(leader)
    data = {"selection": f"id={rows[0].pk}&id={rows[1].pk}", "field": "scale", "step": "value", "scale": "large"}
    client.post("/customers/clean/", {**data, "key": "k1"})
    rows[1].owner, rows[1].department = stranger, stranger.department
    saved(rows[1])  # gone out of reach before the job gets to it
    jobs.work_off()
    page = client.get(f"/customers/import/{Job.objects.get(name='exchange.clean').pk}/result/").content.decode()
    words = (
        "Result of the change",
        "Change it on its own page",
        "Undo the whole change",
        "Error file",
        "mended",
        "客户1",
    )
    assert [word in page for word in words] == [True, True, True, False, False, False]
