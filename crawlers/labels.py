"""What sources call our fields: columns, labels and keys in the region's languages, and pages that are no initiative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from vocabulary import fold

_NAMES: Mapping[str, str] = {
    "title": "title|name|nosaukums|organisation name|organization name|project title|projekta nosaukums|uznemuma nosaukums"
    "|organizacijas nosaukums|nimi|nimetus|pavadinimas|nazwa|navn|namn|nimi|titel",
    "summary": "summary|kopsavilkums|isss apraksts|iss apraksts|short description|excerpt|anotacija|moto",
    "description": "description|apraksts|about|darbibas apraksts|kirjeldus|aprasymas|opis|beskrivelse|beskrivning|kuvaus"
    "|beschreibung|project description|projekta apraksts",
    "country": "country|valsts|riik|salis|kraj|land|maa|seat|countries",
    "place": "place|city|town|pilseta|vieta|linn|miestas|miasto|by|stad|ort|kaupunki|location|atrasanas vieta|novads",
    "address": "address|adrese|juridiska adrese|aadress|adresas|adres|adresse|adress|osoite",
    "region": "region|regions|plansanas regions|planosanas regions|region of execution",
    "website": "website|web|majaslapa|majas lapa|timekla vietne|timeklvietne|timeklavietne|homepage|www|veebileht|svetaine"
    "|strona internetowa|hjemmeside|webbplats|verkkosivu|webseite|website url|site|url",
    "email": "email|e-mail|e-pasts|epasts|e-post|el. pastas|contact email|kontakti",
    "phone": "phone|telephone|telefons|talrunis|telefon|telefonas|puhelin|tel",
    "kind": "kind|type|veids|tips|tuup|tipas|rodzaj",
    "sectors": "sector|sectors|sektors|sektor|sektorius",
    "themes": "theme|themes|joma|darbibas joma|jomas|field|field of activity|area|valdkond|sritis|obszar|category|kategorija"
    "|temats|tema|omrade|topics|nozare",
    "legal_form": "legal form|juridiska forma|tiesiska forma|oiguslik vorm|teisine forma|forma prawna|selskabsform",
    "registration": "registration number|registracijas numurs|registrikood|reg. nr|reg|reg nr|imones kodas|krs|cvr|register code"
    "|regnr",
    "start_date": "start date|date|datums|sakums|start|from|starts|project start|norises laiks|begins",
    "end_date": "end date|beigas|end|to|deadline|termins|apply by|pieteiksanas lidz|ends",
    "lat": "lat|latitude|platums|geo platums",
    "lon": "lon|lng|longitude|garums|geo garums",
    "organisation": "organisation|organization|organizacija|executer|project promoter|istenotajs|projekta istenotajs",
    "licence": "licence|license|licence of texts",
    "image": "image|attels|photo",
}
FIELDS: Mapping[str, str] = {name: field for field, names in _NAMES.items() for name in names.split("|")}
NO_INITIATIVE = re.compile(
    r"(^|/)(about|about-us|contact|contacts|contact-us|privacy|privacy-policy|cookies?|terms|sitemap|search|login|wp-login"
    r"|par-mums|par|kontakti|privatums|privatuma-politika|sikdatnes|noteikumi|meklet|category|tag|author|page|feed|archive"
    r"|kategorija|birka|meist|kontakt|apie-mus|kontaktai|o-nas|om-os|om-oss|yhteystiedot|ueber-uns|impressum|news|blog"
    r"|jaunumi|library|wp-content|wp-json|partners|team|komanda|jobs|vakances|donate|ziedot|newsletter)(/|$|\.html?$|\.php$)",
    re.IGNORECASE,
)


OTHER = re.compile(
    r"(^|[^a-z])(news|newsletter|blog|press|post|posts|article|articles|announcement\w*|zinas|zina|jaunum\w*|aktual\w*|uudis\w*|naujien\w*|aktualnosc\w*"
    r"|wiadomosc\w*|nyhed\w*|nyhet\w*|aktuel\w*|uutis\w*|nachricht\w*|neuigkeit\w*|team|komanda|staff|people|employee\w*|darbinieki|valde|board|meeskond\w*|zespol|komand\w*"
    r"|medarbejder\w*|testimonial\w*|review|reviews|atsauksmes|product|products|shop|produkt\w*|popup\w*|slide\w*|banner\w*|faq|faqs|form|forms|template\w*|block|blocks|layout\w*|snippet\w*|menu\w*"
    r"|header|footer|widget\w*|job|jobs|vacanc\w*|vakanc\w*|lesson|quiz|gallery|galerija|uncategorized|logo|logos|partner\w*|sponsor\w*|document\w*|dokument\w*|download\w*)($|[^a-z])"
)
"""Words (folded) in the name of a type, category or list that tell of something other than initiatives."""


LAST_WORDS = frozenset({"country", "place", "region", "address", "website", "email", "phone", "legal_form", "registration"})
"""Fields that the last word of a key in small letters names: `se_country`, `org-email`."""


def is_other(name: str) -> bool:
    """Whether the name of a type, category, list or its address tells of news, staff, products and the like."""
    return bool(OTHER.search(fold(name).replace("_", " ").replace("-", " ")))


def field_of(label: str) -> str | None:
    """Our field for a label, column or key of a source; None where it is none of ours."""
    if ours := FIELDS.get(_words(label)):
        return ours
    if re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)+", label):
        last = FIELDS.get(re.split(r"[_-]", label)[-1])
        return last if last in LAST_WORDS else None
    several = {FIELDS.get(_words(part)) for part in re.split(r"[/()|]", label) if part.strip()}
    return several.pop() if len(several) == 1 else None


def _words(label: str) -> str:
    return re.sub(r"[_\s]+", " ", fold(label)).strip(" :.?*")


def map_fields(found: Mapping[str, object], mapping: Mapping[str, str]) -> dict[str, object]:
    """A source's own fields under our names: by the recipe's mapping first, else by what they are usually called."""
    fields: dict[str, object] = {ours: found[theirs] for ours, theirs in mapping.items() if found.get(theirs)}
    for theirs, value in found.items():
        ours = field_of(theirs)
        if ours and value not in (None, "") and ours not in fields and theirs not in mapping.values():
            fields[ours] = value
    return fields


def is_initiative_page(url: str, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> bool:
    """Whether a page may be about one initiative, by its address alone: not the front page, no about, contact, archive."""
    path = urlsplit(url).path
    if any(re.search(pattern, url) for pattern in exclude):
        return False
    if any(re.search(pattern, url) for pattern in include):
        return True
    if re.fullmatch(r"/?([a-z]{2}/?)?(index\.(html?|php))?", path) and not urlsplit(url).query:
        return False
    return not NO_INITIATIVE.search(path) and not re.search(r"\.(jpe?g|png|gif|svg|pdf|css|js|xml|zip|docx?|ico|csv|gz)$", path)
