"""A publisher's back office in Python: mints a license. Given a token, it verifies that one and what it says."""
import json
import os
import sys

import pyseto

secret = pyseto.Key.from_paserk(os.environ["ENTITLE_SECRET"])
# The id of the public key: `to_paserk_id()` would be that of the secret one.
footer = {"kid": secret.to_peer_paserk_id(), "typ": "entitle.license.v1"}


def grant(plan, units, ends, fallback, amounts):
    term = {"starts": "2026-03-01T00:00:00Z", "ends": ends}
    paid = {"term": term, "grace": 30, "suspended": 90, "fallback": fallback, "early": "never"}
    return {"plan": plan, "units": units, "tolerance": "none", "amounts": amounts, "kind": {"paid": paid}}


license = {
    "iss": "fabrikam",  # publisher and offer, as in the catalog
    "aud": "f365",
    "jti": "2a" * 16,  # secrets.token_hex(16), kept for the revisions
    "iat": "2026-02-20T09:30:00Z",  # datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    "revision": 1,
    "licensee": {"tenant": {"id": "contoso", "name": "Contoso Österreich", "country": "AT"}},
    "reference": {"of": "PO-4711"},
    "freshness": "not_asked",
    "anchor": "anywhere",
    "grants": [
        grant(
            "gold",
            {"limited": 5},
            "2027-03-01T00:00:00Z",
            {"before": "2027-03-01T00:00:00Z"},
            [{"quota": "projects", "amount": {"limited": 50}}],
        ),
        grant("bronze", "unlimited", "never", "none", []),
    ],
}

if len(sys.argv) == 1:
    print(pyseto.encode(secret, license, footer).decode())
else:
    token = pyseto.decode(secret, sys.argv[1], deserializer=json)
    if (token.payload, token.footer) != (license, footer):
        sys.exit(f"it has other content: {token.payload} {token.footer}")
