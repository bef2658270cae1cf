"""The compose files, as far as they can be checked without a container engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from ingest.on_ray.cluster import parse
from rag.settings import ServerSettings, Settings

ROOT = Path(__file__).parents[1]


# YAML with Compose's own tags, by which a later file puts something in place of what an earlier one has.
_Compose: Any = type("_Compose", (yaml.SafeLoader,), {})
for _tag in ("!reset", "!override"):
    _Compose.add_constructor(_tag, lambda loader, node: loader.construct_sequence(node))


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load((ROOT / name).read_text(), Loader=_Compose)
    return document


def _services() -> dict[str, Any]:
    """Both files put together, as `docker compose -f ... -f ...` does with what they have."""
    services: dict[str, Any] = {}
    for name in ("compose.yaml", "compose.shared.yaml"):
        for service, fields in _read(name)["services"].items():
            kept = services.setdefault(service, {})
            kept |= fields | {"environment": kept.get("environment", {}) | fields.get("environment", {})}
    return services


def test_what_the_service_is_pointed_at_is_there() -> None:
    services = _services()
    settings = services["onrecord"]["environment"]
    addresses = (re.sub(r"\$\{.*?\}", "x", settings[name]) for name in ("ONRECORD_CATALOG", "ONRECORD_CHROMA"))
    hosts = {urlsplit(address).hostname for address in addresses}
    assert hosts == {"postgres", "chroma"} == set(services["onrecord"]["depends_on"])
    assert hosts <= set(services)


def test_nothing_can_be_reached_from_another_machine() -> None:
    ports = {name: fields.get("ports", []) for name, fields in _services().items()}
    assert ports == {"onrecord": [], "proxy": ["127.0.0.1:8000:8000"], "postgres": [], "chroma": []}


def test_there_is_no_default_password() -> None:
    text = (ROOT / "compose.shared.yaml").read_text()
    assert set(re.findall(r"\$\{POSTGRES_PASSWORD[^}]*\}", text)) == {"${POSTGRES_PASSWORD:?set it in .env}"}
    assert not re.search(r"PASSWORD: *[\"'\w]", text)


def test_each_volume_that_is_used_is_declared() -> None:
    for name in ("compose.yaml", "compose.shared.yaml"):
        document = _read(name)
        used = {mount.partition(":")[0] for each in document["services"].values() for mount in each.get("volumes", [])}
        assert {volume for volume in used if not volume.startswith("/")} == set(document["volumes"]), name


def test_the_image_installs_from_locks_that_are_there() -> None:
    named = re.findall(r"-r (locks/\S+)", (ROOT / "Dockerfile").read_text())
    assert named
    assert all((ROOT / each).is_file() for each in named)


def test_the_replicas_share_every_store_and_believe_the_proxy_in_front_of_them() -> None:
    services = _services()
    replicas = services["onrecord"]
    given = {name.removeprefix("ONRECORD_").lower(): value for name, value in replicas["environment"].items()}
    settings = Settings(
        catalog=re.sub(r"\$\{.*?\}", "x", given["catalog"]), lexical=given["lexical"], chroma=given["chroma"]
    )
    assert settings.shared
    assert replicas["deploy"]["replicas"] > 1
    assert replicas["volumes"] == ["/library"]
    assert ServerSettings(proxies=given["server__proxies"]).proxies
    assert "onrecord 8000" in _read("compose.shared.yaml")["configs"]["proxy"]["content"]
    assert services["proxy"]["configs"] == [{"source": "proxy", "target": "/etc/caddy/Caddyfile"}]


def test_the_nodes_of_a_cluster_know_no_store_and_open_no_door_to_the_outside() -> None:
    text = (ROOT / "compose.ray.yaml").read_text()
    services = _read("compose.ray.yaml")["services"]
    nodes = {name: fields for name, fields in services.items() if name != "onrecord"}
    assert set(nodes) == {"ray", "ray-worker"}
    for fields in services.values():
        assert fields["environment"]["RAY_AUTH_MODE"] == "token"
        assert fields["environment"]["RAY_AUTH_TOKEN"] == "${RAY_TOKEN:?set it in .env}"
    for fields in nodes.values():
        assert "ports" not in fields
        assert not [name for name in fields["environment"] if name.startswith("ONRECORD_")]
    named = re.search(r"--ray (ray://\S+)", text)
    assert named
    host, port = parse(named[1]) or ("", 0)
    assert host in nodes
    assert f"--ray-client-server-port={port}" in nodes[host]["command"]
    assert nodes["ray-worker"]["command"] == ["--address=ray:6379"]
    assert "--port=6379" in nodes["ray"]["command"]


def test_the_image_has_ray_where_its_build_argument_says_so() -> None:
    arguments = _read("compose.ray.yaml")["services"]["onrecord"]["build"]["args"]
    assert all(f"ARG {name}=\n" in (ROOT / "Dockerfile").read_text() for name in arguments)
