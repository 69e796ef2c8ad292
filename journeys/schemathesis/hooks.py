"""Who asks: each case bears the token of the next program. And what was answered, in numbers."""

import atexit
import itertools
import json
import os
import urllib.parse
import urllib.request

import schemathesis


def token(program):
    """Asks the school for a token of a program."""
    form = {"grant_type": "client_credentials", **program}
    asked = urllib.request.Request(
        os.environ["STARBOARD_URL"] + "/api/v1/token",
        data=urllib.parse.urlencode(form).encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)["access_token"]


TOKENS = itertools.cycle([token(program) for program in json.loads(os.environ["STARBOARD_PROGRAMS"])])


@schemathesis.auth(refresh_interval=None)
class Programs:
    """Gives each case a token."""

    def get(self, case, context):
        return next(TOKENS)

    def set(self, case, data, context):
        # The address that gives tokens takes no other.
        if not case.operation.path.endswith("/token"):
            case.headers = case.headers or {}
            case.headers["authorization"] = f"Bearer {data}"


WELL = set()
SLOWED = 0


@schemathesis.hook
def after_call(context, case, response):
    """Counts the routes that answered well, and the answers that asked to slow down."""
    global SLOWED
    if 200 <= response.status_code < 300:
        WELL.add(f"{case.operation.method.upper()} {case.operation.path}")
    # Of false secrets in a row a wait is asked for: that is no slowing down.
    SLOWED += response.status_code == 429 and not case.operation.path.endswith("/token")


def tell():
    """Leaves the counts for who runs this."""
    with open(os.environ["STARBOARD_COUNTS"], "w", encoding="utf-8") as file:
        json.dump({"well": sorted(WELL), "slowed": SLOWED}, file)


atexit.register(tell)
