r"""Odoo's server log.

Sources: odoo/addons/base/models/res_users.py (``_login``, ``_assert_can_auth``), addons/auth_totp. The name stands
left of the address; the last ``from`` is the true one.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import ADDRESS_OR_NAME, Format, Rule
from serjeant.collect.time import iso

_MODULE = r"^odoo\.addons\.[a-z_.]+: "
_FROM = " from (?:" + ADDRESS_OR_NAME + "|n/a)$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="odoo",
    title="Odoo",
    group="apps",
    programs=("odoo", "openerp", "odoo-server"),
    rules=(
        Rule(
            "failed",
            _MODULE + "Login failed for db: ?[^ ]* login: ?(?P<user_name>.*)" + _FROM,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "login",
            _MODULE + "Login successful for db: ?[^ ]* login: ?(?P<user_name>.*)" + _FROM,
            "success",
            constants=_WEB,
        ),
        Rule(
            "limited",
            _MODULE
            + r"Login attempt ignored for (?P<src_ip>[0-9A-Fa-f.:]+) (?:\([^()]*\) )?on [^ ]+: (?P<user_name>).*$",
            "refused",
            "locked",
            constants=_WEB,
        ),
        Rule(
            "factor_failed",
            _MODULE + r"2FA check(?: \([a-z]+\))?: FAIL for (?:<[^>]*>|res\.users\([0-9,]*\)) '?(?P<user_name>.*?)'?$",
            "challenged",
            "mfa",
            constants={"service": "web", "is_mfa": True},
        ),
        Rule("other", r"^(?:odoo|openerp|werkzeug|py\.warnings|longpolling)[a-z_.0-9]*: .*$"),
    ),
    envelopes=(
        Envelope(
            "odoo",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}) [0-9]+ "
            r"(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) [^ ]+ )(?:odoo|openerp|werkzeug)[a-z_.0-9]*: ",
            iso,
            program="odoo",
        ),
    ),
    lacks="It does not tell whether the name exists; a successful sign-in is told before the second factor "
    "is asked for.",
)
