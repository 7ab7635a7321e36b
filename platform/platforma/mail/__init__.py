"""Mails: their texts, the queue in the database, and delivery by SMTP. No rule on what is listed may stand here."""
