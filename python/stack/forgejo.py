"""A small client for Forgejo's (and Gitea's) API."""

import base64
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request


class ForgejoError(RuntimeError):
    """What Forgejo refused, with its status: `409 Conflict: user already exists`."""

    def __init__(self, status, message):
        super().__init__(f"{status} {message}" if status else message)
        self.status = status
        self.code = status
        self.message = message


class ForgejoClient:
    """Signs in with a token, or with a name and password."""

    def __init__(self, base_url, token=None, username=None, password=None, timeout=15):
        self.base_url = base_url.rstrip("/")
        self.timeout = timeout
        self._authorization = _authorization(token, username, password)

    def version(self):
        return self.get("/version")["version"]

    def user(self):
        return self.get("/user")

    def create_user(self, username, email, password, must_change_password=False, **more):
        body = {"username": username, "email": email, "password": password, "must_change_password": must_change_password}
        return self.post("/admin/users", {**body, **more})

    def list_users(self):
        return self.get("/admin/users")

    def create_token(self, username, name, scopes=("all",)):
        """Needs a name and password. Answers the token's text, which Forgejo shows only once."""
        return self.post(f"/users/{_part(username)}/tokens", {"name": name, "scopes": list(scopes)})["sha1"]

    def delete_token(self, username, name):
        return self.delete(f"/users/{_part(username)}/tokens/{_part(name)}")

    def list_orgs(self):
        return self.get("/orgs")

    def get_org(self, name):
        """None where there is no such organisation."""
        return self._or_none(f"/orgs/{_part(name)}")

    def create_org(self, name, full_name="", description="", visibility="private"):
        words = {"username": name, "full_name": full_name, "description": description, "visibility": visibility}
        return self.post("/orgs", words)

    def list_repos(self, owner=None):
        return self.get(f"/orgs/{_part(owner)}/repos" if owner else "/user/repos")

    def get_repo(self, owner, name):
        """None where there is no such repository."""
        return self._or_none(f"/repos/{_part(owner)}/{_part(name)}")

    def create_repo(self, name, owner=None, description="", private=True, auto_init=True, **more):
        """In the organisation `owner`, else with whoever is signed in."""
        body = {"name": name, "description": description, "private": private, "auto_init": auto_init, **more}
        return self.post(f"/orgs/{_part(owner)}/repos" if owner else "/user/repos", body)

    def delete_repo(self, owner, name):
        return self.delete(f"/repos/{_part(owner)}/{_part(name)}")

    def add_key(self, title, key):
        return self.post("/user/keys", {"title": title, "key": key})

    def get(self, path, **query):
        return self.request("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def post(self, path, body=None):
        return self.request("POST", path, body or {})

    def put(self, path, body=None):
        return self.request("PUT", path, body or {})

    def patch(self, path, body=None):
        return self.request("PATCH", path, body or {})

    def delete(self, path):
        return self.request("DELETE", path)

    def request(self, method, path, body=None):
        """`path` begins after `/api/v1`. Answers the parsed JSON, None for an empty answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", "Content-Type": "application/json", **self._authorization}
        request = urllib.request.Request(f"{self.base_url}/api/v1{path}", data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout, context=_unverified()) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            raise ForgejoError(error.code, _said(error)) from None
        except (urllib.error.URLError, TimeoutError) as error:
            raise ForgejoError(0, f"{self.base_url} cannot be reached: {getattr(error, 'reason', error)}") from None
        return json.loads(text) if text.strip() else None

    def _or_none(self, path):
        try:
            return self.get(path)
        except ForgejoError as error:
            if error.status == 404:
                return None
            raise


def _authorization(token, username, password):
    if token:
        return {"Authorization": f"token {token}"}
    if username:
        words = base64.b64encode(f"{username}:{password or ''}".encode()).decode()
        return {"Authorization": f"Basic {words}"}
    return {}


def _part(text):
    return urllib.parse.quote(str(text), safe="")


def _said(error):
    text = error.read().decode("utf-8", "replace")
    try:
        said = json.loads(text).get("message") or text
    except (ValueError, AttributeError):
        said = text
    return f"{error.reason}: {said.strip()[:500]}" if said.strip() else str(error.reason)


def _unverified():
    """A service at home has a certificate that nobody signed."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
