"""Filling in a form: as a person would but for one hostile field, or with anything in any field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from tests.scanning import values
from tests.scanning.pages import TOKEN, Field, Form

LIKELY = 0.7
REFUSED_MARK = f"{values.MARK}-not-to-be-kept"
"""Stands in each form that must be refused; nothing may have stored it."""
Pair = tuple[str, bytes]
MAX_TARGET_CHARACTERS = 4000
"""The web server itself refuses lines of more than 4,094; pairs that do not fit are left out."""
NAMES_OF_PLACES = ("next", "back", "from", "return")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form to send: its pairs, and whether the site must refuse it whatever they hold."""

    form: Form
    pairs: tuple[Pair, ...]
    must_refuse: bool = False

    def target(self) -> str:
        """The path that it is sent to; a form that asks by GET has its pairs there, as far as they fit."""
        if self.form.method == "POST":
            return self.form.action
        target = self.form.action.partition("?")[0] + "?"
        for pair in self.pairs:
            if (
                len(pair[1]) < MAX_TARGET_CHARACTERS
                and len(longer := f"{target}{encoded((pair,)).decode()}&") <= MAX_TARGET_CHARACTERS
            ):
                target = longer
        return target[:-1]

    def body(self) -> tuple[bytes, str]:
        """The body and its content type."""
        if self.form.is_multipart:
            return multipart(self.form, self.pairs)
        return encoded(self.pairs), "application/x-www-form-urlencoded"


def encoded(pairs: tuple[Pair, ...]) -> bytes:
    """Pairs as forms send them (application/x-www-form-urlencoded)."""
    return urlencode(pairs).encode()


def multipart(form: Form, pairs: tuple[Pair, ...]) -> tuple[bytes, str]:
    """As browsers send files (RFC 7578), with what a browser would not let into a file's name."""
    files = {field.name for field in form.fields if field.kind == "file"}
    parts = []
    for name, value in pairs:
        filename = b'; filename="../zqx<zqx>.csv"\r\nContent-Type: text/csv' if name in files else b""
        parts.append(b'--zqxzqx\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (name.encode(), filename, value))
    return b"".join(parts) + b"--zqxzqx--\r\n", "multipart/form-data; boundary=zqxzqx"


def fill(random: Random, form: Form, ids: list[str]) -> Filled:
    """The form, filled in one of the ways of somebody hostile."""
    ways: list[Callable[[Random, Form, list[str]], Filled]] = [_one_hostile, _one_hostile, _stored, _stored, _anything, _bent]
    if form.method == "POST" and form.has_token and form.needs_token:
        ways.append(_without_token)
    return random.choice(ways)(random, form, ids)


def plausible(random: Random, form: Form, text: Callable[[Field], bytes] | None = None) -> list[Pair]:
    """The form as a person might fill it in: one of its buttons, a choice of each list, texts that fit their field."""
    buttons = [field for field in form.fields if field.kind == "button"]
    pressed = random.choice(buttons) if buttons else None
    pairs: list[Pair] = []
    for field in form.fields:
        if field.kind == "button":
            if field is pressed:
                pairs.append((field.name, field.value.encode()))
        elif field.kind in ("checkbox", "radio"):
            if random.random() < LIKELY:
                pairs.append((field.name, (field.value or "on").encode()))
        elif field.kind == "select" and field.options:
            options = [option for option in field.options if option] if random.random() < LIKELY else field.options
            pairs.append((field.name, random.choice(options or field.options).encode()))
        else:
            pairs.append((field.name, _typed(random, field, text)))
    return pairs


def _typed(random: Random, field: Field, text: Callable[[Field], bytes] | None) -> bytes:
    if field.is_hidden:
        return field.value.encode()
    name = field.name.lower()
    if field.kind == "email" or "email" in name:
        return f"zqx{random.randrange(100)}@x.example".encode()
    if field.kind == "url" or "url" in name or "website" in name:
        return f"http://127.0.0.1:9/{random.randrange(100)}".encode()
    if field.kind in ("number", "date", "datetime-local", "month"):
        return (field.value or ("3" if field.kind == "number" else "2030-01-02")).encode()
    if field.kind == "file":
        return b"id,nosaukums\n1,<zqx>\n2,=1+1\n"
    if text is not None and (field.kind == "textarea" or random.random() < LIKELY):
        return text(field)
    return (field.value or random.choice(("", f"zqx teksts {random.randrange(100)}"))).encode()


def _one_hostile(random: Random, form: Form, ids: list[str]) -> Filled:
    pairs = plausible(random, form)
    open_to = [number for number, (name, _) in enumerate(pairs) if name != TOKEN]
    if open_to:
        number = random.choice(open_to)
        name = pairs[number][0]
        value = values.elsewhere(random) if name in NAMES_OF_PLACES else values.hostile(random, ids)
        pairs[number] = (name, value)
    return Filled(form, tuple(pairs))


def _stored(random: Random, form: Form, _ids: list[str]) -> Filled:
    """What the site may well keep: everything fits, and the texts are markup."""
    return Filled(form, tuple(plausible(random, form, lambda _: values.marked(random))))


def _anything(random: Random, form: Form, ids: list[str]) -> Filled:
    pairs = [(name, value if name == TOKEN else values.hostile(random, ids)) for name, value in plausible(random, form)]
    return Filled(form, tuple(pairs))


def _bent(random: Random, form: Form, ids: list[str]) -> Filled:
    """Fields missing, doubled, under names of lists, in another order, and some that nobody asked for."""
    pairs: list[Pair] = []
    for name, value in plausible(random, form):
        roll = random.random() if name != TOKEN else 1.0
        if roll < 0.2:
            continue
        pairs.append((f"{name}[]" if roll < 0.3 else name, value))
        if roll > 0.7 and name != TOKEN:
            pairs.extend((name, values.hostile(random, ids)) for _ in range(random.choice((1, 1, 50))))
    pairs.append(
        (random.choice(("", "zqx", "id", "role", "__class__", "zqx\x00", "a" * 5000, "next")), values.hostile(random, ids))
    )
    random.shuffle(pairs)
    return Filled(form, tuple(pairs))


def _without_token(random: Random, form: Form, _ids: list[str]) -> Filled:
    wrong = random.choice(
        (None, b"", b"zqx", b"\xff\x00", b"a" * 5000, next(f.value for f in form.fields if f.name == TOKEN)[:-2].encode())
    )
    pairs = [(name, value) for name, value in plausible(random, form, lambda _: REFUSED_MARK.encode()) if name != TOKEN]
    if wrong is not None:
        pairs.append((TOKEN, wrong))
    return Filled(form, tuple(pairs), must_refuse=True)


def without_right(random: Random, form: Form, own_token: str) -> Filled:
    """A form of somebody else's pages, with the token of whoever sends it."""
    pairs = [(name, value) for name, value in plausible(random, form, lambda _: REFUSED_MARK.encode()) if name != TOKEN]
    return Filled(form, (*pairs, (TOKEN, own_token.encode())), must_refuse=True)
