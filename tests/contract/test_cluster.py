"""Three nodes of Elasticsearch, of which first one and then the elected master is killed under searches and writes."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from search.engines.elastic import ElasticEngine
from search.engines.elastic.connection import Connection
from search.port import EngineUnavailable, Query
from tests.contract.corpus import CORPUS, document, fill
from tests.servers import elastic, process

NAMES = ("viens", "divi", "tris")
HEAP_MEGABYTES = 256


@pytest.mark.parametrize(
    ("url", "nodes", "login", "prefix"),
    [
        ("http://one", ["http://one:9200"], None, "platforma"),
        ("https://one/p", ["https://one:443"], None, "p"),
        ("http://ieva:a%40b%2Cc@one:1,two/p", ["http://one:1", "http://two:9200"], ("ieva", "a@b,c"), "p"),
        ("http://[::1]:9201,[::2]/p", ["http://[::1]:9201", "http://[::2]:9200"], None, "p"),
    ],
)
def test_an_address_names_nodes_user_and_prefix(url: str, nodes: list[str], login: tuple[str, str] | None, prefix: str) -> None:
    connection = Connection(url)
    assert (connection.address, connection.prefix) == (", ".join(nodes), prefix)
    configs = [node.config for node in connection.client.transport.node_pool.all()]
    assert sorted(f"{config.scheme}://{config.host}:{config.port}" for config in configs) == sorted(
        node.replace("[", "").replace("]", "") for node in nodes
    )
    header = connection.client._headers.get("authorization")
    assert header == (f"Basic {b64encode(':'.join(login).encode()).decode()}" if login else None)


@dataclass
class Traffic:
    """Searches and writes one after the other, and what came of them."""

    engine: ElasticEngine
    written: list[str] = field(default_factory=list)
    searches: int = 0
    failures: list[str] = field(default_factory=list)
    longest_pause: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)

    def search(self) -> None:
        last = time.monotonic()
        while not self.ended.is_set():
            try:
                assert self.engine.search(Query(text="iniciatīvu centrs")).hits[0].id == "a1"
                self.searches += 1
            except EngineUnavailable as error:
                self.failures.append(str(error))
            self.longest_pause = max(self.longest_pause, time.monotonic() - last)
            last = time.monotonic()

    def write(self) -> None:
        """Write one document after the other, each until it is taken, as the worker does."""
        while not self.ended.is_set():
            id = f"w{len(self.written)}"
            try:
                self.engine.apply([document(id, f"Darbnīca {id}")], [])
                self.written.append(id)
            except EngineUnavailable:
                time.sleep(0.2)


def health(nodes: list[elastic.Node]) -> dict[str, Any]:
    """The state of the cluster as the first node tells it; empty while it tells none."""
    try:
        with urllib.request.urlopen(f"{nodes[0].url}/_cluster/health", timeout=5) as answer:
            return dict(json.load(answer))
    except OSError:
        return {}


def wait_for_nodes(nodes: list[elastic.Node]) -> None:
    """Wait until all these nodes are in the cluster, each with a copy of each index."""

    def are_whole() -> bool:
        state = health(nodes)
        return (state.get("status"), state.get("number_of_nodes")) == ("green", len(nodes))

    process.wait_until(are_whole, nodes[0].popen, nodes[0].folder, 180)


def master_of(nodes: list[elastic.Node]) -> elastic.Node:
    with urllib.request.urlopen(f"{nodes[0].url}/_cat/master?h=node", timeout=10) as answer:
        name = answer.read().decode().strip()
    return next(node for node in nodes if node.name == name)


@pytest.fixture
def cluster(elastic_url: str) -> Iterator[list[elastic.Node]]:
    ports = [process.free_port() for _ in NAMES]
    nodes = [
        elastic.start_node(name, ports, port, list(NAMES), HEAP_MEGABYTES, wait=False)
        for name, port in zip(NAMES, ports, strict=True)
    ]
    for node in nodes:
        process.wait_until(node.ready, node.popen, node.folder, 180)
    yield nodes
    for node in list(nodes):
        kill(nodes, node)


@pytest.mark.skipif("CLUSTER" not in os.environ, reason="four nodes take minutes to start: make cluster")
def test_nothing_is_lost_when_one_node_and_then_the_elected_master_are_killed(cluster: list[elastic.Node]) -> None:
    engine = ElasticEngine(f"http://{','.join(node.url.removeprefix('http://') for node in cluster)}/kopa")
    fill(engine, CORPUS)
    wait_for_nodes(cluster)
    traffic = Traffic(engine)
    threads = [threading.Thread(target=run) for run in (traffic.search, traffic.write)]
    for thread in threads:
        thread.start()
    try:
        wait_for_more(traffic)
        ordinary = next(node for node in cluster if node is not master_of(cluster))
        kill(cluster, ordinary)
        wait_for_more(traffic)
        ports = [process.free_port()]
        cluster.append(elastic.start_node("cetri", [*transport_ports(cluster), *ports], ports[0], list(NAMES), HEAP_MEGABYTES))
        wait_for_nodes(cluster)
        kill(cluster, master_of(cluster))
        wait_for_more(traffic)
    finally:
        traffic.ended.set()
        for thread in threads:
            thread.join(60)
    print(f"{traffic.searches} searches, {len(traffic.written)} writes; longest pause of searches {traffic.longest_pause:.2f} s")
    assert not traffic.failures
    assert engine.search(Query(text="darbnīca")).total == len(traffic.written)


def kill(nodes: list[elastic.Node], node: elastic.Node) -> None:
    nodes.remove(node)
    process.stop(node.server_pid, None, signal.SIGKILL)
    process.stop(node.popen.pid, node.folder, signal.SIGKILL)


def transport_ports(nodes: list[elastic.Node]) -> list[int]:
    """The ports by which nodes talk to each other."""
    return [int((node.folder / "logs/transport.ports").read_text().splitlines()[0].rpartition(":")[2]) for node in nodes]


def wait_for_more(traffic: Traffic) -> None:
    """Wait for a hundred searches and twenty writes more."""
    searches, written = traffic.searches + 100, len(traffic.written) + 20
    deadline = time.monotonic() + 180
    while traffic.searches < searches or len(traffic.written) < written:
        assert time.monotonic() < deadline, traffic
        time.sleep(0.1)
