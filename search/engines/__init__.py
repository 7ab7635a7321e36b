"""The engines behind search.port, and the relaxation that both share. Only here may an engine's library be imported."""
