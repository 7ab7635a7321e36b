"""The form with all fields of a listing as a browser without JavaScript reads, changes and sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Form:
    """An open form: its address, and its inputs by name, each with the values that would be sent."""

    client: FlaskClient
    address: str
    inputs: dict[str, list[str]]
    page: str

    @classmethod
    def open(cls, client: FlaskClient, id: str, lang: str = "lv") -> Self:
        """The form of a listing's page."""
        answer = client.get(f"/{lang}/desk/initiatives/{id}")
        assert answer.status_code == 200
        return cls.of(client, answer.get_data(as_text=True))

    @classmethod
    def of(cls, client: FlaskClient, page: str) -> Self:
        """The form of a page that was answered: the one with the fields, or the preview."""
        form = BeautifulSoup(page, "lxml").select_one("form.edit, form[aria-labelledby=preview]")
        assert form is not None, page[:2000]
        inputs: dict[str, list[str]] = {}
        for tag in form.select("input[name], select[name], textarea[name]"):
            if (value := _sent(tag)) is not None:
                inputs.setdefault(str(tag["name"]), []).append(value)
        return cls(client, str(form["action"]), inputs, page)

    def type(self, **values: str | list[str]) -> Self:
        """Type a text, or tick exactly these, in the fields of these names, with `_` for the `-` before a language."""
        for name, value in values.items():
            base, _, lang = name.rpartition("_")
            key = f"{base}-{lang}" if base in ("title", "summary", "description", "more", "confirmed") else name
            self.inputs[key] = value if isinstance(value, list) else [value]
        return self

    def send(self, do: str = "save") -> TestResponse:
        """Press the button with this value."""
        return self.client.post(self.address, data={**self.inputs, "do": [do]})

    def button(self, decision: str, field: str, platform: str = "") -> str:
        """The value of the button of a field with which it is taken, kept or released."""
        soup = BeautifulSoup(self.page, "lxml")
        found = [str(tag["value"]) for tag in soup.select("form.edit button[name=do]")]
        return next(value for value in found if value.startswith(f"{decision}/{field}/{platform}"))


def saved(client: FlaskClient, id: str, **values: str | list[str]) -> TestResponse:
    """Open the form, type these, and save."""
    return Form.open(client, id).type(**values).send()


def _sent(tag: Tag) -> str | None:
    """What a browser would send of an input; None for nothing."""
    if tag.name == "select":
        options = tag.select("option[selected]") or tag.select("option")[:1]
        return str(options[0]["value"])
    if tag.name == "textarea":
        return tag.text.removeprefix("\n")
    if tag.get("type") in ("checkbox", "radio"):
        return str(tag["value"]) if tag.has_attr("checked") else None
    return str(tag.get("value", ""))
