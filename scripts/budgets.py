"""Size budgets: what grows past them is split or made simpler, never excused."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PY_LINES, FUNCTION_LINES, PARAMETERS, TEMPLATE_LINES = 400, 40, 6, 120
CORE_LINES = 7_800  # kernel and web; see ARCHITECTURE.md, section 5
EXEMPT = {"migrations", "tests", "data"}  # generated code, test code, tables of data
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(pattern: str) -> list[Path]:
    files = [path for top in ("guanxi", "scripts", "bench") for path in (ROOT / top).rglob(pattern)]
    return [path for path in sorted(files) if not EXEMPT & set(path.relative_to(ROOT).parts)]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[str]:
    """Functions over the budget; the docstring is not counted, nor are self, cls and the starred ones."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, Function):
            continue
        start, body = node.lineno, node.body
        length = (node.end_lineno or start) - start + 1
        if ast.get_docstring(node) is not None:
            length -= (body[0].end_lineno or 0) - body[0].lineno + 1
        names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        count = len([name for name in names if name not in {"self", "cls"}])
        place = f"{path.relative_to(ROOT)}:{start} {node.name}"
        if length > FUNCTION_LINES:
            yield f"{place}: {length} lines, at most {FUNCTION_LINES}"
        if count > PARAMETERS:
            yield f"{place}: {count} parameters, at most {PARAMETERS}"


def findings() -> Iterator[str]:
    for path in sources("*.py"):
        if lines(path) > PY_LINES:
            yield f"{path.relative_to(ROOT)}: {lines(path)} lines, at most {PY_LINES}"
        yield from functions(path)
    for path in sources("*.html"):
        if lines(path) > TEMPLATE_LINES:
            yield f"{path.relative_to(ROOT)}: {lines(path)} lines, at most {TEMPLATE_LINES}"
    if core() > CORE_LINES:
        yield f"kernel and web together: {core()} lines, at most {CORE_LINES}"


def core() -> int:
    return sum(lines(path) for path in sources("*.py") if path.relative_to(ROOT).parts[1] in {"kernel", "web"})


if __name__ == "__main__":
    found = list(findings())
    print("\n".join([*found, f"kernel and web together: {core()} of {CORE_LINES} lines"]))
    sys.exit(bool(found))
