"""The Helm chart, the dashboard and what collects for it, as far as they can be checked without a cluster."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.telemetry.metrics import Metrics
from rag.settings import Settings, unknown_variables

ROOT = Path(__file__).parents[1]
CHART = ROOT / "deploy" / "helm" / "onrecord"
DASHBOARD = CHART / "dashboard.json"
TEMPLATES = {path.name: path.read_text() for path in (CHART / "templates").iterdir()}
LEAST = {"database": {"secret": "onrecord-database"}}


def test_every_curve_on_the_dashboard_is_of_something_that_is_counted() -> None:
    written = Metrics().written({}).decode()
    counted = {f"{sample.name}" for family in text_string_to_metric_families(written) for sample in family.samples}
    counted |= {re.sub(r"^# TYPE (\S+) .*", r"\1", line) for line in written.splitlines() if line.startswith("# TYPE")}
    panels = json.loads(DASHBOARD.read_text())["panels"]
    shown = {
        name for panel in panels for each in panel["targets"] for name in re.findall(r"onrecord_\w+", each["expr"])
    }
    assert len(panels) == 8
    # A histogram without a value has no samples yet.
    assert {re.sub(r"_bucket$", "", name) for name in shown} <= counted


def test_every_setting_that_the_chart_gives_is_one() -> None:
    named = set(re.findall(r"\bONRECORD_[A-Z_]+\b", "".join(TEMPLATES.values()) + (CHART / "values.yaml").read_text()))
    # Named in a comment, as what is kept away.
    named -= {"ONRECORD_SERVICE_HOST"}
    assert {"ONRECORD_CATALOG", "ONRECORD_LEXICAL", "ONRECORD_CHROMA"} <= named
    assert unknown_variables(named) == {}


def test_the_probes_ask_for_what_is_served(settings: Settings) -> None:
    asked = set(re.findall(r"path: (/\w+z), port: http", TEMPLATES["api.yaml"]))
    assert asked == {"/healthz", "/readyz"}
    assert asked <= set(create_app(settings).openapi()["paths"])


def test_nothing_secret_has_a_value_in_the_chart() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    secrets = [values[part]["secret"] for part in ("database", "chat", "metrics", "ray")]
    assert secrets == ["", "", "", ""]
    assert not re.search(r"kind: Secret\b", "".join(TEMPLATES.values()))


def test_what_collects_is_reached_from_this_machine_alone_and_has_no_default_password() -> None:
    text = (ROOT / "compose.metrics.yaml").read_text()
    services = yaml.safe_load(text)["services"]
    assert {name: fields.get("ports", []) for name, fields in services.items()} == {
        "prometheus": [],
        "grafana": ["127.0.0.1:3000:3000"],
    }
    assert services["grafana"]["environment"]["GF_SECURITY_ADMIN_PASSWORD"] == "${GRAFANA_PASSWORD:?set it in .env}"
    mounted = [
        mount.split(":")[0] for fields in services.values() for mount in fields["volumes"] if mount.startswith(".")
    ]
    assert len(mounted) == 4
    assert all((ROOT / each).is_file() for each in mounted)


def _rendered(values: dict[str, Any]) -> list[dict[str, Any]]:
    helm = pytest.importorskip("helm_python", reason="helm-python-sdk is not installed: the chart is not rendered")
    with helm.Chart.load(str(CHART)) as chart:
        chart.validate_schema(values)
        manifests = chart.render(values, name="news", namespace="newsroom")
    texts = (text for name, text in manifests.items() if name.endswith(".yaml"))
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


def test_the_chart_gives_replicas_on_the_stores_that_are_named() -> None:
    documents = _rendered(LEAST | {"replicas": 3})
    [api] = (each for each in documents if each["kind"] == "Deployment" and each["metadata"]["name"] == "news-onrecord")
    [container] = api["spec"]["template"]["spec"]["containers"]
    settings = {each["name"]: each for each in container["env"]}
    assert api["spec"]["replicas"] == 3
    assert settings["ONRECORD_CATALOG"]["valueFrom"]["secretKeyRef"] == {"name": "onrecord-database", "key": "url"}
    chroma = re.fullmatch(r"http://(.+):8000", settings["ONRECORD_CHROMA"]["value"])
    assert chroma
    assert chroma[1] in [each["metadata"]["name"] for each in documents if each["kind"] == "Service"]
    assert "ONRECORD_CHROMA_TOKEN" not in settings
    elsewhere = {"enabled": False, "url": "https://api.chroma.example", "secret": "news-chroma"}
    for each in _rendered(LEAST | {"chroma": elsewhere}):
        if each["kind"] == "Deployment" and each["metadata"]["name"] == "news-onrecord":
            [container] = each["spec"]["template"]["spec"]["containers"]
            [token] = [one for one in container["env"] if one["name"] == "ONRECORD_CHROMA_TOKEN"]
            assert token["valueFrom"]["secretKeyRef"] == {"name": "news-chroma", "key": "token"}
    # Root could do nothing in any pod of ours, and writes nothing but to folders of the pod's own.
    for pod in (each["spec"]["template"]["spec"] for each in documents if each["kind"] == "Deployment"):
        assert pod["securityContext"]["runAsNonRoot"]
        assert all(each["securityContext"]["readOnlyRootFilesystem"] for each in pod["containers"])


def test_the_chart_gives_a_cluster_that_knows_no_store_and_answers_the_desk_alone() -> None:
    documents = _rendered(LEAST | {"ray": {"enabled": True, "secret": "news-ray", "workers": 3}})
    pods = {each["metadata"]["name"]: each["spec"] for each in documents if each["kind"] == "Deployment"}
    assert (pods["news-onrecord-ray"]["replicas"], pods["news-onrecord-ray-worker"]["replicas"]) == (1, 3)
    for name in ("news-onrecord-ray", "news-onrecord-ray-worker", "news-onrecord-desk"):
        [container] = pods[name]["template"]["spec"]["containers"]
        given = {each["name"]: each for each in container["env"]}
        assert given["RAY_AUTH_TOKEN"]["valueFrom"]["secretKeyRef"] == {"name": "news-ray", "key": "token"}
        assert ("ONRECORD_CATALOG" in given) == name.endswith("-desk")
    [worker] = pods["news-onrecord-ray-worker"]["template"]["spec"]["containers"]
    assert "--address=news-onrecord-ray:6379" in worker["args"]
    [policy] = (
        each for each in documents if each["kind"] == "NetworkPolicy" and each["metadata"]["name"].endswith("-ray")
    )
    [_, door] = policy["spec"]["ingress"]
    assert door["from"][0]["podSelector"]["matchExpressions"][1]["values"] == ["desk"]
    assert door["ports"] == [{"port": "client"}]
    without = _rendered(LEAST)
    assert not [each for each in without if "ray" in each["metadata"]["name"]]
    assert "RAY_AUTH" not in json.dumps(without)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "database.secret"),
        (LEAST | {"replicas": 0}, "minimum"),
        (LEAST | {"settings": {"HOME": "/"}}, "HOME"),
        (LEAST | {"chroma": {"enabled": False}}, "chroma.url"),
        (LEAST | {"ingress": {"enabled": True}}, "ingress.host"),
        (LEAST | {"metrics": {"podMonitor": True}}, "metrics.secret"),
        (LEAST | {"ray": {"enabled": True}}, "ray.secret"),
        ({"databse": {"secret": "x"}}, "databse"),
    ],
)
def test_values_that_cannot_work_are_refused_with_what_is_wrong(values: dict[str, Any], said: str) -> None:
    pytest.importorskip("helm_python", reason="helm-python-sdk is not installed: the chart is not rendered")
    with pytest.raises(Exception, match=re.escape(said)):
        _rendered(values)
