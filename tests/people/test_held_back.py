"""Advertising is held back by rules that can be explained, and nothing genuine is; a curator lets it go or deletes it."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from platforma.catalogue.models import Addition, Correction, HeldBack, Mail
from platforma.catalogue.visitors import corrections, held_back
from tests.people.desk import Desk

GENUINE = (
    ("Kaimiņu darbnīca", "Mācām labot velosipēdus. Vairāk: https://darbnica.example", "https://darbnica.example"),
    ("SIA „Adatas acs”", "Šujam no pārpalikušiem audumiem.", "www.adatasacs.example"),
    ("Rīku aptieka", "Instrumentu noma apkaimē – 3 eiro dienā!", ""),
    ("Zupas virtuve “Kopā”", "Siltas pusdienas trešdienās plkst. 12.00, zvaniet +371 20000000.", ""),
    ("Bērnu nometne ĀRĀ", "Piesakies: nometne@ara.example, vietas ir ierobežotas!!!", "https://ara.example/nometne?gads=2026"),
    ("Senioru kino", "Kino un tēja. Lapa: https://kino.example, Facebook: https://facebook.example/kino", ""),
    ("Mājražotāju tirgus", "Pērciet vietējo! Katru sestdienu.", "https://tirgus.example"),
    ("Aprites fonds", "Granti līdz 5000 EUR. Nolikums: https://fonds.example/nolikums.pdf", ""),
    ("Jauniešu centrs", "Bez maksas: brīvais laiks, konsultācijas, darbs < 20 stundas nedēļā.", ""),
    ("Dzīvnieku patversme", "Palīdzam kaķiem & suņiem; ziedot var mājaslapā.", "https://patversme.example"),
)
"""Ten additions as people write them: with a link or two, prices, capitals and marks of exclamation."""
SPAM = {
    held_back.CODE: 'Lēti <a href="https://x.example">aizdevumi</a>',
    held_back.LINKS: "https://a.example https://b.example www.c.example http://d.example",
}


def opened(client: FlaskClient, path: str = "/lv/add") -> dict[str, str]:
    """What a form sends unseen."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="opened" value="([^"]+)"', page)
    assert found and 'name="homepage"' in page
    return {"opened": found[1], "homepage": ""}


def add(
    desk: Desk, title: str, text: str, website: str = "", *, after: float = 60, email: str = "a@a.example", **more: str
) -> str:
    """Add something, so many seconds after the form was opened, and confirm it; the page that answers."""
    client = desk.app.test_client()
    form = {"title": title, "kind": "organisation", "summary": text, "country": "LV", "website": website, "consent": "1",
            "another": "1", "email": email, **opened(client), **more}  # fmt: skip
    with time_machine.travel(int(form["opened"].partition("-")[0]) + after, tick=False):
        assert client.post("/lv/add", data=form).status_code == 200
        return client.post(desk.link(), follow_redirects=True).get_data(as_text=True)


def counts(desk: Desk) -> tuple[int, int]:
    """How many additions wait for a curator as usual, and how much is held back."""
    with desk.database.reading() as session:
        tables = (Addition, HeldBack)
        added, held = (session.scalar(select(func.count()).select_from(one)) or 0 for one in tables)
        return added, held


def reasons(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        return list(session.scalars(select(HeldBack.reason).order_by(HeldBack.id)))


def test_ten_genuine_additions_are_never_held_back(desk: Desk) -> None:
    for number, (title, text, website) in enumerate(GENUINE):
        add(desk, title, text, website, email=f"a{number}@a.example")
    assert counts(desk) == (10, 0)


@pytest.mark.parametrize("reason", SPAM)
def test_what_looks_like_advertising_is_held_back_and_its_sender_told_so(desk: Desk, reason: str) -> None:
    page = add(desk, "Piedāvājums", SPAM[reason])
    assert "redaktors" in page and counts(desk) == (0, 1) and reasons(desk) == [reason]
    with desk.database.reading() as session:
        assert session.scalars(select(Mail.to)).all() == ["a@a.example"], "the link alone: nobody of the staff is told"


@pytest.mark.parametrize(("seconds", "is_held"), [(2.9, True), (3.1, False)])
def test_a_form_that_is_sent_at_once_is_held_back(desk: Desk, seconds: float, is_held: bool) -> None:
    add(desk, "Kaimiņu darbnīca", "Labojam", after=seconds)
    assert counts(desk) == ((0, 1) if is_held else (1, 0))


def test_a_form_with_the_unseen_field_filled_in_is_held_back(desk: Desk) -> None:
    add(desk, "Kaimiņu darbnīca", "Labojam", homepage="https://x.example")
    assert reasons(desk) == [held_back.TRAPPED]


def test_an_old_page_or_another_s_stamp_holds_nothing_back(desk: Desk) -> None:
    client = desk.app.test_client()
    form = opened(client, "/lv/contact") | {"topic": "question", "text": "Kāpēc?", "email": ""}
    form["opened"] = form["opened"][:-1] + "x"
    client.post("/lv/contact", data=form)
    assert counts(desk) == (0, 0)


def test_the_same_words_again_are_held_back_whoever_sends_them(desk: Desk) -> None:
    add(desk, "Piedāvājums", SPAM[held_back.CODE])
    with desk.database.writing() as session:
        row = session.scalars(select(HeldBack)).one()
        row.mark = held_back._mark("Piedāvājums\nLēti aizdevumi 100")
    add(desk, "Piedāvājums", "Lēti AIZDEVUMI 200!", email="b@b.example")
    assert reasons(desk) == [held_back.CODE, held_back.REPEATED]


def test_a_message_without_an_address_is_held_back_and_a_wish_for_removal_never(desk: Desk) -> None:
    client = desk.app.test_client()
    form = {"topic": "question", "text": SPAM[held_back.LINKS], "email": ""}
    assert "redaktors" in client.post("/lv/contact", data=form).get_data(as_text=True)
    assert reasons(desk) == [held_back.LINKS]
    with desk.database.writing() as session:
        asked = corrections.CorrectionRequest("", "removal", "", SPAM[held_back.LINKS], "a@a.example", "lv")
        assert corrections.receive(session, asked) is not None


def item(desk: Desk) -> str:
    with desk.database.reading() as session:
        return f"/lv/desk/held-back/{session.scalar(select(func.min(HeldBack.id)))}"


def test_a_curator_lets_one_go_on_as_usual(desk: Desk) -> None:
    add(desk, "Piedāvājums", SPAM[held_back.CODE])
    curator = desk.signed_in()
    assert "Aizturēts" in desk.text(curator, "/lv/desk/")
    page = desk.text(curator, item(desk))
    assert "Lēti &lt;a href=" in page and "Piedāvājums" in page
    assert curator.post(item(desk), data={"decision": "keep"}).status_code == 302
    assert counts(desk) == (1, 0)
    assert "Piedāvājums" in desk.last_mail()["Subject"], "the receipt that its sender would have got"
    assert curator.post("/lv/desk/held-back/1", data={"decision": "keep"}).status_code == 404, "once"


def test_a_curator_deletes_all_that_are_alike_and_nothing_else(desk: Desk) -> None:
    for number, text in enumerate((SPAM[held_back.CODE], SPAM[held_back.LINKS], SPAM[held_back.LINKS] + " cits teksts")):
        add(desk, f"Piedāvājums {number}", text, email="b@b.example" if number == 2 else "a@a.example")
    curator = desk.signed_in()
    page = desk.text(curator, item(desk))
    assert re.search(r"no šī sūtītāja: 2<", page), page
    assert counts(desk) == (0, 3), "to look deletes nothing"
    assert curator.post(item(desk), data={"decision": "delete"}).status_code == 302
    assert counts(desk) == (0, 1)


def test_a_message_that_is_let_go_waits_for_its_answer(desk: Desk) -> None:
    desk.app.test_client().post("/lv/contact", data={"topic": "question", "text": SPAM[held_back.LINKS], "email": ""})
    assert desk.signed_in().post(item(desk), data={"decision": "keep"}).status_code == 302
    with desk.database.reading() as session:
        assert session.scalars(select(Correction.text)).all() == [SPAM[held_back.LINKS]]


def test_many_are_paged(desk: Desk) -> None:
    with desk.database.writing() as session:
        for number in range(23):
            payload = {"text": f"Teksts {number}"}
            held_back.hold(session, kind="message", payload=payload, reason=held_back.LINKS, text=f"t{number}", email="")
    curator = desk.signed_in()
    assert "skip=20" in desk.text(curator, "/lv/desk/held-back")
    assert "Teksts 22" in desk.text(curator, "/lv/desk/held-back?skip=20")
