"""What the crawlers could not do, in the words of whoever owns the site: what is wrong there, and what they can do about it.

The crawlers' own reasons speak to curators, of recipes and adapters. Each reason that a first reading of a site can end in or
report, or for which a reading waits for a curator, has an entry here (a test compares them).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crawlers.reasons import Reason, explain
from platforma.catalogue.ingest import plausibility, refusals
from platforma.i18n import gettext
from vocabulary.messages import N_

NO_VALUES: Mapping[str, object] = MappingProxyType({})
UNKNOWN = N_("Something could not be read; write to us, and we will look at it")
_BROKEN_PAGE = N_("A page could not be read; if it opens in your browser, write to us and name its address")
_BROKEN_SITE = N_("Your site answered with an error; if it opens in your browser, try again in a few minutes")
_SLOW = N_("Your site answered too slowly; try again later, or give the address of the page with the list")
_FORBIDDEN = N_(
    "Your site does not let programs read it; whoever looks after it can allow “PlatformaBot” in its robots.txt or firewall"
)
_PRIVATE = N_("This address is not on the public internet; give one that anybody can open")
_ADDRESS = N_("This is not the address of a page; it looks like https://organisation.lv")
_NO_LIST = N_("We found no list on your site; give the address of the page with the list, or use one of the other ways below")
_FACTLESS = N_(
    "We found only a name and a text of each entry; look whether these are what you want to list, and write the place and the"
    " website at each"
)
_FEWER = N_("Your page speaks of %(claimed)s entries, and we found %(found)s; give the address of the page with all of them")
_TABLE = N_("A table on your site could not be opened; save it again as XLSX or CSV, with one row for each entry")
_NO_NAMES = N_("No column of a table holds names; call the column with the names “Name”, “Nosaukums” or “Title”")
_DATA = N_("Data on your site that is meant for programs is broken; whoever looks after the site can repair it")
_ELSEWHERE = N_("Some entries lead to other sites and were left out; give us the addresses of those sites, too")
_GONE = N_("A page of your list no longer exists; take it off the list, or correct its address")
_SECURITY = N_("The secure connection to your site does not work; whoever looks after it can renew its certificate")
_LARGE = N_("A page or file is too large to be read; give the address of a smaller one")
_OURS = N_("Something went wrong on our side; try again in a few minutes, and write to us if it happens again")
_CALENDAR = N_("A calendar on your site could not be opened; export it again as an .ics file")
_PLACE = N_("Some places on the map are wrong; write latitude and longitude in this order, such as 56.9496 and 24.1052")
_VALUE = N_("Some words are not known to us; you can leave them, a curator will find the right place for them")
_RETITLED = N_(
    "Most entries have another name now (%(changed)s of %(known)s), so a curator looks at it before it counts; if you gave them"
    " new names you need not do anything, else look whether your site shows the right ones"
)
_EMPTIED = N_(
    "Something that entries had is missing in most of them now (%(changed)s of %(known)s), so a curator looks at it before it"
    " counts; if you took it off you need not do anything, else put it back"
)
_VANISHED = N_(
    "Many entries are no longer on your site (%(gone)s of %(known)s), so a curator looks at it before it counts; if you took them"
    " off you need not do anything, else look whether your list is whole"
)
_GREW = N_(
    "Your site has more than twice as many entries as before (%(found)s, before %(last)s), so a curator looks at it before it"
    " counts; if you added them you need not do anything, else look whether each is an entry of its own"
)
_OUTSIDE = N_(
    "Your site has another number of entries than usual (%(found)s), so a curator looks at it before it counts; look whether your"
    " list is whole"
)
OWNER_WORDS: Mapping[str, tuple[str, ...]] = {
    _RETITLED: (plausibility.RETITLED,),
    _EMPTIED: (plausibility.EMPTIED,),
    _VANISHED: (plausibility.VANISHED,),
    _GREW: (plausibility.GREW,),
    _OUTSIDE: (plausibility.OUTSIDE,),
    N_("Another way of reading your site was tried, and a curator looks at what it would change; you need not do anything"): (
        plausibility.TRIED,
    ),
    N_("Some entries were removed here on request, so what your site says of them is not taken; write to us if this is wrong"): (
        refusals.NOT_UPDATED,
        refusals.NAMESAKE,
    ),
    _BROKEN_PAGE: (
        "this page could not be read (%(error)s); tell us its address",
        "This value could not be read (%(error)s); tell us the address of its page",
        "This entry could not be read (%(error)s); tell us the address of its page",
        "this page takes too long to be read, so it was left out; make it smaller, or tell us its address",
        "this page takes too much memory to be read, so it was left out; make it smaller, or tell us its address",
        "this page ended the program that reads it, so it was left out; tell us its address",
        "“%(selector)s” finds %(count)s elements where there should be %(least)s or more; look at the recipe",
        "“%(selector)s” finds %(count)s elements where there should be one; look at the recipe",
    ),
    _BROKEN_SITE: (
        "the server answers %(status)s; we try again later, the site's owner may have to repair it",
        "the answer is empty; we try again later, the site's owner may have to repair it",
        "the server sent only a part of the page (%(status)s); we try again later, the site's owner may have to repair it",
        "the server redirects (%(status)s) without saying where to; the site's owner can correct it",
        "the site failed to answer several times in a row (%(times)s), most recently: %(reason)s; the"
        " crawl ends here, try again later",
        "the answer is no proper HTTP (%(cause)s); the site's owner can correct it",
        "the answer ends in the middle; try again later, the site's owner may have to repair it",
        "the answer is compressed as %(encoding)s, which we did not ask for; the site's owner can correct it",
        "the answer is compressed wrongly (%(cause)s); the site's owner can correct it",
        "the site's robots.txt cannot be read (%(status)s), so that nothing is fetched; try again later",
        "this should be a list of entries and is not; the site's owner could look at its plugins",
    ),
    _SLOW: (
        "the answer took %(seconds)s s",
        "no answer within %(seconds)s s; try again later",
        "the answer came too slowly (%(seconds)s s are not enough); try again later",
        "the server asks to wait %(seconds)s s; the crawl ends here, try again after that time",
        "the automatic detection stops here",
        "reading the site takes longer than somebody can wait for; give the address of the page with the list",
        "%(pages)s pages took too much time or memory to be read; the crawl ends here; tell us the site's address",
    ),
    _FORBIDDEN: (
        "robots.txt forbids this; to be read, the site must allow PlatformaBot",
        "robots.txt asks for a pause of more than a day between two pages; to be read, the site must ask for a shorter one",
        "the site denies access (%(status)s); to be read, it must allow PlatformaBot",
        "a protection page (%(name)s) answered in place of the site; to be read, the site must let PlatformaBot pass: its owner"
        " can allow this User-Agent in the settings of %(name)s",
        "the server accepts the request (202) and sends no page, as protections against programs do; to be read, the site must"
        " let PlatformaBot pass",
        "the site's REST interface is closed or gone; try the adapter sitemap",
    ),
    N_("A page can be read only by who signs in there; give the address of a page that everybody can read"): (
        "only who logs in can read this page; give the address of a page that everybody can read, or open this one to all",
    ),
    N_("A page asks not to be found by programs, so it was left out; take this request away if it is to be found here"): (
        "this page asks not to be listed (noindex); if it is to be found here, take noindex away from it",
    ),
    _PRIVATE: (
        "this leads to the %(network)s address %(address)s; set %(setting)s to crawl sites of your own network",
        "this leads to the %(network)s address %(address)s; such are never crawled, not even with %(setting)s",
        "the name %(host)s is of a private network; set %(setting)s to crawl sites of your own network",
        "port %(port)s is not crawled; a curator can allow it in the recipe (limits.ports)",
    ),
    _ADDRESS: (
        "this is no web address; it looks like https://name.lv",
        "only http and https addresses with a host are crawled; give one that begins with https://",
        "an address with a user name is not crawled; give it without",
        "this address can be read in two ways; write it plainly, as https://name.lv/page",
    ),
    _NO_LIST: (
        "no initiatives were recognised; give the address of the page or file that lists them, or send the list as a table",
        "nothing could be read; the report says for each address what is wrong and what to do",
        "no initiative was found; look at the address and at how the site is read",
        "%(adapter)s reads local files only (platforma import); try adapter: auto",
        "this is no RSS or Atom feed; give the address of the feed itself",
        "this is no list of GoGoCarto's elements; the address ends in /api/elements.json",
        "this is no Murmurations profile; it needs linked_schemas and a name",
        "the portal returns no data; check the names of the datasets in the recipe",
    ),
    _FACTLESS: (
        "these entries have a name and a text alone; look whether each is an initiative, and add place and website to each",
    ),
    _FEWER: ("the page speaks of %(claimed)s entries, and %(found)s were found; give the address of the page with all of them",),
    _TABLE: (
        "this table is broken (%(error)s); save it again as CSV",
        "this workbook cannot be read; save it again as .xlsx",
        "this workbook unpacks to too much; delete its empty rows and columns, or save it as CSV",
        "this is no workbook that can be opened; save it as .xlsx without a password",
        "this workbook has too many parts; save the table alone as .xlsx or CSV",
        "there is no sheet %(sheet)s; there are: %(sheets)s",
    ),
    N_("What a column of your table holds was guessed from its values; look whether it is right, or give it a plain heading"): (
        "No heading says this; the column “%(column)s” was taken because of its values: map another one if it is wrong",
    ),
    _NO_NAMES: ("no column holds names; map one to title in the recipe (there are: %(columns)s)",),
    _DATA: (
        "this should be JSON lines and is not (%(error)s)",
        "this should be JSON and is not (%(error)s); the site's owner can correct it",
        "this should be a sitemap and is none; the site's owner can correct its address in robots.txt",
        "this sitemap ends in the middle; we try again later, the site's owner may have to repair it",
        "the JSON-LD of this page is broken and was left out; check it with the validator of schema.org",
        "the site prints a notice of PHP or of a plugin before its data; its owner can switch off display_errors",
    ),
    _ELSEWHERE: (
        "this page leads to another site (%(host)s), so it was left out; the initiative can be listed by its own address",
        "pages of another site (%(host)s) are listed here and were left out; if it belongs to the platform, a curator can"
        " enter its address in the recipe, too",
    ),
    _GONE: (
        "the page is gone (%(status)s); take it off the list, or bring it back",
        "this page leads to %(address)s, which is no initiative's page; take it off the list, or bring it back",
        "The page only says that nothing is there, so what is known of it stays as it was; bring the page back, or take it off"
        " the site's list and let its address answer 404",
        "more than %(most)s redirects; the address may lead in a circle, give the one where it ends",
    ),
    N_("There is no site at this address; check how it is written"): (
        "this cannot be reached (%(cause)s); check the address",
        "there is no host %(host)s; check the address",
    ),
    _SECURITY: (
        "the certificate of %(host)s is not valid (%(cause)s); the site's owner can renew it",
        "no secure connection to %(host)s comes about (%(cause)s); the site's owner may have to repair it",
    ),
    _LARGE: ("larger than %(bytes)s bytes and left out; raise limits.bytes_per_page in the recipe to take it",),
    _OURS: (
        "something went wrong on our side; we try again automatically, you need not do anything",
        "the crawl was interrupted; what was read is kept, and the next crawl continues from there",
    ),
    N_("Your site is being read for somebody else now; try again in an hour, you need not change anything"): (
        "%(host)s is read for other platforms now; we try again later, you need not do anything",
    ),
    N_("Another site that yours leads to did not answer in time; try again later, or give the address of the list itself"): (
        "%(host)s asks to wait %(seconds)s s; this crawl asks it for nothing more, the next one does",
        "%(host)s failed to answer several times in a row (%(times)s), most recently: %(reason)s; this crawl asks it for nothing"
        " more, the next one does",
    ),
    N_("Some pages have addresses that are far too long, and were left out; give these pages shorter ones"): (
        "this address is longer than any page needs and was left out; give the page a shorter one",
    ),
    _CALENDAR: (
        "this is no calendar; give the address of its .ics file",
        "this calendar is broken; export it again as .ics",
    ),
    _PLACE: (
        "These coordinates are not understood; write degrees such as 56.9496 and 24.1052",
        "These coordinates are zero or lie outside the globe; write the place's own latitude and longitude",
        "Latitude and longitude were swapped; we put them in order, please correct them at the source",
        "These coordinates lie outside the country; check their order, their values and the country",
    ),
    _VALUE: (
        "This kind is not in our list; write one that is, or ask a curator to map it",
        "This value is not in our list; write one that is, or ask a curator to map it",
    ),
    N_("Some countries are not clear; write the name of one country, such as “Latvija” or “Latvia”"): (
        "This is not understood as a country; write the name of one country, or ask a curator to map it",
    ),
    N_("Some entries have no name and were left out; give each a heading of its own"): (
        "The item has no title; give it one at the source",
    ),
    N_("Some dates are not clear; write them with the year first, such as 2026-05-31"): (
        "This date is not understood, or could be two days; write it as 2026-05-31",
    ),
    N_("Some events end before they begin; check both dates"): ("The end lies before the start; check both dates",),
    N_("Some entries name one country, and their place on the map lies in another; check both"): (
        "The coordinates lie in another country than the one named; check both",
    ),
    N_("Some texts name a deadline after the end that is given beside them; check both dates"): (
        "The text names a deadline after the end; check both dates",
    ),
    N_("Some pages say that they are in another language than their text; set the right language in your site's settings"): (
        "The text is in another language than the one that the page names; correct the language (lang) of the page",
    ),
    N_("Some web addresses are not complete; write them as https://organisation.lv"): (
        "This is no web address; it looks like https://name.lv",
    ),
    N_("Some e-mail addresses are a person's or not complete, and are not shown; write one such as info@organisation.lv"): (
        "There is no organisation's mail address here; give one such as info@name.lv, in full",
    ),
    N_("Some telephone numbers are not complete; write them with the country's number, such as +371 67000000"): (
        "This telephone number is not understood; write it with its country's code, such as +371 67000000",
    ),
}
"""A message id for owners, "what is wrong; what to do", and the crawlers' reasons that it stands for."""
_BY_REASON = {reason: words for words, reasons in OWNER_WORDS.items() for reason in reasons}


def owner_reason(reason: str | None, values: Mapping[str, object] = NO_VALUES) -> Reason:
    """What is wrong and what to do, for the owner of the site, in the reader's language; `values` are those of the reason."""
    return explain(_BY_REASON.get(reason or "", UNKNOWN), values, gettext)


def mailed_reason(reason: str | None, values: Mapping[str, object]) -> Reason:
    """The same for a mail; what there are no such words for stands as curators read it, without anybody's e-mail address."""
    if reason is None or has_words(reason):
        return owner_reason(reason)
    return explain(reason, {name: "…" if "@" in str(value) else value for name, value in values.items()}, gettext)


def has_words(reason: str) -> bool:
    """Whether there are words for a reason of the crawlers."""
    return reason in _BY_REASON
