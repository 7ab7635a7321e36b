"""Forms: what they take, what they say in the reader's language, and that they keep what was typed."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.web.desk.forms import AccountForm, DecisionForm, FieldForm, RemovalForm
from platforma.web.desk.recipe_form import RecipeForm
from platforma.web.forms import Form, TextField, VersionField
from platforma.web.public.forms import (
    MAX_ADDRESS_CHARACTERS,
    TOO_MANY_LINKS,
    TOO_MANY_LOOKS,
    ProposeForm,
    RegisterForm,
    SignInForm,
)

NO_SITE = {"lv": "Ierakstiet savas vietnes adresi", "en": "Enter the address of your site"}
NO_EMAIL = {"lv": "Ierakstiet e-pasta adresi", "en": "Enter an e-mail address"}


class VersionedForm(Form):
    version = VersionField()
    note = TextField(default="–")


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_each_field_says_what_is_wrong_in_the_readers_language_and_keeps_what_was_typed(app: Flask, lang: str) -> None:
    with app.test_request_context(f"/{lang}/register"):
        form, who = RegisterForm(MultiDict({"url": " nav adrese "})), ProposeForm(MultiDict({"email": " nav@ "}))
        assert not form.validate() and not who.validate()
        assert (form.url.data, who.email.data) == ("https://nav adrese", "nav@")
        assert form.error_texts["url"].startswith(NO_SITE[lang]) and who.error_texts["email"].startswith(NO_EMAIL[lang])


@pytest.mark.parametrize(
    ("typed", "url"),
    [("organisation.lv", "https://organisation.lv"), (" http://organisation.lv/a ", "http://organisation.lv/a"), ("", "")],
)
def test_an_address_gets_the_scheme_that_people_leave_out(app: Flask, typed: str, url: str) -> None:
    with app.test_request_context("/lv/register"):
        form = RegisterForm(MultiDict({"url": typed}))
        assert (form.url.data, form.validate()) == (url, bool(url))


def test_an_address_has_a_greatest_length(app: Flask) -> None:
    begins = "https://organisation.lv/"
    with app.test_request_context("/lv/register"):
        for length, is_taken in ((MAX_ADDRESS_CHARACTERS, True), (MAX_ADDRESS_CHARACTERS + 1, False)):
            form = RegisterForm(MultiDict({"url": begins.ljust(length, "a")}))
            assert form.validate() is is_taken


@pytest.mark.parametrize("exceeded", list(ExceededLimit))
def test_a_rate_limit_is_told_where_it_belongs(app: Flask, exceeded: ExceededLimit) -> None:
    with app.test_request_context("/en/register"):
        form, who = RegisterForm(MultiDict({"url": "organisation.lv"})), ProposeForm(MultiDict({"email": "info@organisation.lv"}))
        assert form.validate() and who.validate()
        form.refuse_looks(exceeded)
        who.refuse_links(exceeded)
        is_of_field = exceeded is ExceededLimit.RECIPIENT
        assert form.error_texts == {"url" if is_of_field else "main": TOO_MANY_LOOKS[exceeded]}
        assert who.error_texts == {"email" if is_of_field else "main": TOO_MANY_LINKS[exceeded]}


@pytest.mark.parametrize(("next_page", "page"), [("/lv/desk/", "/lv/desk/"), ("https://elsewhere.example/", None), ("", None)])
def test_signing_in_leads_to_pages_of_this_site_alone(app: Flask, next_page: str, page: str | None) -> None:
    with app.test_request_context("/lv/sign-in"):
        assert SignInForm(next=next_page).next.data == page
        form = SignInForm(MultiDict({"email": "a@b.lv", "next": next_page}))
        assert form.validate() and form.next.data == page


def test_an_account_has_a_role_of_ours(app: Flask) -> None:
    with app.test_request_context("/en/desk/accounts/"):
        for role, is_taken in (("curator", True), ("owner", False), ("", False)):
            form = AccountForm(MultiDict({"email": "a@b.lv", "role": role}))
            assert form.validate() is is_taken
            assert form.error_texts == ({} if is_taken else {"role": "Choose a role"})


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [({"reason": "lūdza", "sure": "1"}, True), ({"reason": "lūdza"}, False), ({"reason": " ", "sure": "1"}, False), ({}, False)],
)
def test_nobody_removes_a_listing_by_a_slip(app: Flask, sent: dict[str, str], is_taken: bool) -> None:
    with app.test_request_context("/lv/desk/initiatives/x/removal"):
        form = RemovalForm(MultiDict(sent))
        assert form.validate() is is_taken
        assert bool(form.error_texts) is not is_taken and form.reason.data == sent.get("reason", "").strip()


@pytest.mark.parametrize(
    ("sent", "version"), [("7", 7), ("", 0), ("abc", 0), ("1.5", 0), (None, 0), ("9" * 30, int("9" * 30)), ("-1", -1)]
)
def test_a_made_up_version_is_none_that_anything_has(sent: str | None, version: int) -> None:
    form = VersionedForm(MultiDict({} if sent is None else {"version": sent}))
    assert form.validate() and form.version.data == version


def test_a_field_that_was_not_sent_has_its_default_and_never_none() -> None:
    assert VersionedForm(MultiDict()).note.data == VersionedForm().note.data == "–"
    assert VersionedForm(MultiDict({"note": ""})).note.data == VersionedForm(note=None).note.data == ""


def test_no_form_speaks_by_itself_in_english(app: Flask) -> None:
    """WTForms has messages of its own, which no catalogue of ours translates."""
    forms: list[type[Form]] = [
        RegisterForm,
        ProposeForm,
        SignInForm,
        AccountForm,
        RecipeForm,
        FieldForm,
        DecisionForm,
        RemovalForm,
    ]
    for made in forms:
        with app.test_request_context("/en/register"):
            form = made(MultiDict())
            form.validate()
            english = set(form.error_texts.values())
        with app.test_request_context("/lv/register"):
            assert english.isdisjoint(form.error_texts.values()), made
