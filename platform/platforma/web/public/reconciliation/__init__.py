"""Reconciliation: which listing somebody's names mean, by the Reconciliation Service API 0.2 of the W3C Community Group."""
