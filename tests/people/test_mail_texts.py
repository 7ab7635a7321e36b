"""The page of what each mail says: all of them are there, as they are sent, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from platforma.catalogue.enums import Role
from platforma.mail.mail_queue import PLACEHOLDER
from platforma.mail.samples import SAMPLES, SITE, Sample, rendered, sample_by_name
from platforma.settings import ROOT, load_settings
from tests.people.desk import Desk
from vocabulary.languages import LANGUAGES

SETTINGS = load_settings(base_url="https://katalogs.example")
CODE = ROOT / "platform" / "platforma"


def test_every_mail_has_a_sample() -> None:
    assert {sample.template for sample in SAMPLES} == {path.name for path in (SETTINGS.templates_dir / "mail").glob("*.txt")}
    names = [sample.name for sample in SAMPLES]
    assert len(set(names)) == len(names) and [sample_by_name(name) for name in names] == list(SAMPLES)
    assert sample_by_name("nothing") is None


def test_samples_have_the_subjects_of_the_mails() -> None:
    code = "".join(path.read_text() for path in CODE.rglob("*.py") if path.name != "samples.py")
    assert [sample.subject for sample in SAMPLES if f'_("{sample.subject}"' not in code] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_is_whole_and_its_links_are_of_this_site(sample: Sample, lang: str) -> None:
    mail = rendered(SETTINGS, sample, lang)
    assert mail.subject and "%(" not in mail.subject + mail.text and PLACEHOLDER not in mail.text
    assert not re.search(r"\bNone\b|\{\{|\{%", mail.text)
    page = BeautifulSoup(mail.html, "html.parser")
    said = re.sub(r"\W+", "", re.sub(r"https://katalogs\S*", "", mail.text))
    shown = re.sub(r"\W+", "", re.sub(r"katalogs\.example\S*", "", page.body.get_text()))  # type: ignore[union-attr]
    for sentence in mail.text.splitlines():
        if "https://katalogs" not in sentence:
            assert re.sub(r"\W+", "", sentence) in shown
    assert len(shown) >= len(said)
    links = [str(link["href"]) for link in page.find_all("a")]
    assert links and all(link.startswith(f"https://katalogs.example/{lang}/") or link.count("/") > 3 for link in links)
    assert not any(link.startswith(SITE) for link in links)


def test_admins_read_each_mail_as_text_and_as_html(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    admin = desk.signed_in(Role.ADMIN)
    listed = BeautifulSoup(admin.get("/lv/desk/mail-texts/").get_data(as_text=True), "html.parser")
    links = [str(link["href"]) for link in listed.select("ul.rows a")]
    assert len(links) == len(SAMPLES)
    for address in links:
        page, html = admin.get(address), admin.get(f"{address}/html")
        assert (page.status_code, html.status_code) == (200, 200)
        assert "default-src 'none'" in html.headers["Content-Security-Policy"]
    assert "Jūsu ienākšanas saite" in admin.get("/lv/desk/mail-texts/sign_in").get_data(as_text=True)
    assert "Your sign-in link" in admin.get("/en/desk/mail-texts/sign_in/html").get_data(as_text=True)
    assert admin.get("/lv/desk/mail-texts/nothing").status_code == 404
