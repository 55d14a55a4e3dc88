"""Many writers at once: every act has its entry, and the chain has neither gaps nor forks."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from guanxi.audit import chain
from guanxi.audit.models import Entry, LaneHead
from guanxi.audit.tests.conftest import save_field
from guanxi.kernel import context
from guanxi.kernel.models import Company, ExtraField

WRITERS, EACH = 4, 25


@pytest.mark.race
@pytest.mark.req("QUAL-16")
@pytest.mark.django_db(transaction=True)
def test_four_writers_leave_one_entry_for_each_act_and_an_intact_chain(company: Company) -> None:
    start, errors = threading.Barrier(WRITERS), []

    def write(number: int) -> None:
        try:
            start.wait()
            with context.acting(actor_id=number):
                for turn in range(EACH):
                    save_field(company, f"f{number}-{turn}")
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = chain.verify()
    assert errors == []
    assert (report.rows, report.intact) == (WRITERS * EACH, True)
    assert ExtraField.objects.count() == WRITERS * EACH
    assert sum(LaneHead.objects.values_list("seq", flat=True)) == WRITERS * EACH
    assert [Entry.objects.filter(actor_id=number).count() for number in range(WRITERS)] == [EACH] * WRITERS
