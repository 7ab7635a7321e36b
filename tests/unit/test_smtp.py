"""A connection that ends before the mail is handed over means that the server is unavailable, and nothing worse."""

from __future__ import annotations

import threading
from email.message import EmailMessage

import pytest

from platforma.mail import smtp
from tests.people.inbox import END, scripted


@pytest.mark.parametrize(("step", "error"), [("MAIL", smtp.ServerUnavailable), (END, smtp.OutcomeUnknown)])
def test_where_the_connection_ended_decides_what_is_known_of_the_mail(step: str, error: type[smtp.MailError]) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@a.example", "b@b.example", "x"
    with scripted(step) as server:

        def hang_up() -> None:
            server.wait_until_silent()
            server.hang_up()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(smtp.MailError) as caught:
            smtp.send(server.url, message, to="b@b.example", before_data=lambda: None)
        thread.join()
    assert type(caught.value) is error
