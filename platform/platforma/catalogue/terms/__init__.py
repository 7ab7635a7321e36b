"""The thesaurus, source values without an id of ours, and searches in vain. No listing may be changed here."""
