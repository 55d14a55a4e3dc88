"""How long ABC and RFM over ten million orders take, against one plain DuckDB GROUP BY of the same columns.

    python -m bench.insight_bench [orders in millions = 10] [folder]

Prints wall seconds and the ratio; the goal is a ratio of at most 2.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from guanxi.insight.engine.profile import scores, write_profile
from guanxi.insight.engine.store import connect, read

AS_OF = date(2025, 12, 31)
ROUNDS = 3

# Three years; a skewed number of orders per customer, log-normal amounts, 3 % returns, costs around 70 %.
ORDERS = """
COPY (
    SELECT order_id, customer_id, ordered_on, amount,
        (amount * (55 + hash(order_id + 3) % 40) / 100)::DECIMAL(18, 2) AS cost,
        (CASE WHEN amount < 0 THEN -1 ELSE 1 END)::TINYINT AS status
    FROM (
        SELECT i AS order_id,
            (pow(hash(i) / 18446744073709551616.0, 1.5) * {customers})::BIGINT AS customer_id,
            DATE '2023-01-01' + ((i * 1096) // {orders})::INTEGER AS ordered_on,
            ((CASE WHEN hash(i + 1) % 100 < 3 THEN -1 ELSE 1 END)
                * exp(4 + 3 * (hash(i + 2) / 18446744073709551616.0)))::DECIMAL(18, 2) AS amount
        FROM range({orders}) t(i)
        WHERE DATE '2023-01-01' + ((i * 1096) // {orders})::INTEGER BETWEEN '{first}' AND '{last}'
    )
) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
"""
FLOOR = """
SELECT count(*), sum(a), sum(p), max(d), sum(n) FROM (
    SELECT customer_id, sum(amount) a, sum(amount) - sum(cost) p, max(ordered_on) d, count(*) n
    FROM read_parquet('{folder}/orders/*.parquet')
    WHERE ordered_on <= DATE '{day}' AND status <> 0
    GROUP BY customer_id
)
"""


def make(folder: Path, orders: int) -> None:
    con = connect(memory_limit="2GB")
    (folder / "orders").mkdir(parents=True, exist_ok=True)
    months = [date(year, month, 1) for year in (2023, 2024, 2025) for month in range(1, 13)]
    for month, after in zip(months, [*months[1:], date(2026, 1, 1)], strict=True):
        target = folder / "orders" / f"{month:%Y-%m}.parquet"
        last = date.fromordinal(after.toordinal() - 1)
        con.raw_sql(ORDERS.format(orders=orders, customers=orders // 10, first=month, last=last, target=target))
    con.disconnect()


def timed(*works: Callable[[], object]) -> list[float]:
    """Median seconds of each; the rounds take turns, so that a busy moment does not fall on one of them alone."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for seconds, work in zip(taken, works, strict=True):
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in taken]


def main() -> None:
    orders = int(float(sys.argv[1] if len(sys.argv) > 1 else 10) * 1_000_000)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else place)
        if not (folder / "orders").exists():
            make(folder, orders)
        con = connect()
        facts = read(con, folder, AS_OF)

        def scored() -> None:
            with scores(facts) as table:
                con.create_table("result", table, temp=True, overwrite=True)

        def grouped() -> None:
            con.raw_sql(FLOOR.format(folder=folder, day=AS_OF)).fetchall()

        def written() -> None:
            write_profile(facts, folder / "profile.parquet")

        plain, full, whole = timed(grouped, scored, written)
        print(f"orders {orders:,}  plain GROUP BY {plain:.2f} s")
        print(f"ABC + RFM {full:.2f} s  ratio {full / plain:.2f}  (goal: at most 2)")
        print(f"whole profile to Parquet {whole:.2f} s  ratio {whole / plain:.2f}")


if __name__ == "__main__":
    main()
