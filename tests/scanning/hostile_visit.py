"""A hostile visit: somebody walks a running site in each role, sends each form that there is filled in with hostile values,
asks each address with hostile queries, and looks at each answer, at the pages afterwards, at mails, log and database."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote_from_bytes, urlsplit

from lxml import html
from lxml.etree import ParserError

from platforma.catalogue.models import Role
from tests.scanning import checks, values
from tests.scanning.browsing import Answer, Person
from tests.scanning.demonstration import Demonstration
from tests.scanning.filling import REFUSED_MARK, Filled, fill, without_right
from tests.scanning.pages import Form, forms, links, shape

ROLES = (None, Role.PARTNER, Role.CURATOR, Role.ADMIN)
STARTS = (
    "/en/",
    "/lv/",
    "/en/partner/",
    "/en/desk/",
    "/en/sign-in",
    "/en/add",
    "/en/register",
    "/en/register/table",
    "/en/subscribe",
)
PAGES_OF_A_SHAPE, PAGES_OF_A_PATH = 2, 5
CLOSED = {
    "visitor": ("/partner/", "/desk/"), "partner": ("/desk/",),
    "curator": ("/desk/accounts/", "/desk/removals/", "/desk/operation/", "/desk/mail-texts/"),
}  # fmt: skip
"""Where a role may send nothing, without the language before it."""
REFUSALS = {400, 401, 403, 404, 405, 409, 410, 413, 415}
_MAX_SHOWN_BYTES = 400
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_PUBLIC_ID = re.compile(r"/(?:initiatives|platforms|partner)/([a-z0-9]{10})\b")
JSON_WAYS = ("/clicks", "/en/sign-in-by-passkey", "/en/desk/passkeys/")
JSON_BODIES = (b"{}", b"[]", b"null", b"1e999", b'"zqx"', b"{", b"[" * 100_000, b'{"id": {"a": []}, "page": -1}', b'\xff', b'{"id": "\\ud800"}', b'{"a": "\\u0000"}')  # fmt: skip


@dataclass(frozen=True, slots=True)
class Find:
    """Something wrong: what, where, who asked, and the request."""

    problem: str
    where: str
    role: str
    asked: str

    def __str__(self) -> str:
        return f"{self.problem}: {self.role} at {self.where}\n    {self.asked}"


@dataclass(slots=True)
class Visit:
    """One scan of a demonstration. `finds` has each distinct one once; `counts` what was done."""

    site: Demonstration
    random: Random
    is_over: Callable[[], bool] = lambda: False
    pages_each: int = 100
    finds: dict[tuple[str, str], Find] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=lambda: ["1", "2", "zzzzzzzzzz"])
    read_mails: set[str] = field(default_factory=set)
    mailed: list[str] = field(default_factory=list)
    known: dict[str, dict[tuple[str, str, tuple[str, ...]], Form]] = field(default_factory=dict)

    def run(self, rounds: int | None, forms_each: int) -> None:
        """Go so many rounds (None: until it is over) in each role: first look at `pages_each` pages, then send each form that
        stands there at most so many times; at last look once more."""
        people = [self.site.visitor() if role is None else self.site.signed_in(role) for role in ROLES]
        number = 0
        while not self.is_over() and (rounds is None or number < rounds):
            for person in people:
                found = self.walk(person)
                self.known.setdefault(person.role, {}).update(found)
                self.send_all(person, list(found.values()), forms_each)
            self.cross(people)
            self.send_json(people)
            self.read_mail()
            number += 1
        self.is_over = lambda: False
        for person in people:
            self.walk(person)
            person.hang_up()
        self.read_mail()
        self.read_what_stays()

    def walk(self, person: Person) -> dict[tuple[str, str, tuple[str, ...]], Form]:
        """Look at some pages, a few of each shape, and return the forms that stand there, each once."""
        self.site.sign_in(person)
        waiting = [*STARTS, *(self.mailed[-PAGES_OF_A_PATH:] if person.role == "visitor" else ())]
        looked, seen, kinds, places = 0, set(waiting), Counter[str](), Counter[str]()
        found: dict[tuple[str, str, tuple[str, ...]], Form] = {}
        while waiting and looked < self.pages_each and not self.is_over():
            target, looked = waiting.pop(self.random.randrange(len(waiting))), looked + 1
            answer = self.ask(person, "GET", target)
            if answer is None:
                continue
            if location := self._own_location(answer, target):
                following = [location]
            elif (tree := _tree(answer)) is not None:
                for form in forms(self.site.base_url, target, tree):
                    if self._is_for_sending(form):
                        found.setdefault(form.key, form)
                following = list(links(self.site.base_url, target, tree))
            else:
                following = []
            for path in following:
                path = path.partition("#")[0]
                kind, place = shape(path), _place(path)
                if path not in seen and kinds[kind] < PAGES_OF_A_SHAPE and places[place] < PAGES_OF_A_PATH:
                    seen.add(path)
                    kinds[kind] += 1
                    places[place] += 1
                    waiting.append(path)
            self._keep_ids(answer)
        self.counts[f"pages as {person.role}"] += looked
        self.counts[f"forms as {person.role}"] += len(found)
        return found

    def send_all(self, person: Person, found: list[Form], times: int) -> None:
        """Send each form some times, and ask its address with a hostile query."""
        self.random.shuffle(found)
        for form in found[: self.pages_each]:
            if form.method == "POST" and form.needs_token and not form.has_token:
                self._note("a form without a token", person, form.action, form.page)
            for _ in range(times):
                if self.is_over():
                    return
                self.send(person, fill(self.random, form, self.ids))
            self.ask(person, "GET", self._bent(form.page))

    def send(self, person: Person, filled: Filled) -> None:
        """Send a form, and look at where it leads."""
        is_post = filled.form.method == "POST"
        body, type_ = filled.body() if is_post else (None, "")
        headers = {"Content-Type": type_, "Referer": self.site.base_url + filled.form.page} if is_post else {}
        answer = self.ask(person, filled.form.method, filled.target(), body, headers)
        self.counts["forms sent"] += 1
        if answer is None:
            return
        if filled.must_refuse:
            self.counts["forms that had to be refused"] += 1
            leads_to_sign_in = "/sign-in" in answer.header("Location")
            if answer.status not in REFUSALS and not leads_to_sign_in:
                self._note(f"not refused, {answer.status}", person, filled.form.action, repr(filled.pairs))
        elif location := self._own_location(answer, filled.form.action):
            self.counts["forms taken"] += 1
            self.ask(person, "GET", location)

    def cross(self, people: list[Person]) -> None:
        """Send what stands on pages that somebody may not see, as them and with a token of theirs."""
        strangers = [
            self.site.visitor() if person.role == "visitor" else person for person in people
        ]  # a visitor may have got rights
        for sender in strangers:
            closed = CLOSED.get(sender.role, ())
            theirs = {form.key: form for known in self.known.values() for form in known.values() if _is_in(form, closed)}
            if not theirs or not (token := self.own_token(sender)):
                continue
            for form in self.random.sample(list(theirs.values()), min(len(theirs), self.pages_each)):
                if not self.is_over():
                    self.send(sender, without_right(self.random, form, token))

    def own_token(self, person: Person) -> str:
        """A token for forms that somebody may send; empty where the site gave none."""
        self.site.sign_in(person)
        page = self.ask(person, "GET", "/en/contact")
        found = _TOKEN.search(page.text) if page is not None else None
        return found[1] if found else ""

    def send_json(self, people: list[Person]) -> None:
        """Send to the addresses that scripts of our pages send to."""
        for person in people:
            token = self.own_token(person)
            for target in JSON_WAYS:
                for body in self.random.sample(JSON_BODIES, 3):
                    headers = {
                        "Content-Type": self.random.choice(
                            ("application/json", "text/plain", "application/x-www-form-urlencoded")
                        )
                    }
                    self.ask(person, "POST", target, body, headers | ({"X-CSRFToken": token} if token else {}))

    def ask(
        self, person: Person, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer | None:
        """Ask, and note what is wrong with the answer."""
        answer = person.ask(method, target, body, self._headers() | (headers or {}))
        self.counts["requests"] += 1
        if answer is None:
            self.counts["hung up"] += 1
            if body is None or len(body) < 1_000_000:
                self._note("no answer", person, target, f"{method} {target[:200]} {(body or b'')[:200]!r}")
            return None
        self.statuses[answer.status] += 1
        shown = f"{method} {target[:_MAX_SHOWN_BYTES]} {(body or b'')[:_MAX_SHOWN_BYTES]!r}"
        for problem in checks.of_answer(answer, self.site.base_url, target):
            self._note(problem, person, target, shown)
        if REFUSED_MARK in answer.text and method == "GET" and REFUSED_MARK not in target:
            self._note("what was refused is shown", person, target, shown)
        return answer

    def read_mail(self) -> None:
        """Check the mails that were written, and keep their links for the visitor."""
        for path in sorted((self.site.data / "mails").glob("*.eml")):
            if path.name not in self.read_mails:
                self.read_mails.add(path.name)
                self.counts["mails"] += 1
                content = path.read_bytes()
                for problem in checks.of_mail(content):
                    self._note(problem, None, "mail", repr(content[:_MAX_SHOWN_BYTES]))
                self.mailed += list(dict.fromkeys(found for found in checks.links_of_mail(content)))

    def read_what_stays(self) -> None:
        """Check the log and the database."""
        log = self.site.log.read_text(encoding="utf-8", errors="replace")
        for trace in log.split(checks.TRACE)[1:]:
            last = next((line for line in trace.splitlines()[1:] if line and not line.startswith(" ")), "")
            self._note(f"a traceback in the log: {last[:160]}", None, "log", trace[:3000])
        if REFUSED_MARK in log:
            self._note("what was refused is in the log", None, "log", "")
        for row in checks.stored(self.site.database_path, REFUSED_MARK):
            self._note("what was refused is in the database", None, row.partition(" VALUES")[0], row)

    def _headers(self) -> dict[str, str]:
        """What comes with each request: an address of its own, now and then headers that no browser sends."""
        address = f"2001:db8:{self.random.randrange(2**16):x}:{self.random.randrange(2**16):x}::1"
        headers = {"X-Forwarded-For": address}
        if self.random.random() < 0.1:
            odd = self.random.choice(
                ("'\"><zqx>", "\xff\xfe\x80", "a" * 5000, "-1", ",,,;q=zqx", "bytes=9-1,-", "*", "{{1337*1337}}")
            )
            name = self.random.choice(
                ("Accept-Language", "Accept", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range", "User-Agent",
                 "Referer", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-ID", "Origin", "X-CSRFToken", "X-HTTP-Method-Override")
            )  # fmt: skip
            headers[name] = odd
        return headers

    def _bent(self, target: str) -> str:
        """An address with a hostile query, or a hostile part of its path."""
        path, _, query = target.partition("?")
        hostile = quote_from_bytes(values.hostile(self.random, self.ids)[:1000], safe="")
        if self.random.random() < 0.4:
            parts = path.split("/")
            parts[self.random.randrange(1, len(parts))] = hostile
            return "/".join(parts) or "/"
        names = [pair.partition("=")[0] for pair in query.split("&") if pair] + [
            "q",
            "page",
            "skip",
            "sort",
            "next",
            "lang",
            "country",
            "theme",
            "zqx",
        ]
        return f"{path}?{self.random.choice(names)}={hostile}&{self.random.choice(names)}[]={hostile[:99]}"

    def _own_location(self, answer: Answer, target: str) -> str | None:
        """Where an answer redirects to on this site."""
        location = answer.header("Location")
        if answer.status not in (301, 302, 303, 307, 308) or not location.isascii():
            return None
        parts = urlsplit(location)
        if parts.netloc and f"{parts.scheme}://{parts.netloc}" != self.site.base_url:
            return None
        path = parts.path if parts.path.startswith("/") else "/"
        return path + (f"?{parts.query}" if parts.query else "")

    def _is_for_sending(self, form: Form) -> bool:
        return not form.action.endswith("/sign-out")

    def _keep_ids(self, answer: Answer) -> None:
        if len(self.ids) < 200:
            self.ids += sorted(set(_PUBLIC_ID.findall(answer.text)) - set(self.ids))[:3]

    def _note(self, problem: str, person: Person | None, target: str, asked: str) -> None:
        where = _place(target)
        self.finds.setdefault((problem, where), Find(problem, where, person.role if person else "–", asked))


def _is_in(form: Form, places: Iterable[str]) -> bool:
    """Whether a form with a token is sent to one of these places, and not by a secret that opens it to anybody."""
    place = shape(form.action)
    return form.has_token and "/secret" not in place and any(place[3:].startswith(one) for one in places)


def _place(target: str) -> str:
    """The shape of an address without its query, and without what was made up in its path."""
    return "/".join("…" if "%" in part else part for part in shape(target.partition("?")[0]).split("/"))[:200]


def _tree(answer: Answer) -> html.HtmlElement | None:
    if not answer.header("Content-Type").startswith("text/html"):
        return None
    try:
        return html.document_fromstring(answer.body, parser=html.HTMLParser(encoding="utf-8"))
    except (ParserError, ValueError):
        return None
