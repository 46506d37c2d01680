"""The law of imports: they point down, never round, and are made at the top of a module."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "icgraph"

LAYERS = (
    ("supervisor", "http_process", "cli", "terminal", "web"),
    ("curation", "catalogue", "discovery"),
    ("guard", "query"),
    ("store",),
    ("model", "config", "errors"),
)
#: Layers whose rooms may import each other: the top starts and shows, the bottom is all values.
SHARED = (LAYERS[0], LAYERS[-1])

#: Query workers must start fast (style.md, section 5).
QUERY_WORKER_MAY_IMPORT = {
    "icgraph.errors",
    "icgraph.model",
    "icgraph.query.dataset",
    "icgraph.query.policy",
    "icgraph.query.request",
    "icgraph.query.results",
    "icgraph.query.updates",
    "icgraph.query.rows",
    "icgraph.store.changes",
    "icgraph.store.channel",
    "icgraph.store.embedded",
    "icgraph.store.engine",
    "icgraph.store.forkserver",
    "icgraph.store.home",
    "icgraph.store.memory",
    "icgraph.store.merging",
    "icgraph.store.parsing",
}


def module_name(path):
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")}


def names_imported(node, module):
    """(module, name or None) for each name that an import statement brings in."""
    if isinstance(node, ast.Import):
        return [(alias.name, None) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{module}:{node.lineno}: write imports in full"
        return [(node.module, alias.name) for alias in node.names]
    return []


def imported(module):
    """The modules that a module imports; `from package import module` names the inner one."""
    found = set()
    for node in ast.walk(MODULES[module]):
        for source, name in names_imported(node, module):
            inner = f"{source}.{name}"
            found.add(inner if inner in MODULES else source)
    return found


def ours(module):
    return {name for name in imported(module) if name.partition(".")[0] == "icgraph"}


def room(module):
    return module.split(".")[1] if "." in module else ""


def layer(module):
    for depth, rooms in enumerate(LAYERS):
        if room(module) in rooms:
            return depth
    raise AssertionError(f"{module} lies in no layer: {room(module)!r}")


ROOMED = sorted(module for module in MODULES if room(module) not in {"", "__main__"})


@pytest.mark.parametrize("module", ROOMED)
def test_imports_point_down(module):
    for target in ours(module) - {"icgraph"}:
        if room(target) == room(module):
            continue
        both_shared = any({room(module), room(target)} <= set(rooms) for rooms in SHARED)
        assert layer(target) > layer(module) or both_shared, f"{module} imports {target}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_our_own_modules_are_imported_at_the_top(module):
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.If):
            for inner in ast.walk(node):
                for name, _ in names_imported(inner, module):
                    at = f"{module}:{getattr(inner, 'lineno', 0)}"
                    assert not name.startswith("icgraph"), f"{at} imports {name} late"


def test_no_module_is_imported_by_what_it_imports():
    done = set()

    def visit(module, trail):
        if module in trail:
            circle = [*trail[trail.index(module) :], module]
            raise AssertionError(" -> ".join(circle))
        if module in done:
            return
        for target in sorted(ours(module) & set(MODULES)):
            visit(target, [*trail, module])
        done.add(module)

    for module in sorted(MODULES):
        visit(module, [])


@pytest.mark.parametrize("module", [name for name in ROOMED if room(name) != "store"])
def test_the_store_of_pyoxigraph_stays_in_the_store(module):
    tree = MODULES[module]
    names = {pair for node in ast.walk(tree) for pair in names_imported(node, module)}
    assert ("pyoxigraph", "Store") not in names
    assert ("pyoxigraph", "*") not in names
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "Store":
            assert not (isinstance(node.value, ast.Name) and node.value.id == "pyoxigraph")


@pytest.mark.parametrize("module", [name for name in ROOMED if room(name) != "web"])
def test_flask_stays_in_the_web(module):
    roots = {name.partition(".")[0] for name in imported(module)}
    assert not roots & {"flask", "werkzeug", "jinja2"}


@pytest.mark.parametrize("module", [name for name in ROOMED if room(name) != "guard"])
def test_shacl_stays_in_the_guard(module):
    assert "pyshacl" not in {name.partition(".")[0] for name in imported(module)}


def test_the_query_worker_imports_little():
    for target in ours("icgraph.query.worker"):
        allowed = any(
            target == name or target.startswith(f"{name}.") for name in QUERY_WORKER_MAY_IMPORT
        )
        assert allowed, f"icgraph.query.worker imports {target}"


def test_the_layers_are_in_order():
    assert all(set(above).isdisjoint(below) for above, below in pairwise(LAYERS))
