"""Mail addresses: what is one, which belong to an organisation, and which name a person."""

from __future__ import annotations

import re

from crawlers.texts.foreign import unescaped
from crawlers.texts.wordlists import word_set

MAX_CHARACTERS = 300
"""So much of a field's text is searched."""
OFFICE_WORDS = word_set(
    "info office contact contacts kontakti kontakt hello hi mail post pasts epasts birojs birojas kontor biuro toimisto"
    " kantselei admin administracija sekretariats secretary secretariat team komanda support help projekti project projects"
    " press media prese board valde pieteikumi registration eu lv ee lt pl fi se dk latvia latvija eesti estonia lietuva"
    " lithuania poland riga vilnius tallinn"
)
"""Words of mail addresses that belong to an office, not to a person."""
_AT = re.compile(
    r"\s*[\[({<]\s*(?:at|@|a|ät|pie|et|эт|собака)\s*[\])}>]\s*|\s+at\s+(?=[\w-]+(?:\.|\s*[\[(]|\s+dot\s))|\s*＠\s*", re.IGNORECASE
)
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|punkts|punkt|\.)\s*[\])}]\s*|\s+dot\s+", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+@-])[\w+-][\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[^\W\d_]{2,24}(?![\w@-])")
_FILE_NAME = re.compile(r"\.(png|jpe?g|gif|svg|webp|css|js)$")


def is_email(text: str) -> bool:
    """Whether a text is a mail address: the one rule for forms, commands, imports and crawls.

    The form is that of RFC 5321 with the letters of RFC 6531, as the package email-validator has it: the host is a domain
    name with a period and none of the reserved names such as `localhost`. Whether mail arrives there is not asked.
    """
    from email_validator import EmailNotValidError, validate_email  # here, since this import takes longer than most commands

    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def organisations_email(text: str) -> str | None:
    """The first mail address in a text that belongs to an organisation, in small letters; None where there is none.

    "[at]", "(at)", "[dot]" and HTML entities are undone. Addresses that a service hides ("[email protected]") stay hidden;
    addresses of persons (name.surname@) are left out.
    """
    plain = _DOT.sub(".", _AT.sub("@", unescaped(text[:MAX_CHARACTERS])))
    plain = re.sub(r"\s*@\s*", "@", plain.replace("mailto:", " "))
    addresses = (match[0].lower() for match in _EMAIL.finditer(plain))
    return next((address for address in addresses if _is_of_organisation(address)), None)


def _is_of_organisation(address: str) -> bool:
    return is_email(address) and not is_personal(address) and not _FILE_NAME.search(address)


def is_personal(address: str) -> bool:
    """Whether a mail address is named as persons are: name.surname@ or n.surname@, no word of it an office's."""
    parts = re.split(r"[._]", address.split("@")[0])
    return len(parts) in (2, 3) and all(part.isalpha() for part in parts) and not OFFICE_WORDS & set(parts)


def without_persons(text: str) -> str:
    """A text in which mail addresses of persons have lost the person's name: `…@name.lv`."""

    def replacement(match: re.Match[str]) -> str:
        return f"…@{match[0].split('@')[1]}" if is_personal(match[0].lower()) else match[0]

    return _EMAIL.sub(replacement, text) if "@" in text else text
