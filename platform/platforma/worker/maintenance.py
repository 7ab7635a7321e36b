"""The short regular work: indexing what waits, archiving and forgetting what is old enough."""

from __future__ import annotations

import logging

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.decisions.undoing import carry_out_due
from platforma.catalogue.files import sent_tables
from platforma.catalogue.ingest.staging import prune_reports
from platforma.catalogue.listings.duplicates import look_at_outdated
from platforma.catalogue.listings.grace import archive_overdue
from platforma.catalogue.partners import visit_rows
from platforma.catalogue.people import accounts, rate_limits, subscriptions, tokens, unconfirmed
from platforma.catalogue.pictures.wanted import sweep_pictures
from platforma.catalogue.platforms import coverage_counts
from platforma.catalogue.terms import searches
from platforma.catalogue.visitors import additions, corrections, site_looks
from platforma.catalogue.websites.wanted import sweep_websites
from platforma.locks import LockHeld, lock
from platforma.mail import addition_mails, desk_mails, mail_queue, partner_digests
from platforma.services import Services
from platforma.worker.indexing import ensure_index
from search.port import SearchError

log = logging.getLogger(__name__)
PRUNINGS = (
    look_at_outdated,
    archive_overdue,
    prune_reports,
    mail_queue.prune_mails,
    tokens.prune_tokens,
    accounts.prune_sessions,
    rate_limits.prune_attempts,
    sweep_pictures,
    sweep_websites,
    subscriptions.prune_subscribers,
    unconfirmed.prune_unconfirmed,
    corrections.forget_answered,
    additions.forget_told,
    searches.forget_old,
    visit_rows.add_up_months,
    site_looks.forget_looks,
    sent_tables.forget_tables,
)
"""What is archived, compared again or deleted in its time; each is called with a session and the present instant.

The first takes the lock of groups, which goes before those of listings (see groups.lock_groups)."""


def run_maintenance(services: Services) -> None:
    """Carry out what was decided, update the index, then archive and delete what is old enough; one process does it at a time.

    Mails are a task of their own, so that a slow mail server delays nothing else.
    """
    services.thesaurus.refresh()
    try:
        with lock(services.settings, "maintenance", wait=False):
            carry_out_due(services.database, services.secret_key)
            update_index(services)
            with services.database.writing() as session:
                addition_mails.queue_decisions(services.settings, session)
                desk_mails.queue_weekly_mails(services.settings, session, utc_now())
                partner_digests.queue_partner_digests(services.settings, session, utc_now())
                for prune in PRUNINGS:
                    prune(session, utc_now())
            count_coverage(services)
    except LockHeld:
        log.debug("another worker runs the maintenance")


def count_coverage(services: Services) -> None:
    """Count what is not mapped of each platform of which that is not known, such as after an import; each by itself."""
    is_any = True
    while is_any:
        with services.database.writing() as session:
            is_any = coverage_counts.count_next(session)


def update_index(services: Services) -> None:
    """Bring the index up to date. If the engine is down, that is logged, and the changes stay in the outbox."""
    try:
        ensure_index(services)
    except SearchError as error:
        log.warning("the index waits: %s", error)
    except LockHeld:
        log.debug("another process rebuilds the index")
