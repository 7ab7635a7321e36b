"""Discovery: from an address to a proposed recipe with sample records. Adapters must not import it."""
