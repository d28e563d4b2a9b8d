"""The board and the alert rules ask for what there is: every expression parses, every metric and label exists.

Where Prometheus's own checker (`promtool`) is installed, it looks at the rules as well.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import promql_parser
import pytest
import yaml
from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from voyaltis_flow.voice.observe import metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "voyaltis-alerts.yaml"
BOARD = json.loads((DEPLOY / "grafana" / "voyaltis-agent.json").read_text("utf-8"))
OPERATING = (DEPLOY.parent / "docs" / "operating.md").read_text("utf-8")
GROUPS = yaml.safe_load(RULES.read_text("utf-8"))
SCRAPED = {"job", "instance", "le"}
"""Labels that Prometheus adds, and the one of a histogram's buckets."""
GRAFANAS_OWN = {"__rate_interval", "__interval", "__range", "__all"}

PANEL = {
    "type": "object",
    "required": ["id", "type", "title", "gridPos"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "type": {"enum": ["row", "stat", "timeseries"]},
        "title": {"type": "string", "minLength": 1},
        "gridPos": {
            "type": "object",
            "required": ["h", "w", "x", "y"],
            "additionalProperties": {"type": "integer", "minimum": 0},
        },
    },
    "if": {"properties": {"type": {"not": {"const": "row"}}}},
    "then": {
        "required": ["datasource", "targets", "fieldConfig", "options", "description"],
        "properties": {
            "datasource": {"$ref": "#/$defs/datasource"},
            "fieldConfig": {"type": "object", "required": ["defaults", "overrides"]},
            "targets": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["refId", "expr", "datasource", "legendFormat"],
                    "properties": {"datasource": {"$ref": "#/$defs/datasource"}, "refId": {"pattern": "^[A-Z]$"}},
                },
            },
        },
    },
}
DASHBOARD = {
    "type": "object",
    "required": ["title", "uid", "schemaVersion", "panels", "templating", "time", "annotations"],
    "properties": {
        "uid": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,40}$"},
        "schemaVersion": {"type": "integer", "minimum": 36},
        "panels": {"type": "array", "items": PANEL},
        "templating": {
            "type": "object",
            "required": ["list"],
            "properties": {
                "list": {"items": {"required": ["name", "type", "query"], "properties": {"name": {"type": "string"}}}}
            },
        },
    },
    "$defs": {
        "datasource": {
            "type": "object",
            "required": ["type", "uid"],
            "properties": {"type": {"const": "prometheus"}, "uid": {"const": "${datasource}"}},
        }
    },
}
RULE_FILE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["groups"],
    "properties": {
        "groups": {
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "rules"],
                "properties": {
                    "name": {"type": "string"},
                    "rules": {
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["alert", "expr", "labels", "annotations"],
                            "properties": {
                                "alert": {"type": "string", "pattern": "^Voyaltis[A-Za-z]+$"},
                                "expr": {"type": "string"},
                                "for": {"type": "string", "pattern": r"^\d+[smh]$"},
                                "labels": {"required": ["severity"], "additionalProperties": False}
                                | {"properties": {"severity": {"enum": ["critical", "warning"]}}},
                                "annotations": {
                                    "required": ["summary", "description"],
                                    "additionalProperties": {"type": "string", "minLength": 10},
                                },
                            },
                        }
                    },
                },
            }
        }
    },
}


class Asked(NamedTuple):
    where: str
    expr: str


def _asked() -> Iterator[Asked]:
    for group in GROUPS["groups"]:
        for rule in group["rules"]:
            yield Asked(rule["alert"], rule["expr"])
    for panel in BOARD["panels"]:
        for target in panel.get("targets", ()):
            yield Asked(f"{panel['title']} {target['refId']}", target["expr"])


ASKED = list(_asked())


def _metrics(registry: CollectorRegistry) -> Iterator[MetricWrapperBase]:
    seen = {id(metric): metric for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)}
    described = {family.name for family in registry.collect()}
    yield from (metric for metric in seen.values() if metric.describe()[0].name in described)


def _known() -> dict[str, set[str]]:
    """The name of every sample that there can be, and its labels."""
    known: dict[str, set[str]] = {}
    for registry in (metrics.CONVERSATIONS, metrics.AGENT):
        for metric in _metrics(registry):
            family = metric.describe()[0]
            endings = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}[family.type]
            known |= {f"{family.name}{ending}": set(metric._labelnames) for ending in endings}
    return known


KNOWN = _known()


def _parsed(expr: str) -> Any:
    """An expression as Prometheus gets it: Grafana puts values in place of its variables."""
    return promql_parser.parse(re.sub(r"\$\w+", lambda name: "5m" if "interval" in name[0] else "value", expr))


def _selected(expr: str) -> list[tuple[str, set[str]]]:
    """The metrics that an expression selects, and the labels that it does so by."""
    found: list[tuple[str, set[str]]] = []

    def visit(node: Any) -> None:
        selector = node.vector_selector if isinstance(node, promql_parser.MatrixSelector) else node
        if isinstance(selector, promql_parser.VectorSelector):
            found.append((selector.name, {matcher.name for matcher in selector.matchers.matchers}))

    promql_parser.walk(_parsed(expr), visit)
    return found


def _grouped(expr: str) -> set[str]:
    """The labels that an expression groups by."""
    return {label.strip() for by in re.findall(r"\bby \(([^)]*)\)", expr) for label in by.split(",")}


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.where)
def test_every_expression_parses_and_asks_for_metrics_and_labels_that_there_are(asked: Asked) -> None:
    selected = _selected(asked.expr)
    assert selected
    labels: set[str] = set()
    for name, matched in selected:
        assert name in KNOWN
        assert matched <= KNOWN[name] | SCRAPED
        labels |= KNOWN[name]
    assert _grouped(asked.expr) <= labels | SCRAPED


def test_no_metric_is_left_out_of_the_board() -> None:
    shown = {name for asked in ASKED for name, _ in _selected(asked.expr)}
    families = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in KNOWN}
    assert {family for family in families if not any(name.startswith(family) for name in shown)} == set()


def test_every_metric_and_label_is_explained_in_the_docs() -> None:
    rows = re.findall(r"^\| `(voyaltis_\w+)` \| (.*?) \|", OPERATING, re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
    assert told == {re.sub(r"_(bucket|sum|count)$", "", name): labels for name, labels in KNOWN.items()}


def test_the_board_has_what_grafana_needs() -> None:
    jsonschema.validate(BOARD, DASHBOARD)
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(ids) == len(set(ids))


def test_legends_name_labels_that_their_expression_leaves() -> None:
    for panel in BOARD["panels"]:
        for target in panel.get("targets", ()):
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= _grouped(target["expr"])


def test_the_boards_variables_are_those_that_it_uses() -> None:
    defined = {variable["name"] for variable in BOARD["templating"]["list"]}
    text = json.dumps(BOARD)
    assert set(re.findall(r"\$\{?(\w+)", text)) - GRAFANAS_OWN == defined
    for variable in BOARD["templating"]["list"]:
        for name, label in re.findall(r"label_values\((\w+), (\w+)\)", variable.get("definition", "")):
            assert label in KNOWN[name]


def test_panels_lie_beside_each_other() -> None:
    places = [panel["gridPos"] for panel in BOARD["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above


def test_the_rules_have_what_prometheus_needs() -> None:
    jsonschema.validate(GROUPS, RULE_FILE)
    alerts = [rule["alert"] for group in GROUPS["groups"] for rule in group["rules"]]
    assert len(alerts) == len(set(alerts))


if PROMTOOL := shutil.which("promtool"):

    def test_prometheus_itself_finds_nothing_wrong() -> None:
        checked = subprocess.run([PROMTOOL, "check", "rules", RULES], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_expression_that_asks_for_nothing_of_ours_would_be_found() -> None:
    assert _selected("sum(rate(voyaltis_turn_total[5m]))")[0][0] not in KNOWN
    with pytest.raises(ValueError, match="unclosed"):
        _parsed("sum(rate(voyaltis_turns_total[5m])")
