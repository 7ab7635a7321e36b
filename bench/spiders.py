"""Scrapy over the sites of bench.sites, run by bench.crawling: `python -m bench.spiders extract|selectors PORT SITES`.

`extract` calls our own extraction and normalising for every page; `selectors` is what somebody would write by hand for
just these pages. No delay, no pipelines: each item is counted and thrown away.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess

from bench.sites import address

CONCURRENT = 16


class Members(scrapy.Spider):  # type: ignore[misc]
    """Reads every page of the sitemaps."""

    name = "members"

    def __init__(self, starts: list[str], **more: Any) -> None:
        super().__init__(**more)
        self.start_urls = [f"{start}sitemap.xml" for start in starts]

    def parse(self, response: Any, **_: Any) -> Iterator[Any]:
        response.selector.remove_namespaces()
        for url in response.xpath("//loc/text()").getall():
            yield scrapy.Request(url, self.parse_member)

    def parse_member(self, response: Any) -> Iterator[dict[str, Any]]:
        yield {
            "url": response.url,
            "title": response.css("h1.entry-title::text").get(),
            "country": response.css("p.country::text").get(),
            "place": response.css("p.place::text").get(),
            "description": "\n".join(response.css("p.wp-block-paragraph::text").getall()),
        }


class Extracted(Members):
    """The same pages through our own extraction."""

    def __init__(self, starts: list[str], **more: Any) -> None:
        super().__init__(starts, **more)
        from bench.crawling import records_of

        self._records_of = records_of

    def parse_member(self, response: Any) -> Iterator[dict[str, Any]]:
        yield from (record.to_json() for record in self._records_of(response.url, response.body))


def main() -> None:
    kind, port, sites = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    settings = {"LOG_ENABLED": False, "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": CONCURRENT,
                "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "TELNETCONSOLE_ENABLED": False}  # fmt: skip
    process = CrawlerProcess(settings)
    crawler = process.create_crawler({"extract": Extracted, "selectors": Members}[kind])
    process.crawl(crawler, starts=[address(site, port) for site in range(sites)])
    started, cpu = time.perf_counter(), time.process_time()
    process.start()
    found = {"records": crawler.stats.get_value("item_scraped_count")}
    print(json.dumps(found | {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu}))


if __name__ == "__main__":
    main()
