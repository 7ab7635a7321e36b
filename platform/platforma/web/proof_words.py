"""What is said of proof that the people of a platform or listing run its site, to curators and to partners alike."""

from __future__ import annotations

from platforma.catalogue.enums import ProofWay
from platforma.catalogue.people.proofs import Proof
from platforma.i18n import day
from platforma.i18n import gettext as _


def proof_line(proof: Proof) -> str:
    """How it was shown that a platform's people run its site, and when; whose address it was is not said."""
    day_of = day(proof.at, "locative")
    return {
        ProofWay.MAIL: _("by a confirmed e-mail address of the site’s domain, on %(day)s", day=day_of),
        ProofWay.FILE: _("by a file on the site, on %(day)s", day=day_of),
        ProofWay.PAGE: _("by a code in the front page, on %(day)s", day=day_of),
        ProofWay.CURATOR: _("by the word of %(who)s, on %(day)s", who=proof.by, day=day_of),
    }[proof.way]


def claim_line(proof: Proof) -> str:
    """The same of a claim, for whoever made it: no curator is named."""
    if proof.way == ProofWay.CURATOR:
        return _("by the word of a curator, on %(day)s", day=day(proof.at, "locative"))
    return proof_line(proof)
