"""docker-compose.yml and the file of passwords that `deploy/new-env` writes for it. No container engine is asked."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from platforma.settings import Settings, load_settings
from search.engines.elastic.connection import Connection
from tests.servers import elastic, process
from tests.servers.missing import missing

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = ("upgrade", "site", "worker", "backup")
THEIRS = ("proxy", "elasticsearch", "postgres", "redis")


def new_env(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", ROOT / "deploy/new-env", *words], cwd=folder, capture_output=True, text=True)


def written(folder: Path) -> dict[str, str]:
    lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled(text: str, values: dict[str, str]) -> str:
    """A text of docker-compose.yml with its variables, as compose fills them in."""
    return re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda match: values.get(match[1]) or match[2] or "", text)


def test_services_are_those_of_the_papers() -> None:
    assert set(SERVICES) == {*OURS, *THEIRS}
    known = {f"PLATFORMA_{name.upper()}" for name in Settings.model_fields}
    assert all(set(SERVICES[name]["environment"]) <= known for name in OURS)


def test_images_of_others_have_a_version_a_limit_of_memory_and_start_again() -> None:
    for name in THEIRS:
        service = SERVICES[name]
        assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?", service["image"]), name
        assert (service["restart"], "mem_limit" in service, "logging" in service) == ("unless-stopped", True, True), name
    assert SERVICES["elasticsearch"]["image"] == f"elasticsearch:{elastic.VERSION}", "the tests run the version of production"


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_what_is_waited_for_can_become_healthy() -> None:
    waits = [(name, *wait) for name, service in SERVICES.items() for wait in service.get("depends_on", {}).items()]
    assert {"upgrade", "site", "postgres", "elasticsearch", "redis"} == {other for _, other, _ in waits}
    image_checks_itself = "HEALTHCHECK" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name, other, wait in waits:
        check = SERVICES[other].get("healthcheck", {"test": image_checks_itself})
        assert wait["condition"] == "service_completed_successfully" or check.get("test"), (name, other)


def test_a_new_file_of_passwords_fills_all_that_compose_asks_for(tmp_path: Path) -> None:
    done = new_env(tmp_path, "katalogs.example")
    assert done.returncode == 0 and "docker compose up" in done.stdout
    values = written(tmp_path)
    assert set(re.findall(r"\$\{(\w+):\?", TEXT)) <= set(values)
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    secrets = [value for name, value in values.items() if name.endswith(("PASSWORD", "KEY", "TOKEN"))]
    assert len(set(secrets)) == 5 and all(re.fullmatch("[0-9a-f]{48}", secret) for secret in secrets)


def test_the_settings_of_compose_with_new_passwords_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_env(tmp_path, "katalogs.example")
    values = written(tmp_path)
    for name, text in SERVICES["site"]["environment"].items():
        monkeypatch.setenv(name, filled(text, values))
    settings = load_settings(data_dir=tmp_path)
    assert settings.base_url == "https://katalogs.example"
    assert (settings.mail_from, settings.log_format, settings.trusted_proxies) == ("platforma@katalogs.example", "text", 1)
    assert Connection(settings.search_url).address == "http://elasticsearch:9200"
    assert settings.database_url.endswith("@postgres/platforma") and settings.queue_url.endswith("@redis:6379/0")


@pytest.mark.parametrize(
    "words", [(), ("a.example", "b.example"), ("https://a.example",), ("a.example/lv",), ("a b",), ("",), ("-x",), ("a;b",)]
)
def test_a_wrong_host_name_writes_nothing(words: tuple[str, ...], tmp_path: Path) -> None:
    done = new_env(tmp_path, *words)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert done.stderr.startswith(("usage:", "new-env:"))


def test_passwords_that_databases_know_are_never_replaced(tmp_path: Path) -> None:
    new_env(tmp_path, "a.example")
    before = (tmp_path / ".env").read_bytes()
    done = new_env(tmp_path, "b.example")
    assert (done.returncode, (tmp_path / ".env").read_bytes()) == (1, before)
    assert ".env is there already" in done.stderr


def test_the_check_of_redis_passes_with_the_password_alone(tmp_path: Path) -> None:
    if shutil.which("redis-server") is None:
        missing("redis-server (apt-get install -y redis-server)")
    free_port = process.free_port()
    service = SERVICES["redis"]
    command = service["command"].replace("$$", "$").replace("redis-server", f"redis-server --port {free_port} --dir {tmp_path}")
    check = service["healthcheck"]["test"][1].replace("$$", "$").replace("redis-cli", f"redis-cli -p {free_port}")
    server = subprocess.Popen(
        ["sh", "-c", command.removeprefix("sh -c ").strip("'")], env={**os.environ, "REDIS_PASSWORD": "geheim"}
    )
    try:
        subprocess.run(
            ["sh", "-c", f"until redis-cli -p {free_port} ping >/dev/null 2>&1; do sleep 0.05; done"], timeout=30, check=True
        )
        outcomes = [
            subprocess.run(["sh", "-c", check], env={**os.environ, "REDIS_PASSWORD": password}).returncode
            for password in ("geheim", "no")
        ]
    finally:
        server.terminate()
        server.wait(10)
    assert outcomes == [0, 1]
