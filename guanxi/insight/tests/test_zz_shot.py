import random, time
from datetime import date, timedelta, datetime, UTC
from decimal import Decimal
import pytest
from django.db import connection
from guanxi.kernel import clock, jobs
from guanxi.kernel.work import unit_of_work
from guanxi.customers.models import Account
from guanxi.catalog.models import Product
from guanxi.sales.models import Order, OrderLine
from guanxi.insight.services.refresh import recompute
from guanxi.kernel.models import Company
from guanxi.insight.tests.conftest import person, ALL, save

@pytest.mark.django_db(transaction=True)
def test_shot(live_server, settings, tmp_path):
    settings.HOME = tmp_path
    company = Company.objects.create(code="gx", name="远航设备")
    boss = person(company, "boss", {"*": ALL})
    boss.set_password("pass-word-9"); boss.save()
    rnd = random.Random(3)
    today = clock.today()
    products = [save(Product(company=company, code=f"P{i}", name=n, price=Decimal(100+50*i), cost=Decimal(60+30*i))) for i, n in enumerate(["水泵","阀门","减速机","伺服电机","刀架","联轴器","导轨","丝杠"])]
    def build():
        accts = [Account(company=company, name=f"{rnd.choice(['云岭','启明','瑞泽','博远','恒川','鼎岳','顺达','金禾','佳友','海纳'])}{rnd.choice(['精密','光电','医疗','电子','自动化','模具','物流'])}{i}有限公司", owner=boss, created_at=datetime(2023,1,1,tzinfo=UTC)) for i in range(120)]
        Account.objects.bulk_create(accts)
        orders, lines = [], []
        for i, a in enumerate(accts):
            for _ in range(int(rnd.paretovariate(0.9)) if i % 9 else 0):
                if len(orders) > 2500: break
                o = Order(company=company, account=a, owner=boss, number=f"SO-{len(orders):05}", state="completed", ordered_on=today - timedelta(days=int(rnd.random()**1.5*900)))
                p = rnd.choice(products); l = OrderLine(company=company, order=o, product=p, quantity=Decimal(rnd.randint(1,40))); l.complete()
                o.amount, o.cost, o.profit = l.amount, l.cost, l.amount-l.cost
                orders.append(o); lines.append(l)
        Order.objects.bulk_create(orders); OrderLine.objects.bulk_create(lines)
    unit_of_work(build)
    t=time.time(); recompute(boss); jobs.work_off(); print("refresh", time.time()-t)
    from guanxi.web.listing import Listing
    from guanxi.kernel.entities import entity
    from django.http import QueryDict
    from django.test.utils import CaptureQueriesContext
    with CaptureQueriesContext(connection) as seen:
        Listing.read(entity("customers.account"), boss, QueryDict("sort=-amount_12m&where={}&columns=name,amount_12m")).page()
    sql = [q["sql"] for q in seen if "profile" in q["sql"]][0]
    print(sql)
    with connection.cursor() as c:
        c.execute("EXPLAIN QUERY PLAN " + sql); print(c.fetchall())
    from playwright.sync_api import sync_playwright
    from django.test import Client
    cl = Client(); cl.force_login(boss)
    t=time.time(); r = cl.get("/insight/"); print("page", time.time()-t, len(r.content))
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, w, h in (("desktop",1440,900),("mobile",390,844)):
            ctx = b.new_context(viewport={"width":w,"height":h})
            ctx.add_cookies([{"name":"session","value":cl.cookies["session"].value,"url":live_server.url}])
            page = ctx.new_page(); msgs=[]
            page.on("console", lambda m: msgs.append(m.text)); page.on("pageerror", lambda e: msgs.append(str(e)))
            page.goto(live_server.url + "/insight/"); page.wait_for_timeout(1500)
            page.screenshot(path=f"/tmp/shot-{name}.png", full_page=True); print(msgs[:8])
            if name == "desktop":
                top = Account.objects.filter(profile__abc_amount="A").order_by("-profile__amount_12m").first()
                page.goto(f"{live_server.url}/{entity('customers.account').slug}/{top.pk}/"); page.wait_for_timeout(800)
                page.screenshot(path="/tmp/shot-account.png", full_page=True); print(msgs[:8])
        b.close()
