"""How right the comparison of files is on planted bases, in memory: several seeds, with and without short names.

`python -m bench.likeness 10000 3` compares three bases of 10,000 files each; `bench.duplicates` measures the same with a database.
"""

from __future__ import annotations

import sys
from itertools import combinations
from typing import Any

from bench.planted import File, files, truth

SEED = 20261122
MOST_IN_BLOCK = 120  # as in the screening
Pair = tuple[int, int]


def told(made: list[File], every: int) -> list[Any]:
    """What each file says; every second or each one has the short name that its own writing suggests, 0: none."""
    from guanxi.duplicates.likeness import facts
    from guanxi.formats.names import company_parts

    codes, found = set(), []
    for n, one in enumerate(made):
        names = [one.name, *([company_parts(one.name).brand] if every and n % every == every - 1 else [])]
        code = "" if one.code in codes else one.code  # a code stands once among live files
        codes.add(one.code)
        found.append(facts(names, phones=[one.phone], code=code, region=one.region))
    return found


def scored(said: list[Any]) -> dict[Pair, float]:
    """Every pair that meets under a key, with its score."""
    from guanxi.duplicates.likeness import compare, keys

    blocks: dict[int, list[int]] = {}
    for n, one in enumerate(said):
        for key in keys(one, 1):
            blocks.setdefault(key, []).append(n)
    pairs = {pair for block in blocks.values() if len(block) <= MOST_IN_BLOCK for pair in combinations(block, 2)}
    return {pair: compare(said[pair[0]], said[pair[1]]).score for pair in pairs}


def main(count: int, seeds: int) -> None:
    from guanxi.duplicates.likeness import CERTAIN, REVIEW

    print("| files with a short name | seed | blocked, right | queue, recall | queue, right | compared |")
    print("|---|---|---|---|---|---|")
    for every, words in ((0, "none"), (2, "half"), (1, "all")):
        for seed in range(SEED, SEED + seeds):
            made = files(count, seed)
            scores, known = scored(told(made, every)), {tuple(sorted(pair)) for pair in truth(made)}
            certain = {pair for pair, score in scores.items() if score == CERTAIN}
            queue = {pair for pair, score in scores.items() if score >= REVIEW}
            print(
                f"| {words} | {seed} | {len(certain & known) / max(1, len(certain)):.4f} of {len(certain):,} "
                f"| {len(queue & known) / len(known):.4f} of {len(known):,} "
                f"| {len(queue & known) / max(1, len(queue)):.4f} of {len(queue):,} | {len(scores):,} |",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
