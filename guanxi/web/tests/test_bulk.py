"""A verb on many rows as a job: every row is done once and every refusal told, also after the process died in between."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import jobs
from guanxi.kernel.models import Job
from guanxi.org.models import User
from guanxi.web.views import bulk

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(seller: User, rival: User, monkeypatch: Any) -> list[Account]:
    """Accounts of which every fiftieth has the rival already; enough of them for a job of two batches."""
    monkeypatch.setattr(bulk, "AT_ONCE", 100)
    people = [rival if n % 50 == 0 else seller for n in range(220)]
    rows = [Account(company=p.company, owner=p, department=p.department, name=f"客户{n}") for n, p in enumerate(people)]
    return [saved(row) for row in rows]


def ask(client: Client, rows: list[Account], to: User) -> Job:
    sent = {"selection": "all=1", "to": to.pk, "reason": "调整片区", "key": "k1"}
    answer = client.post(reverse("record-bulk", args=["customers", "hand_over"]), sent)
    assert answer.status_code in (200, 302, 204), answer.content.decode()
    return Job.objects.get(name="web.bulk")


def test_a_killed_bulk_job_goes_on_and_still_tells_who_refused_before(
    client: Client, leader: User, rival: User, files: list[Account], monkeypatch: Any
) -> None:
    client.force_login(leader)
    client.cookies["language"] = "zh-hans"  # the job speaks the language of the person who asked
    job = ask(client, files, rival)
    real, calls = bulk._now, []

    def dies(*args: Any) -> Any:
        calls.append(args[2])
        if len(calls) == 2:
            real(*args)  # the batch is done but never committed
            raise RuntimeError("killed")
        return real(*args)

    monkeypatch.setattr(bulk, "_now", dies)
    jobs.work_off()
    job.refresh_from_db()
    assert (job.state, job.done_steps, len(job.result["refused"])) == ("ready", 200, 4)
    assert Account.objects.filter(owner=rival).count() == 200 + 1
    page = client.get(reverse("job", args=[job.pk])).content.decode()
    assert "客户0：陈书意 已是该客户的负责人。" in page and "['" not in page  # also while it is under way
    Job.objects.update(run_at=job.created_at)
    jobs.work_off()
    job.refresh_from_db()
    assert (job.state, job.result["done"], job.result["left_out"]) == ("done", 215, 5)
    assert job.result["refused"][0] == ["客户0", "陈书意 已是该客户的负责人。"]
    assert Account.objects.filter(owner=rival).count() == 220
    page = client.get(reverse("job", args=[job.pk])).content.decode()
    assert "未处理：5" in page and "客户200：陈书意" in page
    assert set(Account.objects.filter(owner=rival).values_list("version", flat=True)) == {1, 2}


def test_deleting_many_leaves_out_a_row_that_is_gone_by_then(
    client: Client, leader: User, files: list[Account], monkeypatch: Any
) -> None:
    from guanxi.kernel import verbs
    from guanxi.kernel.entities import entity

    client.force_login(leader)
    real = bulk.selected

    def gone_meanwhile(*args: Any) -> list[int]:
        ids = real(*args)
        verbs.delete(entity(Account), ids[0], actor=leader)
        return ids

    monkeypatch.setattr(bulk, "selected", gone_meanwhile)
    client.post(reverse("record-bulk", args=["customers", "delete"]), {"selection": "all=1", "key": "k2"})
    jobs.work_off()
    result = Job.objects.get(name="web.bulk").result
    assert (result["done"], result["left_out"]) == (219, 1)
    assert not Account.objects.exists()
