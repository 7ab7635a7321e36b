"""From what a source publishes to raw records: blocks and cards of pages, schema.org things, JSON objects, workbooks."""
