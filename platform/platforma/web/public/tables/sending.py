"""Tables as they arrive: a file or pasted cells, checked in a process apart; the answers that are files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask import Response, request

from crawlers.errors import BadContent
from crawlers.importing.isolation import check_table_apart
from crawlers.owner_tables.checking import TableCheck
from crawlers.owner_tables.grids import MAX_BYTES
from crawlers.owner_tables.questions import TableQuestion
from crawlers.recipe import Recipe
from platforma.i18n import force_locale
from platforma.i18n import gettext as _
from platforma.web.public.tables.headings import EXAMPLE_NAME, column_choices
from vocabulary import changes_in_use
from vocabulary.characters import without_controls
from vocabulary.languages import LANGUAGES
from vocabulary.messages import N_

NOTHING_SENT = N_("Choose a file, or paste the cells of your table")
MAX_PASTED_BYTES = 3_000_000
MAX_NAME_CHARACTERS = 100
KEPT_CHECKS = 2
"""So many checks are kept in memory, since a page, its copy and the import ask for the same one."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW_TABLE = Recipe(platform="table", adapter="file")
"""How a table is read that belongs to no platform yet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent: the name of the file, its bytes, and the pasted text, "" for a file."""

    name: str
    body: bytes
    pasted: str


class NotRead(Exception):
    """A table cannot be read as a whole; `text` says why in the reader's language, `field` is that of the form."""

    def __init__(self, field: str, text: str, pasted: str = "") -> None:
        super().__init__(text)
        self.field, self.text, self.pasted = field, text, pasted


def allow_files() -> None:
    """Let the request be as large as a table may be, which is more than other forms."""
    request.max_content_length = MAX_BYTES + MAX_PASTED_BYTES
    request.max_form_memory_size = MAX_PASTED_BYTES


def sent() -> Sent:
    """What the form of this request holds; a file goes before pasted cells. Raises NotRead where it holds neither."""
    pasted = request.form.get("pasted", "")
    file = request.files.get("file")
    if file is not None and file.filename:
        name = without_controls(file.filename.replace("\\", "/").rpartition("/")[2])[:MAX_NAME_CHARACTERS]
        return Sent(name or _("table"), file.read(), "")
    if pasted.strip():
        return Sent(_("pasted table"), pasted.strip("\r\n").encode("utf-8", "replace"), pasted)
    raise NotRead("file", _(NOTHING_SENT))


def check(name: str, body: bytes, recipe: Recipe, chosen: Mapping[int, str], pasted: str = "") -> TableCheck:
    """The check of a table. Raises NotRead."""
    read_by = recipe.model_dump_json(), tuple(sorted(chosen.items())), _example_names(), json.dumps(changes_in_use())
    try:
        return _checked(body, name, *read_by)
    except BadContent as error:
        raise NotRead("pasted" if pasted else "file", _(error.reason, **error.values), pasted) from error


@lru_cache(maxsize=KEPT_CHECKS)
def _checked(
    body: bytes,
    name: str,
    recipe: str,
    chosen: tuple[tuple[int, str], ...],
    examples: tuple[str, ...],
    _terms: str,
) -> TableCheck:
    """The check of a table; whoever looks at it next mostly asks for the same once more. Raises BadContent."""
    return check_table_apart(body, name, TableQuestion(Recipe.model_validate_json(recipe), dict(chosen), examples))


def chosen_columns(form: Mapping[str, str], indexes: list[int]) -> dict[int, str]:
    """The fields chosen for columns in a form, where they are others than the headings say; unknown ones count as none."""
    known = {field for field, _label in column_choices()}
    sent_fields = {index: form.get(f"column-{index}") for index in indexes}
    return {index: field if field in known else "" for index, field in sent_fields.items() if field is not None}


def download(body: bytes, name: str, media_type: str = XLSX) -> Response:
    """A file as an answer that browsers save."""
    return Response(body, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _example_names() -> tuple[str, ...]:
    """The name of the example in each interface language."""
    names = []
    for lang in LANGUAGES:
        with force_locale(lang):
            names.append(_(EXAMPLE_NAME))
    return tuple(names)
