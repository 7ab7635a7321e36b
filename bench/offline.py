"""The search on the device: how long it takes in Chromium, and how many of the server's first ten it finds among its own."""

from __future__ import annotations

import http.client
import json
import statistics
from collections.abc import Sequence
from urllib.parse import quote

from playwright.sync_api import Browser

SHOWN = 10
TIMED = """
(texts) => texts.map((text) => {
  const started = performance.now();
  const ids = deviceSearchFor(text);
  return [performance.now() - started, ids.slice(0, 10)];
})
"""


def measured(chromium: Browser, port: int, texts: Sequence[str]) -> str:
    """Ask the texts of the saved catalogue and of the site: milliseconds (p50, p95, most), and the share in common."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/lv/offline")
    page.locator("#device-save").click()
    page.locator("#device-search").wait_for(timeout=60_000)
    answers = page.evaluate(TIMED, list(texts))
    size = page.locator("#device-size").inner_text()
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
