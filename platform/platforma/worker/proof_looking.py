"""Looking at sites for the code that proves who runs them: a few in a turn, one process at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable

from crawlers.clock import CLOCK, Clock
from crawlers.errors import Stopped
from crawlers.fetch.transport import never
from crawlers.websites.proving import NoCode, find_code
from platforma.catalogue.enums import ProofWay
from platforma.catalogue.partners import claims
from platforma.catalogue.people import proofs
from platforma.catalogue.people.proofs import DueProof
from platforma.locks import LockHeld, lock
from platforma.mail import claim_mails
from platforma.services import Services
from platforma.worker.recipe_run import polite_session

log = logging.getLogger(__name__)
AT_ONCE = 20
"""The most sites of one turn; what is left waits for the next, which begins within a minute."""


def look_for_codes(services: Services, stop: Callable[[], bool] = never, clock: Clock = CLOCK) -> int:
    """Look at the sites of which somebody has asked it; return how many looks were stored. Returns 0 while another process looks.

    Each look has a session of its own, so that a site that fails gives no other one up, and is stored at once.
    """
    try:
        with lock(services.settings, "site-proofs", wait=False):
            with services.database.reading() as session:
                due = proofs.due(session, AT_ONCE)
            return sum(_look(services, proof, stop, clock) for proof in due)
    except LockHeld:
        return 0
    except Stopped:
        log.info("looking for codes was stopped")
        return 0


def _look(services: Services, proof: DueProof, stop: Callable[[], bool], clock: Clock) -> int:
    code = proofs.site_code(services.secret_key, proof.code_name)
    with polite_session(services.settings, clock) as polite:
        polite.stop = stop
        try:
            way = ProofWay(find_code(polite, proof.url, code))
        except NoCode as error:
            with services.database.writing() as session:
                proofs.note_missed(session, proof, error.reason, error.values)
            return 1
    with services.database.writing() as session:
        is_first = proofs.note_found(session, proof, way)
        if is_first and isinstance(proof.subject, int):
            claim_mails.tell_others(services.settings, session, claims.claim_by_id(session, proof.subject))
    return 1
