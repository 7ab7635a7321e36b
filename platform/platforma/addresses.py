"""Addresses of this site that people are sent: rules that its pages take from here, filled without a request.

Mails and commands run where there is no request, or in one that came by another host; their addresses begin with
PLATFORMA_BASE_URL. Pages link to each other by url_for.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.routing import Map, Rule

from platforma.i18n import LanguageConverter

SITE = "/<lang:lang>"
DESK = f"{SITE}/desk"
REPORTS = f"{SITE}/reports"
PARTNER = f"{SITE}/partner"
"""Beginnings of the rules of blueprints."""
SIGN_IN_LINK = "/sign-in/<token>"
PROPOSED_PLATFORMS = "/platforms"
CRAWL = "/crawls/<int(max=2147483647):crawl_id>"
REPORT = "/<token>/<int(max=2147483647):crawl_id>"
SUBSCRIBE = "/subscribe"
SUBSCRIPTIONS = "/subscriptions/<token>"
END_SUBSCRIPTIONS = "/subscriptions/<token>/end"
END_DESK_MAILS = "/desk-mails/<token>/end"
END_URGENT_MAILS = "/desk-mails/<token>/end-urgent"
END_PARTNER_MAILS = "/partner-mails/<token>/end"
LETTER = "/letters/<token>"
END_LETTERS = "/letters/<token>/end"
ADDITION_STATUS = "/add/<token>/status"
REPORT_STATUS = "/report/<token>/status"
OWN_PLATFORM = "/<public_id>/"
OWN_LISTING = "/listings/<public_id>/"
CLAIMED = "/claims/<public_id>"
DESK_REPORT = "/reports/<int(max=2147483647):correction_id>"
"""Rules of pages that mails and commands lead to, without their beginnings; ids are at most what PostgreSQL's integer holds."""
RULES = {
    "account.confirm": f"{SITE}{SIGN_IN_LINK}",
    "desk.platforms": f"{DESK}{PROPOSED_PLATFORMS}",
    "crawls.report": f"{DESK}{CRAWL}",
    "reports.report": f"{REPORTS}{REPORT}",
    "subscriptions.mine": f"{SITE}{SUBSCRIPTIONS}",
    "subscriptions.end": f"{SITE}{END_SUBSCRIPTIONS}",
    "desk.today": f"{DESK}/",
    "desk_mails.end": f"{SITE}{END_DESK_MAILS}",
    "desk_mails.end_urgent": f"{SITE}{END_URGENT_MAILS}",
    "partner_mails.end": f"{SITE}{END_PARTNER_MAILS}",
    "letters.letter": f"{SITE}{LETTER}",
    "letters.end": f"{SITE}{END_LETTERS}",
    "additions.status": f"{SITE}{ADDITION_STATUS}",
    "corrections.status": f"{SITE}{REPORT_STATUS}",
    "desk.correction": f"{DESK}{DESK_REPORT}",
    "members.platform": f"{PARTNER}{OWN_PLATFORM}",
    "members.mine": f"{PARTNER}/",
    "embed.configurator": f"{SITE}/widget",
    "badge.page": f"{SITE}/badge",
    "members.listing": f"{PARTNER}{OWN_LISTING}",
    "directory.search": f"{SITE}/search",
    "directory.start": f"{SITE}/",
}
"""The same pages by their endpoints."""
LISTING = f"{SITE}/initiatives/<public_id>/<slug>"
"""The rule of a listing's page, which also has one without a slug."""
_MAP = Map(
    [Rule(rule, endpoint=endpoint) for endpoint, rule in (RULES | {"directory.listing": LISTING}).items()],
    converters={"lang": LanguageConverter},
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute addresses below `base_url`, which is PLATFORMA_BASE_URL."""

    base_url: str

    def start(self, lang: str) -> str:
        """The first page."""
        return self._built("directory.start", lang=lang)

    def sign_in_link(self, lang: str, token: str) -> str:
        """The page on which a one-time link is used."""
        return self._built("account.confirm", lang=lang, token=token)

    def proposed_platforms(self, lang: str) -> str:
        """The desk's list of platforms that wait for a decision."""
        return self._built("desk.platforms", lang=lang)

    def crawl(self, lang: str, crawl_id: int) -> str:
        """One crawl's report at the desk."""
        return self._built("crawls.report", lang=lang, crawl_id=crawl_id)

    def report(self, lang: str, token: str, crawl_id: int) -> str:
        """One crawl's report for the partner; the signed token stands for an account."""
        return self._built("reports.report", lang=lang, token=token, crawl_id=crawl_id)

    def subscriptions(self, lang: str, token: str) -> str:
        """The page of a subscriber's searches; the signed token stands for an account."""
        return self._built("subscriptions.mine", lang=lang, token=token)

    def end_subscriptions(self, lang: str, token: str) -> str:
        """The page that ends all mails to a subscriber, and that mail programs post to (RFC 8058)."""
        return self._built("subscriptions.end", lang=lang, token=token)

    def desk(self, lang: str, path: str = "/") -> str:
        """The desk, or a page below its address."""
        return self._built("desk.today", lang=lang).rstrip("/") + path

    def end_desk_mails(self, lang: str, token: str) -> str:
        """The page that ends the weekly mails to one of the staff, and that mail programs post to (RFC 8058)."""
        return self._built("desk_mails.end", lang=lang, token=token)

    def end_urgent_mails(self, lang: str, token: str) -> str:
        """The page that ends the mails at once to one of the staff, and that mail programs post to (RFC 8058)."""
        return self._built("desk_mails.end_urgent", lang=lang, token=token)

    def end_partner_mails(self, lang: str, token: str) -> str:
        """The page that ends the mails to somebody about their platforms, and that mail programs post to (RFC 8058)."""
        return self._built("partner_mails.end", lang=lang, token=token)

    def letter(self, lang: str, token: str) -> str:
        """The page on which an organisation answers a letter; the signed token stands for an account."""
        return self._built("letters.letter", lang=lang, token=token)

    def end_letters(self, lang: str, token: str) -> str:
        """The page that ends all letters to an address, and that mail programs post to (RFC 8058)."""
        return self._built("letters.end", lang=lang, token=token)

    def report_status(self, lang: str, token: str) -> str:
        """The page on which a visitor sees what became of their report; the signed token stands for an account."""
        return self._built("corrections.status", lang=lang, token=token)

    def addition_status(self, lang: str, token: str) -> str:
        """The page on which somebody follows a listing that they added; the signed token stands for an account."""
        return self._built("additions.status", lang=lang, token=token)

    def own_platform(self, lang: str, public_id: str) -> str:
        """The page of a platform for those who answer for it."""
        return self._built("members.platform", lang=lang, public_id=public_id)

    def own_platforms(self, lang: str) -> str:
        """The list of the platforms that somebody answers for."""
        return self._built("members.mine", lang=lang)

    def widget(self, lang: str, platform_id: str) -> str:
        """The page that makes the code of a list of a platform's listings for its own site."""
        return f"{self._built('embed.configurator', lang=lang)}?platform={platform_id}"

    def badge(self, lang: str, public_id: str) -> str:
        """The page with the code of a platform's badge."""
        return f"{self._built('badge.page', lang=lang)}?platform={public_id}"

    def own_listing(self, lang: str, public_id: str) -> str:
        """The page of a listing for those who have claimed it."""
        return self._built("members.listing", lang=lang, public_id=public_id)

    def correction(self, lang: str, correction_id: int) -> str:
        """A visitor's report at the desk."""
        return self._built("desk.correction", lang=lang, correction_id=correction_id)

    def search(self, lang: str, parameters: str) -> str:
        """The results of a search; `parameters` is its query string, which may be empty."""
        return f"{self._built('directory.search', lang=lang)}?{parameters}".rstrip("?")

    def listing(self, lang: str, public_id: str, slug: str) -> str:
        """The page of a listing."""
        return self._built("directory.listing", lang=lang, public_id=public_id, slug=slug)

    def _built(self, endpoint: str, **values: str | int) -> str:
        return self.base_url + _MAP.bind("").build(endpoint, values)
