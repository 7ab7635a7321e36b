"""The API for programs: JSON, errors as RFC 9457 problem details, described by OpenAPI 3.1."""
