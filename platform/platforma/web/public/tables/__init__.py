"""Tables that people send: template, check, marked copy, and the way to a proposal."""
