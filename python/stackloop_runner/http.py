"""`ctx.http_get`, `ctx.http_post` and `ctx.http_put`: JSON in and out, for services on this host."""

import io
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT_S = 15
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class HttpError(urllib.error.HTTPError):
    """A status that is not 2xx. Its text begins with the status, and says how the body begins."""

    def __init__(self, url, code, reason, headers, body):
        super().__init__(url, code, reason, headers, io.BytesIO(body))
        self.body = body.decode("utf-8", "replace")

    def __str__(self):
        said = " ".join(self.body.split())[:500]
        return f"{self.code} {self.reason}" + (f": {said}" if said else "")


def http_get(url, headers=None):
    return _request("GET", url, None, None, headers)


def http_post(url, body=None, content_type=None, headers=None):
    """A text is sent form-encoded, anything else as JSON, unless `content_type` or a header says otherwise."""
    return _request("POST", url, body, content_type, headers)


def http_put(url, body=None, content_type=None, headers=None):
    return _request("PUT", url, body, content_type, headers)


def _request(method, url, body, content_type, headers):
    headers = dict(headers or {})
    named = {name.lower(): value for name, value in headers.items()}
    kind = content_type or named.get("content-type") or (FORM if isinstance(body, (str, bytes)) else JSON)
    if body is not None and "content-type" not in named:
        headers["Content-Type"] = kind
    if "accept" not in named:
        headers["Accept"] = JSON
    request = urllib.request.Request(url, data=_encoded(body, kind), headers=headers, method=method)
    try:
        with _opener().open(request, timeout=TIMEOUT_S) as response:
            return _parsed(response.read())
    except urllib.error.HTTPError as error:
        raise HttpError(url, error.code, error.reason, error.headers, error.read()) from None


def _encoded(body, kind):
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    if kind.startswith(FORM):
        return urllib.parse.urlencode(body).encode()
    return json.dumps(body).encode()


def _parsed(raw):
    """What the answer holds as JSON; its text where it is none; None where it is empty."""
    text = raw.decode("utf-8", "replace")
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _opener():
    """Services at home have certificates that nobody signed, and no proxy in between."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
