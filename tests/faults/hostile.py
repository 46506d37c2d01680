"""Fifty queries that would bring an endpoint down, each with what it attacks.

They are written for the packaged graph: none can be answered within seconds and some hundred
MiB. Values only; `test_hostile_queries` asks them.
"""

from dataclasses import dataclass
from typing import Final

#: How errors may name what stopped a query that costs too much.
TIME: Final = "time-limit"
MEMORY: Final = "memory-limit"
RESULT: Final = "result-limit"
LONG: Final = "body-too-large"
SYNTAX: Final = "syntax-invalid"
QUEUE: Final = "queue-full"
SPOOL: Final = "spool-full"

_COSTS: Final = frozenset({TIME, MEMORY, RESULT, SPOOL, QUEUE})


@dataclass(frozen=True, slots=True)
class Hostile:
    """A query, what it attacks, and the codes of the errors that are honest about it."""

    name: str
    text: str
    ends: frozenset[str] = _COSTS


def _triples(count: int, sep: str = " ") -> str:
    return sep.join(f"?s{n} ?p{n} ?o{n} ." for n in range(count))


def _values(count: int, variable: str = "v") -> str:
    rows = " ".join(str(number) for number in range(count))
    return f"VALUES ?{variable} {{ {rows} }}"


def _nested(depth: int, inside: str) -> str:
    return "{ SELECT * { " * depth + inside + " } }" * depth


_FOUR: Final = _triples(4)
_THREE: Final = _triples(3)
_TWO: Final = _triples(2)
#: An expression that many nodes of the graph are joined by, without an index that helps.
_ALIKE: Final = "FILTER(STRLEN(STR(?o0)) = STRLEN(STR(?o1)) && CONTAINS(STR(?o0), STR(?s1)))"
_GIANT_REGEX: Final = "(" + "|".join(f"[a-z]*{n}[a-z]*x?" for n in range(400)) + ")+z$"
_HEAVY_REGEX: Final = "((a|b|c|d|e|[f-z])*[aeiou]){40}[^a-z]{30}"
_FORTY_STEPS: Final = "/".join(["(!<http://x/1>|^!<http://x/1>)"] * 40)

CROSS_JOINS: Final = (
    Hostile("a cross join of four patterns", f"SELECT * {{ {_FOUR} }}"),
    Hostile("a cross join counted", f"SELECT (COUNT(*) AS ?n) {{ {_FOUR} }}"),
    Hostile(
        "a cross join counted without duplicates",
        f"SELECT (COUNT(DISTINCT ?o2) AS ?n) {{ {_THREE} }}",
    ),
    Hostile(
        "a cross join asked for what it never holds",
        f"ASK {{ {_THREE} FILTER(CONCAT(STR(?s0), STR(?o1), STR(?o2)) = 'none') }}",
    ),
    Hostile("a cross join of which the end is wanted", f"SELECT * {{ {_TWO} }} OFFSET 900000000"),
    Hostile("a cross join as a graph", f"CONSTRUCT {{ ?s0 ?p1 ?o2 }} {{ {_THREE} }}"),
    Hostile("a cross join described", f"DESCRIBE ?s0 ?s1 ?s2 {{ {_THREE} }}"),
    Hostile("a join by an expression", f"SELECT (COUNT(*) AS ?n) {{ {_TWO} {_ALIKE} }}"),
    Hostile(
        "a cross join of graphs",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } ?i ?j ?k }",
    ),
)

PATHS: Final = (
    Hostile("every path from everywhere", "SELECT * { ?a (!<http://x/none>)* ?b }"),
    Hostile("every path counted", "SELECT (COUNT(*) AS ?n) { ?a (!<http://x/none>)+ ?b }"),
    Hostile(
        "every path in either direction",
        "SELECT (COUNT(*) AS ?n) { ?a (!<http://x/1>|^!<http://x/2>)* ?b }",
    ),
    Hostile(
        "paths of paths",
        "SELECT (COUNT(*) AS ?n) { ?a ((!<http://x/1>)+/(^!<http://x/2>)+)+ ?b }",
    ),
    Hostile(
        "paths nested thirty deep",
        "SELECT (COUNT(*) AS ?n) { ?a " + "(" * 30 + "!<http://x/1>" + ")+" * 30 + " ?b }",
    ),
    Hostile("a path of forty steps", f"SELECT (COUNT(*) AS ?n) {{ ?a {_FORTY_STEPS} ?b }}"),
    Hostile(
        "paths joined with paths",
        "SELECT (COUNT(*) AS ?n) { ?a (!<http://x/1>)* ?b . ?b (^!<http://x/1>)* ?c }",
    ),
)

VALUES: Final = (
    Hostile(
        "three long lists multiplied",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(_values(5000, name) for name in ("a", "b", "c"))
        + " }",
    ),
    Hostile(
        "a long list beside everything",
        f"SELECT (SUM(?v * STRLEN(STR(?o0))) AS ?n) {{ {_values(20_000)} {_triples(1)} }}",
    ),
    Hostile(
        "a long list in a filter",
        "SELECT (COUNT(*) AS ?n) { "
        + _TWO
        + " FILTER(STRLEN(STR(?o0)) + STRLEN(STR(?o1)) NOT IN ("
        + ", ".join(str(-n) for n in range(1, 20_000))
        + ")) }",
    ),
    Hostile(
        "a long list of unbound rows",
        f"SELECT * {{ VALUES (?s0 ?o0) {{ {'(UNDEF UNDEF) ' * 10_000} }} {_triples(1)} }}",
    ),
    Hostile(
        "rows doubled forty times",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"VALUES ?v{n} {{ 1 2 }}" for n in range(40))
        + " }",
    ),
)

EXPRESSIONS: Final = (
    Hostile(
        "a giant regular expression on every pair",
        f'SELECT * {{ {_TWO} FILTER(REGEX(CONCAT(STR(?o0), STR(?o1)), "{_GIANT_REGEX}", "i")) }}',
    ),
    Hostile(
        "a heavy regular expression on every pair",
        f'SELECT * {{ {_TWO} FILTER(REGEX(CONCAT(STR(?s0), STR(?o1)), "{_HEAVY_REGEX}")) }}',
    ),
    Hostile(
        "another regular expression for every row",
        f"SELECT (COUNT(*) AS ?n) {{ {_TWO} FILTER(REGEX(STR(?o0), CONCAT(STR(?o1), '.*x'))) }}",
    ),
    Hostile(
        "a replacement on every pair",
        f'SELECT (MAX(REPLACE(CONCAT(STR(?o0), STR(?o1)), "(.)(.)", "$2$1")) AS ?n) {{ {_TWO} }}',
    ),
    Hostile(
        "a text doubled forty times",
        "SELECT (STRLEN(?t40) AS ?n) { BIND('0123456789' AS ?t0) "
        + " ".join(f"BIND(CONCAT(?t{n}, ?t{n}) AS ?t{n + 1})" for n in range(40))
        + " }",
    ),
    Hostile(
        "a text encoded again and again",
        "SELECT (STRLEN(?t40) AS ?n) { BIND('%%%%%%%%%%' AS ?t0) "
        + " ".join(f"BIND(ENCODE_FOR_URI(CONCAT(?t{n}, ?t{n})) AS ?t{n + 1})" for n in range(40))
        + " }",
    ),
    Hostile(
        "digests of every pair",
        f"SELECT (MAX(SHA512(CONCAT(STR(?o0), STR(?o1)))) AS ?n) {{ {_TWO} }}",
    ),
    Hostile(
        "random rows, sorted",
        f"SELECT ?r {{ {_TWO} BIND(RAND() AS ?r) }} ORDER BY ?r",
    ),
)

SORTS_AND_GROUPS: Final = (
    Hostile("everything sorted", f"SELECT * {{ {_TWO} }} ORDER BY ?o0 ?o1"),
    Hostile("everything sorted for ten rows", f"SELECT * {{ {_TWO} }} ORDER BY ?o1 LIMIT 10"),
    Hostile(
        "everything sorted by an expression",
        f"SELECT * {{ {_TWO} }} ORDER BY DESC(CONCAT(STR(?o0), STR(?s1))) LIMIT 1",
    ),
    Hostile(
        "everything in one text",
        f"SELECT (GROUP_CONCAT(CONCAT(STR(?s0), STR(?o1))) AS ?all) {{ {_TWO} }}",
    ),
    Hostile(
        "a text for every subject",
        f"SELECT ?s0 (GROUP_CONCAT(DISTINCT STR(?o1)) AS ?all) {{ {_TWO} }} GROUP BY ?s0",
    ),
    Hostile(
        "a group for every pair",
        f"SELECT ?s0 ?o1 (COUNT(*) AS ?n) {{ {_TWO} }} GROUP BY ?s0 ?o1 ?o0 HAVING(?n > 9999999)",
    ),
    Hostile("every pair, once", f"SELECT DISTINCT * {{ {_TWO} }}"),
    Hostile(
        "many sums at once",
        "SELECT "
        + " ".join(f"(SUM(STRLEN(STR(?o0)) * {n}) AS ?n{n})" for n in range(50))
        + f" {{ {_TWO} }}",
    ),
)

NESTING: Final = (
    Hostile(
        "subqueries of subqueries, multiplied",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"{{ SELECT ?s{n} ?o{n} {{ ?s{n} ?p{n} ?o{n} }} }}" for n in range(4))
        + " }",
    ),
    Hostile(
        "a sorted subquery within a sorted subquery",
        f"SELECT * {{ {{ SELECT * {{ {_TWO} }} ORDER BY ?o0 }} "
        "{ SELECT * { ?a ?b ?c } ORDER BY ?c } }",
    ),
    Hostile(
        "a hundred subqueries, one in another", f"SELECT (COUNT(*) AS ?n) {_nested(100, _THREE)}"
    ),
    Hostile(
        "an existence asked for every pair",
        f"SELECT (COUNT(*) AS ?n) {{ {_TWO} FILTER EXISTS {{ ?x ?y ?z FILTER(?z = ?nothing) }} }}",
    ),
    Hostile(
        "2 MB of text",
        "SELECT * { ?s ?p ?o } # " + "x" * 2_000_000,
        frozenset({LONG}),
    ),
    Hostile(
        "20 000 nested parentheses",
        "SELECT * { ?s ?p ?o FILTER" + "(" * 20_000 + "1" + ")" * 20_000 + " }",
        frozenset({SYNTAX, "query-refused", "input-invalid", LONG, MEMORY, "worker-died", QUEUE}),
    ),
    Hostile(
        "20 000 nested groups",
        "SELECT * " + "{" * 20_000 + "}" * 20_000,
        frozenset({SYNTAX, "query-refused", "input-invalid", LONG, MEMORY, "worker-died", QUEUE}),
    ),
)

UNIONS_AND_NEGATIONS: Final = (
    Hostile(
        "three hundred unions, squared",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(
            "{ " + " UNION ".join([f"{{ ?s{n} ?p{n} ?o{n} }}"] * 300) + " }" for n in range(2)
        )
        + " }",
    ),
    Hostile(
        "a union under a union, to the tenth",
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"{{ ?a{n} ?b ?c }} UNION {{ ?c ?b ?a{n} }}" for n in range(10))
        + " }",
    ),
    Hostile(
        "what is in no pair",
        f"SELECT (COUNT(*) AS ?n) {{ {_TWO} MINUS {{ ?s0 ?x ?y . ?y ?z ?o1 }} }}",
    ),
    Hostile(
        "negations within negations",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?a ?x ?d "
        "FILTER NOT EXISTS { ?d ?y ?a FILTER NOT EXISTS { ?a ?z ?nothing . ?d ?w ?nothing } } } }",
    ),
    Hostile(
        "options that never hold",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f FILTER(?c < ?f) } "
        "OPTIONAL { ?g ?h ?i FILTER(STR(?i) > STR(?c)) } }",
    ),
    Hostile(
        "everything but everything",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g && ?a != ?g) }",
    ),
)

HOSTILE: Final = (
    *CROSS_JOINS,
    *PATHS,
    *VALUES,
    *EXPRESSIONS,
    *SORTS_AND_GROUPS,
    *NESTING,
    *UNIONS_AND_NEGATIONS,
)
