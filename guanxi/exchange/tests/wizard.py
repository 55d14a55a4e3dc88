"""The steps of the import wizard, and files to feed it."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guanxi.kernel import jobs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import ImportedRow, Job


def slug(label: str) -> str:
    return entity(label).slug


def book(*rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet(*rows: tuple[Any, ...], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def upload(client: Client, label: str, content: bytes, name: str = "rows.csv", **data: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("record-import", args=[slug(label)]), {"file": file, **data})


def parked(response: Any) -> Job:
    assert response.status_code == 302, re.findall(r"<b>([^<]+)</b>", response.content.decode())
    return Job.objects.get(pk=int(response.url.rstrip("/").split("/")[-1]))


def match(client: Client, job: Job, *, mode: str = "create", key: list[str] | None = None, **changes: str) -> Any:
    """Send the page that matches columns as it came, with some columns changed."""
    headers = list(changes.pop("headers", "").split("|")) if "headers" in changes else None
    page = client.get(reverse("import-match", args=[slug(job.args["label"]), job.pk])).content.decode()
    names = re.findall(r'name="(column-\d+)" aria-label="([^"]*)"', page)
    chosen = {}
    for column, header in names:
        block = page.split(f'name="{column}"')[1].split("</select>")[0]
        found = re.search(r'value="([^"]*)" selected', block)
        chosen[column] = changes.get(header, found[1] if found else "")
    assert headers is None or [header for _c, header in names] == headers
    ticked = re.findall(r'name="key" value="([^"]+)" checked', page)
    data = {**chosen, "mode": mode, "key": ticked if key is None else key}
    return client.post(reverse("import-match", args=[slug(job.args["label"]), job.pk]), data)


def run(client: Client, job: Job) -> Job:
    url = reverse("import-run", args=[slug(job.args["label"]), job.pk])
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    jobs.work_off()
    job.refresh_from_db()
    return job


def take_in(
    client: Client, label: str, content: bytes, name: str = "rows.csv", mode: str = "create", **options: Any
) -> Job:
    job = parked(upload(client, label, content, name))
    response = match(client, job, mode=mode, **options)
    assert response.status_code == 302, re.findall(r"<b>([^<]+)</b>", response.content.decode())
    return run(client, job)


def counted(job: Job) -> dict[str, int]:
    return {key: value for key, value in job.result.items() if isinstance(value, int) and value}


def reasons(job: Job) -> dict[int, str]:
    return dict(ImportedRow.objects.filter(job=job, outcome="failed").values_list("line", "reason"))


CUSTOMERS = ("客户名称", "电话", "成立日期", "注册资本")


def failures(client: Client, job: Job) -> dict[int, tuple[str, ...]]:
    """The rows of the list of failures as the page shows them: what the file calls it, why, what to do, where it leads."""
    html = client.get(reverse("import-result", args=[slug(job.args["label"]), job.pk])).content.decode()
    table = html.split("Rows that failed")[-1].split("</table>")[0]
    found = {}
    for row in re.findall(r"<tr>(<td class=\"num\".*?)</tr>", table, re.DOTALL):
        cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]
        found[int(cells[0])] = (*cells[1:], *re.findall(r'href="([^"]+)"', row))
    return found
