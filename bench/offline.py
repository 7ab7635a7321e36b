"""The search on the device: how long it takes in Chromium until rows stand, and its share of the server's first ten."""

from __future__ import annotations

import http.client
import json
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser

from bench import weight
from bench.corpus import questions

QUESTIONS = 200
PATIENCE_MILLISECONDS = 120_000
SHOWN = 10
TIMED = """
(texts) => texts.map((text) => {
  const started = performance.now();
  document.querySelector("#device-q").value = text;
  document.querySelector("#device-form").requestSubmit();
  document.body.getBoundingClientRect();
  return [performance.now() - started, deviceSearchFor(text).slice(0, 10)];
})
"""


def run() -> None:
    """Print what `measured` says, over a catalogue of its own."""
    with tempfile.TemporaryDirectory() as name, weight.browser() as chromium, weight.site(Path(name)) as port:
        print(f"{weight.LISTINGS:,} listings, {measured(chromium, port, questions(QUESTIONS))}", flush=True)


def measured(chromium: Browser, port: int, texts: Sequence[str]) -> str:
    """Ask the texts of the saved catalogue and of the site: milliseconds (p50, p95, most), and the share in common."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/lv/offline")
    page.locator("#device-save").click()
    page.locator("#device-search").wait_for()
    page.locator("#device-size").filter(has_text="MB").wait_for()
    size = page.locator("#device-size").inner_text()
    answers = page.evaluate(TIMED, list(texts))
    context.close()
    milliseconds = sorted(answer[0] for answer in answers)
    cuts = statistics.quantiles(milliseconds, n=20)
    shares = [_share(ids, _first_of_site(port, text)) for text, (_, ids) in zip(texts, answers, strict=True)]
    known = [share for share in shares if share is not None]
    return (
        f"search on the device: {statistics.median(milliseconds):.1f} / {cuts[18]:.1f} / {milliseconds[-1]:.1f} ms;"
        f" {statistics.mean(known):.0%} of the server's first {SHOWN}, over {len(known)} questions. {size}"
    )


def _first_of_site(port: int, text: str) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/api/v1/initiatives?lang=lv&when=all&per_page={SHOWN}&q={quote(text)}")
    return [item["id"] for item in json.loads(connection.getresponse().read())["items"]]


def _share(found: Sequence[str], wanted: Sequence[str]) -> float | None:
    """The share of what the site finds; None where that is nothing."""
    return len(set(found) & set(wanted)) / len(wanted) if wanted else None
