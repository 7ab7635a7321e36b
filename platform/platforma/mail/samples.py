"""Each mail that the site sends, with invented contents, for those who look after its words.

A template without a sample fails a test, and so does a subject that no mail has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crawlers.reasons import Reason, explain
from platforma.addresses import Addresses
from platforma.i18n import current_language, force_locale, gettext, other_languages
from platforma.mail import (
    addition_mails,
    claim_mails,
    correction_mails,
    crawl_mails,
    desk_mails,
    letters,
    partner_digests,
    partner_mails,
)
from platforma.mail.desk_mails import MailedLine
from platforma.mail.digest_text import DigestLine, DigestPart
from platforma.mail.html_body import html_body
from platforma.mail.mail_text import render_mail
from platforma.mail.partner_digests import NewsPart
from platforma.settings import Settings
from vocabulary.messages import N_

TOKEN = "x" * 43
"""Stands for the secret of each link: a page that it leads to says that the link does not work."""
PUBLIC_ID, NUMBER = "abcdefghij", "k7m2p9qrst"
SITE, MAIL = "https://partner.example/", "anna@partner.example"
TITLE, PLATFORM = N_("Garden for everybody"), N_("Social enterprises of the region")
EXAMPLE_REASON = N_("This is where the reason stands that the curator chose or wrote.")
EXAMPLE_QUESTION = N_("This is where the question stands that the curator chose or wrote.")
UNREAD = (N_("it has no title; give each entry a title on its page"), N_("the website is no address; write it with https://"))
"""Invented problems, in the form in which the crawlers' reasons are written."""

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail: its template, to whom it goes and when, its subject, and what makes its contents in the language in force."""

    template: str
    when: str
    subject: str
    values: Callable[[Addresses, str], Values]

    @property
    def name(self) -> str:
        """The template without its suffix; samples of one template are numbered."""
        same = [sample for sample in SAMPLES if sample.template == self.template]
        stem = self.template.removesuffix(".txt")
        return stem if len(same) == 1 else f"{stem}-{same.index(self) + 1}"


@dataclass(frozen=True, slots=True)
class SampleMail:
    """A sample in one language: its subject, plain text, and whole HTML page."""

    subject: str
    text: str
    html: str


def rendered(settings: Settings, sample: Sample, lang: str) -> SampleMail:
    """The sample as it would be sent in this language."""
    with force_locale(lang, settings.translations_dir):
        contents = sample.values(Addresses(settings.base_url), current_language())
        subject = gettext(sample.subject) % {"title": gettext(TITLE), "number": NUMBER, "count": "3", **contents}
        text = render_mail(settings.templates_dir, sample.template, **contents)
    return SampleMail(subject, text, html_body(settings, text, subject=subject, lang=lang))


def _link(addresses: Addresses, lang: str) -> Values:
    return {"link": addresses.sign_in_link(lang, TOKEN), "email": MAIL, "url": SITE}


def _confirm_report(addresses: Addresses, lang: str) -> Values:
    return {"link": addresses.report_status(lang, TOKEN), "others": _elsewhere(addresses)}


def _elsewhere(addresses: Addresses) -> Sequence[tuple[str, str]]:
    return [(name, addresses.report_status(lang, TOKEN)) for lang, name in other_languages()]


def _report(addresses: Addresses, lang: str) -> Values:
    return {
        **_confirm_report(addresses, lang), "number": NUMBER, "answer": gettext(EXAMPLE_REASON), "is_refused": True,
        "answer_by": "14.12.",
    }  # fmt: skip


def _removal(addresses: Addresses, lang: str) -> Values:
    return {"link": addresses.correction(lang, 1), "is_platform": False, **_urgent(addresses, lang)}


def _urgent(addresses: Addresses, lang: str) -> Values:
    return {"end_url": addresses.end_urgent_mails(lang, TOKEN)}


def _addition(addresses: Addresses, lang: str) -> Values:
    return {
        "title": gettext(TITLE),
        "link": addresses.addition_status(lang, TOKEN),
        "page": "",
        "reason": gettext(EXAMPLE_REASON),
    }


def _added(addresses: Addresses, lang: str) -> Values:
    return {**_addition(addresses, lang), "page": addresses.listing(lang, PUBLIC_ID, "x")}


def _table(addresses: Addresses, lang: str) -> Values:
    return {"title": gettext(PLATFORM), "link": addresses.start(lang)}


def _accepted(addresses: Addresses, lang: str) -> Values:
    return {
        "title": gettext(PLATFORM), "link": addresses.start(lang), "is_approved": True, "is_table": False, "reason": "",
        "own_url": addresses.own_platform(lang, PUBLIC_ID), "widget_url": addresses.widget(lang, "x"),
        "badge_url": addresses.badge(lang, PUBLIC_ID),
    }  # fmt: skip


def _accepted_table(addresses: Addresses, lang: str) -> Values:
    return {**_accepted(addresses, lang), "is_table": True}


def _proposed_table(addresses: Addresses, lang: str) -> Values:
    return {**_proposed(addresses, lang), "url": gettext(PLATFORM), "is_table": True}


def _refused(addresses: Addresses, lang: str) -> Values:
    return {**_accepted(addresses, lang), "is_approved": False, "reason": gettext(EXAMPLE_REASON)}


def _asked(addresses: Addresses, lang: str) -> Values:
    link = addresses.own_platform(lang, PUBLIC_ID)
    return {"title": gettext(PLATFORM), "question": gettext(EXAMPLE_QUESTION), "link": link}


def _answered(addresses: Addresses, lang: str) -> Values:
    return {"title": gettext(PLATFORM), **_proposed(addresses, lang)}


def _invitation(addresses: Addresses, lang: str) -> Values:
    return {"title": gettext(PLATFORM), "by": MAIL, "link": addresses.sign_in_link(lang, TOKEN)}


def _claim(addresses: Addresses, lang: str) -> Values:
    link = addresses.own_listing(lang, PUBLIC_ID)
    return {"title": gettext(TITLE), "link": link, "by": MAIL, "reason": "", "is_ended": False}


def _claim_refused(addresses: Addresses, lang: str) -> Values:
    return {**_claim(addresses, lang), "reason": gettext(EXAMPLE_REASON)}


def _claim_ended(addresses: Addresses, lang: str) -> Values:
    return {**_claim_refused(addresses, lang), "is_ended": True}


def _proposed(addresses: Addresses, lang: str) -> Values:
    link = addresses.proposed_platforms(lang)
    return {"by": MAIL, "url": SITE, "is_table": False, "link": link, **_urgent(addresses, lang)}


@dataclass(frozen=True, slots=True)
class _Group:
    """As reports.ProblemGroup: a kind of problem and how often it was met."""

    reason: str
    count: int


def _read(addresses: Addresses, lang: str) -> Values:
    groups = [_Group(reason, count) for count, reason in enumerate(UNREAD, 1)]
    return {
        "title": gettext(PLATFORM), "url": SITE, "link": addresses.report(lang, TOKEN, 1), "what": "", "advice": "",
        "was_read": True, "counts": {"found": 41, "refused": 3}, "groups": groups,
        "problem": lambda group: explain(group.reason, {}, gettext), "own_url": addresses.own_platforms(lang),
        "end_url": addresses.end_partner_mails(lang, TOKEN),
    }  # fmt: skip


def _failed(addresses: Addresses, lang: str) -> Values:
    reason = Reason.from_text(gettext(EXAMPLE_REASON))
    return {**_read(addresses, lang), "groups": [], "what": reason.what, "advice": reason.advice}


def _failed_for_curators(addresses: Addresses, lang: str) -> Values:
    return {**_failed(addresses, lang), "link": addresses.crawl(lang, 1), **_urgent(addresses, lang)}


def _news(addresses: Addresses, lang: str) -> Values:
    problems = [(explain(reason, {}, gettext), count) for count, reason in enumerate(UNREAD, 1)]
    part = NewsPart(
        title=gettext(PLATFORM), page_url=addresses.own_platform(lang, PUBLIC_ID), report_url=addresses.report(lang, TOKEN, 1),
        failure=Reason.from_text(gettext(EXAMPLE_REASON)), problems=problems,
        refused=[(gettext(TITLE), gettext(EXAMPLE_REASON))], refused_in_all=1, changed=[gettext(TITLE)], changed_in_all=2,
    )  # fmt: skip
    return {
        "title": gettext(PLATFORM), "parts": [part], "own_url": addresses.own_platforms(lang),
        "end_url": addresses.end_partner_mails(lang, TOKEN),
    }  # fmt: skip


def _weekly(addresses: Addresses, lang: str) -> Values:
    line = MailedLine(gettext("Duplicates"), "3", addresses.desk(lang, "/duplicates"))
    end_url = addresses.end_desk_mails(lang, TOKEN)
    return {"waiting": [line], "better": [line], "desk_url": addresses.desk(lang), "end_url": end_url}


def _digest(addresses: Addresses, lang: str) -> Values:
    line = DigestLine(gettext(TITLE), "2026", addresses.listing(lang, PUBLIC_ID, "x"))
    part = DigestPart(gettext(TITLE), addresses.search(lang, "q=x"), [line], 3, 2, [line], 1, 0)
    return {
        "parts": [part], "frequency": "weekly", "manage_url": addresses.subscriptions(lang, TOKEN),
        "end_url": addresses.end_subscriptions(lang, TOKEN),
    }  # fmt: skip


def _letter(addresses: Addresses, lang: str) -> Values:
    page = addresses.letter(lang, TOKEN)
    return {
        "title": gettext(TITLE), "lines": [SITE, "+371 20000000"], "listing_url": addresses.listing(lang, PUBLIC_ID, "x"),
        "links": {said: f"{page}?answer={said}" for said in ("correct", "change", "ended")},
        "end_url": addresses.end_letters(lang, TOKEN),
    }  # fmt: skip


SAMPLES: Sequence[Sample] = (
    Sample("sign_in.txt", N_("to whoever asks to sign in"), N_("Your sign-in link"), _link),
    Sample("account_added.txt", N_("to whoever gets an account"), N_("You can sign in now"), _link),
    Sample("confirm_platform.txt", N_("to whoever registers a platform"), N_("Confirm your platform"), _link),
    Sample("confirm_table.txt", N_("to whoever proposes a platform with a table"), N_("Confirm your platform"), _table),
    Sample(
        "platform_decided.txt", N_("to the platform’s contact, when it was accepted"), N_("Your platform is listed"), _accepted
    ),
    Sample(
        "platform_decided.txt",
        N_("to the contact of a platform that came in a table, when it was accepted"),
        N_("Your platform is listed"),
        _accepted_table,
    ),
    Sample(
        "platform_decided.txt",
        N_("to the platform’s contact, when it was refused"),
        N_("Your platform could not be listed"),
        _refused,
    ),
    Sample("partner_asked.txt", N_("to the platform’s contact, when curators ask back"), partner_mails.ASKED, _asked),
    Sample("invitation.txt", N_("to whoever is invited to answer for a platform"), N_("You are invited: %(title)s"), _invitation),
    Sample("confirm_contact.txt", N_("to a new contact of a platform"), N_("Confirm your address"), _invitation),
    Sample(
        "partner_weekly.txt",
        N_("to those who answer for platforms, on Mondays when something is new"),
        partner_digests.SUBJECT_OF_ONE,
        _news,
    ),
    Sample(
        "crawl_partner.txt",
        N_("to those who answer for a platform and wish it, when something new could not be read"),
        crawl_mails.ATTENTION,
        _read,
    ),
    Sample(
        "crawl_partner.txt",
        N_("to those who answer for a platform, when it could not be read for a week"),
        crawl_mails.SLOWED,
        _failed,
    ),
    Sample("confirm_addition.txt", N_("to whoever adds an initiative"), N_("Confirm what you add"), _link),
    Sample("addition_received.txt", N_("to whoever added an initiative and confirmed it"), addition_mails.RECEIVED, _addition),
    Sample("addition_decided.txt", N_("to whoever added an initiative, when it was accepted"), addition_mails.PUBLISHED, _added),
    Sample(
        "addition_decided.txt", N_("to whoever added an initiative, when it was refused"), addition_mails.NOT_PUBLISHED, _addition
    ),
    Sample("confirm_claim.txt", N_("to whoever wants to keep a listing of their organisation"), claim_mails.CLAIMED, _claim),
    Sample("claim_decided.txt", N_("to whoever asked, when the curators vouch for it"), claim_mails.VOUCHED, _claim),
    Sample("claim_decided.txt", N_("to whoever asked, when the curators do not"), claim_mails.NOT_VOUCHED, _claim_refused),
    Sample("claim_decided.txt", N_("to whoever kept a listing, when curators end that"), claim_mails.ENDED, _claim_ended),
    Sample(
        "claim_shared.txt", N_("to those who keep a listing already, when somebody else does, too"), claim_mails.SHARED, _claim
    ),
    Sample("change_decided.txt", N_("to whoever keeps a listing, when a change was accepted"), claim_mails.ACCEPTED, _claim),
    Sample(
        "change_decided.txt",
        N_("to whoever keeps a listing, when a change was refused"),
        claim_mails.NOT_ACCEPTED,
        _claim_refused,
    ),
    Sample("confirm_report.txt", N_("to whoever writes to the editors"), N_("Confirm your message"), _confirm_report),
    Sample("report_received.txt", N_("to whoever wrote to the editors and confirmed it"), correction_mails.RECEIVED, _report),
    Sample("report_answered.txt", N_("to whoever wrote to the editors, with the answer"), correction_mails.ANSWERED, _report),
    Sample("confirm_search.txt", N_("to whoever saves a search"), N_("Confirm your saved search"), _link),
    Sample("digest.txt", N_("to whoever saved searches, daily or on Mondays"), N_("New in your searches: %(count)s"), _digest),
    Sample("letter.txt", N_("to a listed organisation, once a year"), letters.SUBJECT, _letter),
    Sample("platform_proposed.txt", N_("to the staff, at once"), crawl_mails.PROPOSED, _proposed),
    Sample("platform_proposed.txt", N_("to the staff, when a table was sent"), crawl_mails.PROPOSED, _proposed_table),
    Sample("partner_answered.txt", N_("to the staff, at once"), partner_mails.ANSWERED, _answered),
    Sample("removal_asked.txt", N_("to the staff, at once"), correction_mails.REMOVAL_ASKED, _removal),
    Sample("crawl_curator.txt", N_("to the staff, when a platform could not be read"), crawl_mails.FAILED, _failed_for_curators),
    Sample("desk_weekly.txt", N_("to the staff, on Mondays"), desk_mails.SUBJECT, _weekly),
)
"""All mails, in the order in which people meet them."""


def sample_by_name(name: str) -> Sample | None:
    """The sample of this name (see Sample.name); None where there is none."""
    return next((sample for sample in SAMPLES if sample.name == name), None)
