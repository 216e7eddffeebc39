"""People of users.toml, and where their passwords are kept. That file holds none."""

TECH_ADMIN_USERNAME = "stackadmin"
TECH_ADMIN_EMAIL = "stackadmin@home.local"


def user_id(user):
    """The id written for a person, else the first word of the name in lower case."""
    return user.get("id") or user["name"].split()[0].lower()


def get_admin_password(secrets):
    """`secrets` is a dict by full name, or anything with `get(scope, name)`."""
    return _read(secrets, "ADMIN_PASSWORD")


def get_user_password(secrets, user):
    """`user` is a person of users.toml, or an id. The two may come in either order."""
    if isinstance(secrets, str) or _is_person(secrets):
        secrets, user = user, secrets
    name = user if isinstance(user, str) else user_id(user)
    return _read(secrets, f"USER_{name.upper()}_PASSWORD")


def _is_person(value):
    return isinstance(value, dict) and "name" in value


def _read(secrets, name):
    if isinstance(secrets, dict):
        return secrets.get(f"global__{name}")
    return secrets.get("global", name)
