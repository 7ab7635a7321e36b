"""Every form of the desk that changes something writes an event that names who sent it; a form without a step here fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from platforma.catalogue.audit import newest_id
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import InitiativeState, MailState
from platforma.catalogue.models import Decision, Event, HeldBack, Initiative, Mail, Membership, Role, User
from platforma.catalogue.models import Record as StoredRecord
from platforma.catalogue.people import accounts
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.visitors import corrections
from tests.people.desk import GIVEN, Desk, recipe_form, records
from tests.people.editing import Form as EditForm
from tests.people.pairs import add_pairs, id_of, waiting
from vocabulary import use_changes

ACTOR = "admin@sic.example"
Form = Mapping[str, str]
Step = tuple[str, Callable[[Desk], tuple[str, Form]]]
"""The rule of a form, and what gives its address at the desk with what is sent."""
CHANGES_NOTHING = {"/<lang>/desk/catalogue/bulk"}
"""Forms that only ask."""
OWN = {"/<lang>/desk/mine", "/<lang>/desk/passkeys/", "/<lang>/desk/passkeys/<passkey_id>"}
"""Forms about the account of whoever sends them: their mails, and their passkeys, which test_passkeys adds and removes."""
CONCEPT = GIVEN | {"seen": "0"}
TERM = {"label-lv": "vīns", "label-en": "wine", "also": "vynas", "seen": "0", "action": "save"}


def listing(desk: Desk, remote_id: str) -> str:
    with desk.database.reading() as session:
        query = select(Initiative.public_id).join(StoredRecord, StoredRecord.initiative_id == Initiative.id)
        return session.scalars(query.where(StoredRecord.platform_id == "v", StoredRecord.remote_id == remote_id)).one()


def version(desk: Desk, public_id: str) -> str:
    with desk.database.reading() as session:
        return str(session.scalars(select(Initiative.version).where(Initiative.public_id == public_id)).one())


def edit(desk: Desk) -> tuple[str, Form]:
    id = listing(desk, "r01")
    return f"initiatives/{id}", sent(EditForm.open(desk.signed_in(Role.ADMIN), id).type(place="Ogre"))


def sent(form: EditForm) -> Form:
    """What a form sends when it is saved."""
    return {name: values[0] for name, values in form.inputs.items()} | {"do": "save"}


def restored(desk: Desk) -> tuple[str, Form]:
    id, client = listing(desk, "r01"), desk.signed_in(Role.ADMIN)
    EditForm.open(client, id).type(place="Talsi").send()
    page = desk.text(client, f"/lv/desk/initiatives/{id}/versions")
    newest, older, *_ = dict.fromkeys(re.findall(r'type="radio" name="\w+" value="(\d+)"', page))
    return f"initiatives/{id}/versions", {"version": older, "newest": newest}


def contested(desk: Desk) -> None:
    """A source says something else of a field than a curator."""
    id, client = listing(desk, "r05"), desk.signed_in(Role.ADMIN)
    EditForm.open(client, id).type(place="Ogre").send()
    desk.crawl([replace(one, place="Tukums") if one.remote_id == "r05" else one for one in records(12)])


def conflict(desk: Desk) -> tuple[str, Form]:
    contested(desk)
    page = desk.text(desk.signed_in(Role.ADMIN), "/lv/desk/conflicts")
    part = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'value="keep"' in form)
    return "conflicts", dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', part)) | {"action": "keep"}


def conflict_undo(desk: Desk) -> tuple[str, Form]:
    with desk.database.reading() as session:
        kept = session.scalars(select(Event.id).where(Event.action == "keep").order_by(Event.id.desc())).first()
    return "conflicts/undo", {"decision": str(kept)}


def hidden(desk: Desk, remote_id: str) -> str:
    """A listing that waits for a decision."""
    id = listing(desk, remote_id)
    with desk.database.writing() as session:
        row = session.scalars(select(Initiative).where(Initiative.public_id == id)).one()
        row.state, row.published_at = InitiativeState.NEW, None
    return id


def outdated(desk: Desk) -> tuple[str, Form]:
    """A listing that nobody confirmed for three years."""
    id = listing(desk, "r08")
    with desk.database.writing() as session:
        long_ago = utc_now() - timedelta(days=3 * 365)
        session.execute(update(Initiative).where(Initiative.public_id == id).values(published_at=long_ago))
    return "stale", {"listing": id, "cause": "unconfirmed", "decision": "keep"}


def stale_undo(desk: Desk) -> tuple[str, Form]:
    with desk.database.reading() as session:
        kept = session.scalars(select(Event.id).where(Event.action == "stale_keep").order_by(Event.id.desc())).first()
    return "stale/undo", {"decision": str(kept)}


def undone(desk: Desk) -> tuple[str, Form]:
    with desk.database.reading() as session:
        (id,) = session.scalars(select(Decision.id).where(Decision.undone_at.is_(None)).order_by(Decision.id.desc()).limit(1))
    return f"decisions/{id}/undo", {}


def vain(desk: Desk) -> dict[str, str]:
    """A search that found nothing."""
    desk.app.test_client().get("/lv/search?q=zzzcepējs")
    desk.services.failed_searches.write()
    return {"words": "zzzcepējs", "search_lang": "lv"}


def state(desk: Desk) -> tuple[str, Form]:
    id = listing(desk, "r02")
    return f"initiatives/{id}/state", {"decision": "refuse", "reason": "Nav par to", "version": version(desk, id)}


def lifting(desk: Desk) -> tuple[str, Form]:
    """Of the listing that the step before has removed."""
    desk.end_of_undoing()
    return "removals/1", {"reason": "lūdza atpakaļ"}


def held(desk: Desk) -> tuple[str, Form]:
    desk.crawl(records(12))
    report = desk.crawl(records(3))
    assert report.state == "held"
    return f"crawls/{report.crawl_id}", {"decision": "discard"}


def pair(desk: Desk) -> tuple[str, Form]:
    add_pairs(desk)
    first = waiting(desk.database)[0]
    return "duplicates", {"left": first.left, "right": first.right, "decision": "same"}


def parting(desk: Desk) -> tuple[str, Form]:
    one, other = id_of(desk, "a1"), id_of(desk, "b1")
    desk.signed_in(Role.ADMIN).post("/lv/desk/duplicates", data={"left": one, "right": other, "decision": "same"})
    with desk.database.reading() as session:
        joined = session.scalars(select(Initiative).where(Initiative.merged_into_id.is_not(None))).all()[-1]
        return f"initiatives/{session.get_one(Initiative, joined.merged_into_id).public_id}/parting", {"other": joined.public_id}


def proposed(desk: Desk) -> tuple[str, Form]:
    recipe = {"platform": "n", "title": "Jaunā", "url": "https://n.example/", "adapter": "table"}
    with desk.database.writing() as session:
        proposal = platform_states.Proposal(url="https://n.example/", title="Jaunā", recipe=recipe)
        platform_states.propose_platform(session, proposal, actor="t")
    return "platforms/n", {"decision": "probation"}


def new_listing(desk: Desk) -> tuple[str, Form]:
    return f"initiatives/{hidden(desk, 'r03')}/decision", {"decision": "publish"}


def mail(desk: Desk) -> tuple[str, Form]:
    with desk.database.writing() as session:
        now = utc_now()
        row = Mail(to="a@b.example", lang="lv", subject="s", body="b", state=MailState.FAILED, due_at=now, give_up_at=now)
        session.add(row)
        session.flush()
        return f"mails/{row.id}", {"decision": "dismiss"}


def held_message(desk: Desk) -> tuple[str, Form]:
    with desk.database.writing() as session:
        asked = corrections.CorrectionRequest("", "question", "", "Pērciet <a href=x>", "", "lv")
        assert corrections.receive(session, asked) is None
        return f"held-back/{session.scalars(select(HeldBack.id)).one()}", {"decision": "delete"}


def message(desk: Desk) -> tuple[str, Form]:
    with desk.database.writing() as session:
        corrections.enter(session, corrections.CorrectionRequest("", "question", "", "Kāpēc?", "", "lv"))
    return "reports/1", {"decision": "done", "answer": "Tāpēc"}


def recipe(desk: Desk) -> tuple[str, Form]:
    return "sources/v/recipe", recipe_form(desk, desk.signed_in(Role.ADMIN), title="Vietne divi")


def account(desk: Desk) -> tuple[str, Form]:
    with desk.database.reading() as session:
        return f"accounts/{session.scalars(select(User.id).where(User.email == 'anna@sic.example')).one()}", {}


def bulk(desk: Desk) -> tuple[str, Form]:
    ticked = {"ids": listing(desk, "r01"), "action": "set_kind", "value": "project", "expected": "1", "key": "k"}
    return "catalogue/changes", ticked


def claim(desk: Desk) -> tuple[str, Form]:
    """Somebody says that a listing is of their organisation."""
    id = listing(desk, "r09")
    with desk.database.writing() as session:
        user = accounts.add_user(session, email="zane@sic.example", role=Role.PARTNER, actor="test")
        initiative_id = session.scalars(select(Initiative.id).where(Initiative.public_id == id)).one()
        row = Membership(user_id=user.id, initiative_id=initiative_id, role="owner")
        session.add(row)
        session.flush()
        return f"claims/{id}", {"do": "vouch", "claim": str(row.id)}


STEPS: tuple[Step, ...] = (
    ("/crawls/<crawl_id>", held),
    ("/initiatives/<public_id>", edit),
    ("/initiatives/<public_id>/state", state),
    ("/initiatives/<public_id>/decision", new_listing),
    ("/initiatives/<public_id>/removal", lambda desk: (f"initiatives/{listing(desk, 'r04')}/removal", {"reason": "lūdza", "sure": "1"})),
    ("/removals/<removal_id>", lifting),
    ("/duplicates", pair),
    ("/duplicates/undo", lambda _desk: ("duplicates/undo", {"judgement": "1"})),
    ("/initiatives/<public_id>/parting", parting),
    ("/platforms/<platform_id>", proposed),
    ("/mails/<mail_id>", mail),
    ("/held-back/<held_id>", held_message),
    ("/reports/<correction_id>", message),
    ("/sources/<platform_id>", lambda _desk: ("sources/v", {"action": "start"})),
    ("/sources/<platform_id>", lambda _desk: ("sources/v", {"action": "leave-listed"})),
    ("/sources/<platform_id>", lambda _desk: ("sources/v", {"action": "rank", "rank": "before"})),
    ("/sources/<platform_id>/mapping", lambda _desk: ("sources/v/mapping", {"seen": "1"})),
    ("/sources/<platform_id>/recipe", recipe),
    ("/sources/<platform_id>/recipe/<version>", lambda _desk: ("sources/v/recipe/1", {})),
    ("/concepts/new", lambda _desk: ("concepts/new", CONCEPT)),
    ("/concepts/<concept_id>", lambda _desk: ("concepts/food_bank", {"action": "remove", "seen": "0"})),
    ("/accounts/", lambda _desk: ("accounts/", {"email": "anna@sic.example", "role": "curator"})),
    ("/accounts/<user_id>", account),
    ("/accounts/<user_id>/role", lambda desk: (f"{account(desk)[0]}/role", {"role": "reader"})),
    ("/initiatives/<public_id>/versions", restored),
    ("/conflicts", conflict),
    ("/conflicts/undo", conflict_undo),
    ("/listings", lambda desk: ("listings", {"id": hidden(desk, "r06"), "decision": "publish"})),
    ("/decisions/<decision_id>/undo", undone),
    ("/next/<kind>/<name>", lambda desk: (f"next/listing/{hidden(desk, 'r07')}", {"decision": "publish"})),
    ("/replies", lambda _desk: ("replies", {"action": "save", "kind": "listing", "text-lv": "Paldies!", "text-en": "Thank you!"})),
    ("/vocabulary/<dimension>/new", lambda _desk: ("vocabulary/theme/new", TERM)),
    ("/vocabulary/<dimension>/<term_id>", lambda _desk: ("vocabulary/theme/culture", TERM | {"label-lv": "māksla", "label-en": "arts", "also": "kultūra\nculture"})),
    ("/vocabulary/<dimension>/<term_id>/instead", lambda _desk: ("vocabulary/theme/youth/instead", {"rest": "science", "seen": "0"})),
    ("/searches/dismissed", lambda desk: ("searches/dismissed", vain(desk) | {"decision": "dismiss"})),
    ("/searches/name", lambda desk: ("searches/name", vain(desk) | {"concept": "wise", "seen": "0"})),
    ("/claims/<public_id>", claim),
    ("/stale", outdated),
    ("/stale/undo", stale_undo),
    ("/catalogue/views", lambda _desk: ("catalogue/views", {"name": "Projekti", "kind": "project"})),
    ("/catalogue/views/<view_id>", lambda _desk: ("catalogue/views/1", {})),
    ("/catalogue/changes", bulk),
    ("/catalogue/changes/<bulk_id>", lambda _desk: ("catalogue/changes/1", {})),
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield Desk(Path(tmp_path_factory.mktemp("site")))
    use_changes(())


def test_each_form_of_the_desk_has_its_step(desk: Desk) -> None:
    forms = {
        re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule.rule)
        for rule in desk.app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }
    of_desk = {path for path in forms if path.startswith("/<lang>/desk/")} - CHANGES_NOTHING - OWN
    assert of_desk == {f"/<lang>/desk{path}" for path, _step in STEPS}, "say in STEPS what is sent"


def test_each_form_that_changes_something_records_who_did_what(desk: Desk) -> None:
    client = desk.signed_in(Role.ADMIN)
    silent = []
    for path, prepared in STEPS:
        where, sent = prepared(desk)
        with desk.database.reading() as session:
            before = newest_id(session)
        answer = client.post(f"/lv/desk/{where}", data=sent)
        assert answer.status_code in (200, 302), (path, answer.status_code, answer.get_data(as_text=True))
        with desk.database.reading() as session:
            events = session.scalars(select(Event).where(Event.id > before)).all()
        if not any(event.actor == ACTOR and (event.before or event.after or event.action) for event in events):
            silent.append(f"{path} {dict(sent)}")
    assert silent == [], "these changed something, and no event says who"
    page = desk.text(client, "/lv/desk/audit")
    assert ACTOR in page and "rule:" not in page
