"""The minimal Elasticsearch from Maven, one node or several."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from . import process
from .java import find_java_home

VERSION = "9.5.0"
POM = Path(__file__).with_name("pom.xml")


def home() -> Path:
    """Unpacked by Maven once; a second call only looks."""
    folder = POM.parent / "target" / f"elasticsearch-{VERSION}"
    if not (folder / "bin/elasticsearch").exists():
        subprocess.run(["mvn", "-q", "-B", "-ntp", "-f", str(POM), "generate-resources"], check=True)
    return folder


@dataclass
class Node:
    name: str
    folder: Path
    popen: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://{(self.folder / 'logs/http.ports').read_text().splitlines()[0]}"

    @property
    def server_pid(self) -> int:
        """The pid of the server itself; popen.pid is the small launcher in front of it."""
        return int((self.folder / "pid").read_text())

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/_cluster/health", timeout=1) as r:
                return bool(json.load(r)["status"] != "red")
        except (OSError, IndexError):
            return False


def start_node(
    name: str = "single",
    seeds: list[int] | None = None,
    transport_port: int = 0,
    masters: list[str] | None = None,
    heap_mb: int = 512,
    wait: bool = True,
) -> Node:
    folder = process.own_folder(f"es-{name}")
    es = home()
    conf = folder / "config"
    conf.mkdir()
    for f in ("jvm.options", "log4j2.properties"):
        shutil.copyfile(es / "config" / f, conf / f)
    for d in ("data", "logs", "tmp"):
        (folder / d).mkdir()
    settings: dict[str, object] = {
        "cluster.name": folder.name if not seeds else f"platforma-tests-{min(seeds)}",
        "node.name": name,
        "network.host": "127.0.0.1",
        "http.port": 0,
        "transport.port": transport_port,
        "node.portsfile": True,
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "xpack.security.enabled": False,
        "cluster.routing.allocation.disk.threshold_enabled": False,
    }
    if seeds:
        settings |= {"discovery.seed_hosts": [f"127.0.0.1:{p}" for p in seeds], "cluster.initial_master_nodes": masters}
    else:
        settings |= {"discovery.type": "single-node"}
    (conf / "elasticsearch.yml").write_text("".join(f"{k}: {json.dumps(v)}\n" for k, v in settings.items()))
    process.give(folder)
    popen = process.start(
        [es / "bin/elasticsearch", "-p", folder / "pid"],
        folder,
        {
            "ES_JAVA_HOME": str(find_java_home()),
            "ES_PATH_CONF": str(conf),
            "ES_TMPDIR": str(folder / "tmp"),
            "ES_JAVA_OPTS": f"-Xms{heap_mb}m -Xmx{heap_mb}m",
            "CLI_JAVA_OPTS": f"-Djava.io.tmpdir={folder / 'tmp'}",  # the launcher's own JVM would litter /tmp
        },
    )
    node = Node(name, folder, popen)
    if wait:
        process.wait_until(node.ready, popen, folder, 90)
    return node
