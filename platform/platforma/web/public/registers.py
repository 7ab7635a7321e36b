"""Public registers of organisations: what they are called, and the page that each has for a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from platforma.catalogue.shapes import RegisterNumber
from platforma.i18n import gettext as _
from vocabulary.messages import N_


@dataclass(frozen=True, slots=True)
class Register:
    """A register; `page` is its page for a number of the `form`, None where it has no lasting address."""

    name: str
    form: str
    page: str | None = None


REGISTERS = {
    "LV-RE": Register(N_("Register of Enterprises of Latvia"), r"\d{11}", "https://info.ur.gov.lv/#/legal-entity/{}"),
    "EE-RIK": Register(N_("e-Business Register of Estonia"), r"\d{8}", "https://ariregister.rik.ee/eng/company/{}"),
    "LT-RC": Register(N_("Register of Legal Entities of Lithuania"), r"\d{7}|\d{9}"),
    "FI-PRO": Register(N_("Business Information System of Finland"), r"\d{7}-\d", "https://tietopalvelu.ytj.fi/yritys/{}"),
    "DK-CVR": Register(N_("Central Business Register of Denmark"), r"\d{8}", "https://datacvr.virk.dk/enhed/virksomhed/{}"),
    "NO-BRC": Register(N_("Register of Entities of Norway"), r"\d{9}", "https://virksomhet.brreg.no/nb/oppslag/enheter/{}"),
    "SE-BLV": Register(N_("Companies Registration Office of Sweden"), r"\d{6}-?\d{4}"),
    "PL-KRS": Register(N_("National Court Register of Poland"), r"\d{10}"),
}
"""By the code of org-id.guide. A page is there only where the register itself publishes addresses by number."""


def register_page(number: RegisterNumber) -> str | None:
    """The address of the register's page for the number; None where there is none, or the number is of another form."""
    register = REGISTERS.get(number["scheme"])
    if register is None or register.page is None or not re.fullmatch(register.form, number["value"], re.ASCII):
        return None
    return register.page.format(number["value"])


def register_name(number: RegisterNumber) -> str:
    """The register's name in the reader's language; its code where it has none here."""
    register = REGISTERS.get(number["scheme"])
    return _(register.name) if register else number["scheme"]
