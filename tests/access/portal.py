from tests.access import PUBLIC, SIGNED_IN

ACCESS = {
    "home": PUBLIC,
    "my": SIGNED_IN,
    "search": SIGNED_IN,
    "help": PUBLIC,
    "privacy": PUBLIC,
    "livez": PUBLIC,
    "readyz": PUBLIC.answers(200, 503),
    "metrics": PUBLIC.answers(404),  # only with a token
}
