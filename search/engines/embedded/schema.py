"""The tantivy schema, made of the index's fields."""

from __future__ import annotations

from collections.abc import Mapping

import tantivy

from search.index import fields
from search.index.fields import FieldKind

Options = Mapping[str, bool | str]
FIELD_OPTIONS: Mapping[FieldKind, tuple[str, Options]] = {
    "id": ("add_text_field", {"stored": True, "tokenizer_name": "raw", "index_option": "basic"}),
    "text": ("add_text_field", {"tokenizer_name": "whitespace", "index_option": "position"}),
    "facet": ("add_text_field", {"tokenizer_name": "raw", "fast": True, "index_option": "basic"}),
    "terms": ("add_text_field", {"tokenizer_name": "raw", "index_option": "basic"}),
    "sort_key": ("add_text_field", {"tokenizer_name": "raw", "fast": True, "index_option": "basic"}),
    "integer": ("add_integer_field", {"indexed": True, "fast": True}),
    "position": ("add_text_field", {"tokenizer_name": "raw", "fast": True, "index_option": "basic"}),
    "number": ("add_float_field", {"fast": True}),
}
"""By kind of field: the method of tantivy.SchemaBuilder that adds it, with its options."""


def schema_definition() -> dict[str, tuple[str, Options]]:
    """Each field of the index with the method and the options that add it."""
    return {field.name: FIELD_OPTIONS[field.kind] for field in fields.FIELDS}


def build_schema() -> tantivy.Schema:
    """The schema of a new index."""
    builder = tantivy.SchemaBuilder()
    for name, (method, options) in schema_definition().items():
        getattr(builder, method)(name, **options)
    return builder.build()
