"""What a browser is asked about passkeys, and whether its answer holds (WebAuthn level 2). The only module that uses py_webauthn.

A passkey belongs to the host of PLATFORMA_BASE_URL, and is used on pages of that very origin alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from platforma.catalogue.people.accounts import Account
from platforma.catalogue.people.passkeys import KnownPasskey, NewPasskey

VERIFIED = UserVerificationRequirement.REQUIRED
"""The device asks for a finger, a face or its own code: the passkey is all that is needed to sign in."""


class BadPasskey(Exception):
    """The answer of a browser is malformed, or does not hold."""


def is_offered(base_url: str) -> bool:
    """Whether browsers make passkeys for this site: it has a name, and is reached by https or on the machine itself."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host) and (parts.scheme == "https" or host == "localhost" or host.endswith(".localhost"))
    return False


def adding_options(
    base_url: str, *, user_handle: bytes, site_name: str, account: Account, known: Sequence[KnownPasskey], challenge: bytes
) -> str:
    """The options with which a browser makes a passkey, as JSON; devices that hold one of the `known` ones make no other.

    `user_handle` says nothing of the person, and is the same each time.
    """
    options = generate_registration_options(
        rp_id=_host(base_url),
        rp_name=site_name,
        user_name=account.email,
        user_id=user_handle,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    return options_to_json(options)


def signing_in_options(base_url: str, challenge: bytes) -> str:
    """The options with which a browser signs in by a passkey that it has for this site, as JSON."""
    return options_to_json(
        generate_authentication_options(rp_id=_host(base_url), challenge=challenge, user_verification=VERIFIED)
    )


def answer_to_adding(answer: str) -> bytes:
    """The challenge for which a browser says that it made a passkey. Raises BadPasskey."""
    with _malformed():
        return _challenge(parse_registration_credential_json(answer).response.client_data_json)


def answer_to_signing_in(answer: str) -> tuple[bytes, bytes]:
    """The challenge that a browser says it signed, and the id of the passkey with which. Raises BadPasskey."""
    with _malformed():
        credential = parse_authentication_credential_json(answer)
        return _challenge(credential.response.client_data_json), credential.raw_id


def new_passkey(base_url: str, answer: str, challenge: bytes) -> NewPasskey:
    """The passkey that an answer holds. Raises BadPasskey where it is not made for this challenge, host and origin."""
    with _malformed():
        verified = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_host(base_url),
            expected_origin=_origin(base_url), require_user_verification=True,
        )  # fmt: skip
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count)


def new_sign_count(base_url: str, answer: str, challenge: bytes, passkey: KnownPasskey) -> int:
    """What the device counts after this use. Raises BadPasskey where the answer is not signed with the passkey for this
    challenge, host and origin."""
    with _malformed():
        verified = verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_host(base_url),
            expected_origin=_origin(base_url), require_user_verification=True,
            credential_public_key=passkey.public_key, credential_current_sign_count=passkey.sign_count,
        )  # fmt: skip
    return verified.new_sign_count


@contextmanager
def _malformed() -> Iterator[None]:
    """Raise BadPasskey for whatever the library raises about what a stranger sent."""
    try:
        yield
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise BadPasskey(str(error)) from error


def _challenge(client_data: bytes) -> bytes:
    return parse_client_data_json(client_data).challenge


def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or ""


def _origin(base_url: str) -> str:
    """The origin of the site's pages as browsers write it: no port where it is the scheme's own."""
    parts = urlsplit(base_url)
    is_usual = parts.port in (None, {"https": 443, "http": 80}.get(parts.scheme))
    return f"{parts.scheme}://{_host(base_url)}" if is_usual else f"{parts.scheme}://{_host(base_url)}:{parts.port}"
