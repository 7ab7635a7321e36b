"""Fill a directory as people do, through the commands and pages of any release, and keep it as a sample for later ones.

`python tools/former_data.py PROGRAM TARGET [--database URL]`: PROGRAM is the `platforma` of the release, TARGET the name of the
files to write: `TARGET.sql.gz`, what the database holds, and `TARGET.json`, what people saw of it. What a release has no page
for is left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import lxml.html
import requests

SITE_PORT, PORT = 28601, 28600
BASE = f"http://127.0.0.1:{PORT}"
ADMIN, PARTNER, LEFT = "admin@sic.example", "partneris@tikls.example", "bijusais@sic.example"
RECORDS: list[dict[str, Any]] = [
    {"remote_id": "r1", "title": {"lv": "Saules maizes ceptuve"}, "kind": "social_enterprise", "country": "LV", "place": "Cēsis",
     "summary": {"lv": "Ceptuve, kurā strādā cilvēki ar invaliditāti."}, "themes": ["work_integration"], "website": "https://maize.example/"},
    {"remote_id": "r2", "title": {"lv": "Remonta darbnīca", "en": "Repair workshop"}, "kind": "project", "country": "EE",
     "themes": ["circular_economy"], "website": "https://remonts.example/"},
    {"remote_id": "r3", "title": {"lv": "Biedrība „Jāņtārpiņš”"}, "kind": "organisation", "country": "LV",
     "legal_form": "biedrība", "email": "info@jantarpins.example", "website": "https://jantarpins.example/"},
    {"remote_id": "r4", "title": {"en": "Seaside commons"}, "kind": "network", "country": "LT", "website": "https://commons.example/"},
    {"remote_id": "r5", "title": {"lv": "Dzēšamā biedrība"}, "kind": "organisation", "country": "LV", "website": "https://dzest.example/"},
]  # fmt: skip
PAGES = {"a": ("Ūdens draugi", "udens"), "b": ("Meža skola", "mezs"), "c": ("Remonta darbnīca", "remonts")}


class Site(BaseHTTPRequestHandler):
    """A partner's site: three organisations as schema.org data, one of which the register has, too."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name and name not in PAGES:
            self.send_error(404)
            return
        links = "".join(f'<li><a href="/{one}/">{title}</a></li>' for one, (title, _) in PAGES.items())
        body = f"<h1>Tīkls</h1><ul>{links}</ul>"
        if name:
            title, site = PAGES[name]
            data = {"@context": "https://schema.org", "@type": "Organization", "name": title, "url": f"https://{site}.example/",
                    "description": f"{title} strādā Latvijā kopš 2010. gada.", "address": {"addressCountry": "LV"}}  # fmt: skip
            body = f"<h1>{title}</h1><script type='application/ld+json'>{json.dumps(data)}</script>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><html lang=lv><title>Tīkls</title><body>{body}</body></html>".encode())

    def log_message(self, *_: Any) -> None:
        pass


class Release:
    """The commands of one release over a folder of its own."""

    def __init__(self, program: Path, folder: Path, database: str) -> None:
        self.program, self.folder = program, folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PLATFORMA_")}
        self.env = kept | {
            "PLATFORMA_DATA_DIR": str(folder), "PLATFORMA_SECRET_KEY": "the key of samples, no secret at all",
            "PLATFORMA_BASE_URL": BASE, "PLATFORMA_CRAWL_PRIVATE_HOSTS": "1",
        } | ({"PLATFORMA_DATABASE_URL": database} if database else {})  # fmt: skip

    def run(self, *words: str) -> str:
        done = subprocess.run([self.program, *words], cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=300)
        print("$ platforma", *words, "->", done.returncode, done.stderr[-300:] if done.returncode else "")
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[None]:
        with (self.folder / "serve.log").open("ab") as log:
            child = subprocess.Popen(
                [self.program, "serve", "--port", str(PORT)], cwd=self.folder, env=self.env, stdout=log, stderr=log
            )
        try:
            while not _answers():
                assert child.poll() is None, (self.folder / "serve.log").read_text()
                time.sleep(0.2)
            yield
        finally:
            child.terminate()
            child.wait(60)


def _answers() -> bool:
    try:
        return requests.get(f"{BASE}/healthz", timeout=5).ok
    except requests.RequestException:
        return False


class Browser:
    """What a person does with pages: open, fill in, press."""

    def __init__(self) -> None:
        self.session = requests.Session()

    def send(self, path: str, target: str, /, **values: str) -> bool:
        """Fill the form of a page whose address matches, and send it; whether it was taken."""
        page = self.session.get(BASE + path if path.startswith("/") else path, timeout=60)
        if not page.ok:
            print("no page", path, page.status_code)
            return False
        tree = lxml.html.fromstring(page.content, base_url=page.url)
        tree.make_links_absolute()
        for form in tree.forms:
            names = set(form.fields)
            buttons = {one.get("name") for one in form.iter("button")} - {None}
            is_other_field = "field" in values and form.fields.get("field") != values["field"]
            if re.search(target, form.action or page.url) and set(values) <= names | buttons and not is_other_field:
                data = [(name, value) for name, value in form.form_values() if name not in values] + list(values.items())
                answer = self.session.post(form.action or page.url, data=data, timeout=60, headers={"Referer": page.url})
                print(
                    "form",
                    path,
                    list(values),
                    answer.status_code,
                    "" if answer.ok else re.findall(r'error"[^>]*>([^<]+)', answer.text),
                )
                return answer.ok
        print("no such form on", path, target, [(one.action, sorted(one.fields)) for one in tree.forms])
        return False


def fill(release: Release) -> dict[str, Any]:
    """Do what people do; return what they see of it afterwards."""
    (release.folder / "records.jsonl").write_text("".join(json.dumps(one) + "\n" for one in RECORDS), encoding="utf-8")
    release.run("upgrade")
    release.run("import", str(release.folder / "records.jsonl"), "--platform", "registrs")
    link = release.run("user", "add", ADMIN, "--role", "admin").split()[-1]
    release.run("user", "add", LEFT, "--role", "curator")
    with release.serving():
        return _by_pages(release, link)


def _by_pages(release: Release, link: str) -> dict[str, Any]:
    admin, visitor = Browser(), Browser()
    admin.send(link, "sign-in")
    ids = _ids()
    visitor.send("/lv/register", "register", url=f"http://127.0.0.1:{SITE_PORT}/", email=PARTNER)
    if confirmation := _mailed_link(release.folder, "register"):
        visitor.send(confirmation, "register")
    visitor.send("/lv/subscribe?country=LV", "subscribe", email="lasitaja@kaut.example")
    if confirmation := _mailed_link(release.folder, "subscri"):
        visitor.send(confirmation, "subscri")
    visitor.send(
        f"/lv/initiatives/{ids['Seaside commons']}/report",
        "report",
        email="kas@kaut.example",
        topic="mistake",
        text="Tālrunis ir cits.",
    )
    if confirmation := _mailed_link(release.folder, "/report/"):
        visitor.send(confirmation, "report")
    _decide(release, admin, ids)
    release.run("user", "close", LEFT)
    return _seen(release, ids)


def _decide(release: Release, admin: Browser, ids: dict[str, str]) -> None:
    listed = release.run("platforms", "list")
    proposed = next((line.split()[0] for line in listed.splitlines() if "127.0.0.1" in line), None)
    if proposed:
        release.run("platforms", "approve", proposed)
        release.run("crawl", proposed)
    edited = f"/lv/desk/initiatives/{ids['Biedrība „Jāņtārpiņš”']}"
    if not admin.send(edited, "initiatives", field="place", value="Kuldīga", action="set"):
        admin.send(edited, "initiatives", place="Kuldīga", do="save")
    admin.send("/lv/desk/concepts/new", "concepts", lv="kaimiņu kase", en="street fund", action="save")
    admin.send(f"/lv/desk/initiatives/{ids['Dzēšamā biedrība']}", "removal", reason="Lūdza pati biedrība", sure="1")


def _mailed_link(folder: Path, word: str) -> str | None:
    """The link in a mail that the worker wrote to a file; None where none comes."""
    for _ in range(20):
        for path in sorted(folder.glob("mails/*")):
            text = path.read_text(encoding="utf-8", errors="replace").replace("=\n", "").replace("=3D", "=")
            if found := re.search(rf"{BASE}/\S*{word}\S*", text):
                return found.group().rstrip('">.')
        time.sleep(0.5)
    print("no mail with", word)
    return None


def _ids() -> dict[str, str]:
    found = requests.get(f"{BASE}/api/v1/initiatives?per_page=100", timeout=60).json()["items"]
    return {one["title"]: one["id"] for one in found}


def _seen(release: Release, ids: dict[str, str]) -> dict[str, Any]:
    """Addresses with their status and heading; accounts."""
    paths = [f"/lv/initiatives/{one}/" for one in sorted({*ids.values(), *_ids().values()})]
    paths += sorted(set(re.findall(r"/lv/platforms/\w{10}/", requests.get(f"{BASE}/lv/platforms/", timeout=60).text)))
    pages = {}
    for path in paths:
        answer = requests.get(BASE + path, timeout=60)
        heading = lxml.html.fromstring(answer.content).findtext(".//h1") if answer.ok else None
        pages[answer.url.removeprefix(BASE)] = {"status": answer.status_code, "heading": heading}
    version = release.run("--version").split()[-1]
    return {"version": version, "pages": pages, "key": release.env["PLATFORMA_SECRET_KEY"]}


def keep(release: Release, target: Path) -> str:
    """Write what the database holds; return its migration."""
    url = release.env.get("PLATFORMA_DATABASE_URL")
    if url:
        dump = subprocess.run(
            ["pg_dump", "--no-owner", "--inserts", url.replace("+psycopg", "")], check=True, capture_output=True, text=True
        ).stdout
    else:
        with closing(sqlite3.connect(release.folder / "platforma.sqlite")) as connection:
            dump = "\n".join(connection.iterdump())
    target.with_name(target.name + ".sql.gz").write_bytes(gzip.compress(dump.encode(), 9, mtime=0))
    (migration,) = re.findall(r"alembic_version\S* VALUES ?\('(\w+)'\)", dump)
    return str(migration)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    server = ThreadingHTTPServer(("127.0.0.1", SITE_PORT), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    release = Release(given.program, folder, given.database)
    seen = fill(release)
    seen["migration"] = keep(release, given.target)
    text = json.dumps(seen, ensure_ascii=False, indent=1, sort_keys=True)
    given.target.with_name(given.target.name + ".json").write_text(text + "\n", encoding="utf-8")
    print("data in", folder)


if __name__ == "__main__":
    main()
