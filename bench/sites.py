"""Many small sites to be crawled: `python -m bench.sites --port 9900` serves each on a loopback address of its own.

Every site has a robots.txt, a sitemap with lastmod, and pages of 20 kB, each with schema.org JSON-LD of one organisation and
a validator (ETag). `--changed 1` serves the same sites a day later, one page in a hundred changed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import zlib
from functools import partial

from bench.corpus import draw

SITES, PAGES, PAGE_BYTES = 50, 200, 20_000
FIRST_DAY, SECOND_DAY = "2026-11-23", "2026-11-24"
Answers = dict[str, tuple[str, bytes]]
"""Path to media type and body."""


def host(site: int) -> str:
    """The loopback address of a site."""
    return f"127.1.0.{site + 1}"


def address(site: int, port: int) -> str:
    """The front page of a site."""
    return f"http://{host(site)}:{port}/"


def answers(site: int, pages: int, port: int, changed_percent: float) -> Answers:
    """All that one site serves, the same every time."""
    base, chance = address(site, port).rstrip("/"), random.Random(site)
    days = [SECOND_DAY if chance.random() * 100 < changed_percent else FIRST_DAY for _ in range(pages)]
    found: Answers = {"/robots.txt": ("text/plain", f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n".encode())}
    entries = "".join(f"<url><loc>{base}/members/{n}</loc><lastmod>{day}</lastmod></url>" for n, day in enumerate(days))
    found["/sitemap.xml"] = (
        "application/xml",
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode(),
    )
    links = "".join(f'<li><a href="/members/{n}">{n}</a></li>' for n in range(pages))
    found["/"] = ("text/html; charset=utf-8", f"<html lang=lv><title>Tīkls</title><ul>{links}</ul></html>".encode())
    for number, day in enumerate(days):
        found[f"/members/{number}"] = ("text/html; charset=utf-8", page(site, number, day))
    return found


def page(site: int, number: int, day: str) -> bytes:
    """A page of about PAGE_BYTES: head, menu, text, footer, and the organisation as JSON-LD."""
    chance = random.Random(site * 10_000 + number)
    title = " ".join(draw(chance, "lv", 3)).capitalize()
    text = " ".join(draw(chance, "lv", 60))
    data = {
        "@context": "https://schema.org", "@type": "NGO", "name": f"{title} {number}", "description": f"{text} {day}",
        "url": f"https://member{number}.example/", "email": f"info@member{number}.example",
        "address": {"@type": "PostalAddress", "addressLocality": "Cēsis", "addressCountry": "LV"},
    }  # fmt: skip
    menu = "".join(f'<li class="menu-item menu-item-{n}"><a href="/section/{n}">Sadaļa {n}</a></li>' for n in range(40))
    head = (
        f'<!doctype html><html lang="lv"><head><meta charset="utf-8"><title>{title} | Biedri</title>'
        f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script></head>'
        f"<body><nav><ul>{menu}</ul></nav>"
        f'<main><h1 class="entry-title">{title} {number}</h1><p class="country">Latvija</p><p class="place">Cēsis</p>'
    )
    body, foot = [], "</main><footer><p>Biedru tīkls</p></footer></body></html>"
    size = len(head.encode()) + len(foot)
    while size < PAGE_BYTES:
        body.append(f'<p class="wp-block-paragraph">{" ".join(draw(chance, "lv", 40))}</p>')
        size += len(body[-1].encode())
    return (head + "".join(body) + foot).encode()


async def answer(found: Answers, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer requests of one connection until it closes (HTTP/1.1, GET only)."""
    try:
        while request := await reader.readuntil(b"\r\n\r\n"):
            writer.write(respond(found, request))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def respond(found: Answers, request: bytes) -> bytes:
    """One answer with its head; 304 where the client's validator still holds."""
    first, _, rest = request.partition(b"\r\n")
    path = first.split(b" ")[1].decode("ascii", "replace")
    if path not in found:
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    kind, body = found[path]
    tag = f'"{zlib.crc32(body):x}"'
    if f"if-none-match: {tag}".encode() in rest.lower():
        return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nContent-Length: 0\r\n\r\n".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nETag: {tag}\r\n\r\n"
    return head.encode() + body


async def serve(sites: int, pages: int, port: int, changed_percent: float) -> None:
    """Serve all sites until the process is ended."""
    servers = [
        await asyncio.start_server(partial(answer, answers(site, pages, port, changed_percent)), host(site), port)
        for site in range(sites)
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sites", description=str(__doc__).splitlines()[0])
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--changed", type=float, default=0.0, help="percent of the pages that changed since the first day (0)")
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.sites, chosen.pages, chosen.port, chosen.changed))


if __name__ == "__main__":
    main()
