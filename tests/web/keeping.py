"""Pictures as the worker keeps them, without a site to fetch them from."""

from __future__ import annotations

from crawlers.images.recoding import recode
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.pictures import fetched
from platforma.catalogue.pictures.fetched import Encoded
from tests.samples import images


def keep_all(database: Database) -> None:
    """As if every image that is due had been fetched."""
    with database.writing() as session:
        recoded = recode(images.jpeg(images.halves(800, 600)))
        thumb, page = (Encoded(one.width, one.height, one.data) for one in (recoded.thumb, recoded.page))
        for due in fetched.due_images(session, utc_now(), 100):
            fetched.keep_picture(session, due, thumb, page, utc_now())
