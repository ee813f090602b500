"""CyberArk Privileged Access: what the Vault's audit log tells of sign-ins, as CEF or JSON by syslog.

Source: CyberArk's "Vault audit action codes" (4, 7, 309) and its translators Arcsight.sample.xsl and elastic.xsl.

The issuer is who signs in, the station where from. Whoever comes through the web console (PVWA) is told with his own
station beside the gateway's.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import bsd, iso

_WEB = {"service": "web"}
_HEAD = r"^CEF:0\x7cCyber-Ark\x7cVault\x7c[^\x7c]*\x7c"
_WHO = (
    r'\x7c[^\x7c]*\x7c[0-9A-Za-z]*\x7cact="?[A-Za-z ]+"? suser="?(?P<user_name>.*[^"]|)"? fname=[^=]* dvc=[^=]* '
    r"shost=(?:(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)|[^ =]*) dhost=.*$"
)
_HOST = r"(?P<host>[^ ]+) )CEF:0\x7cCyber-Ark\x7cVault\x7c"

FORMAT = Format(
    name="cyberark",
    title="CyberArk Privileged Access",
    group="identity",
    programs=("cyberark",),
    rules=(
        Rule("wrong", _HEAD + "4" + _WHO, "failure", "bad_password", None, _WEB),
        Rule("unknown", _HEAD + "309" + _WHO, "failure", "unknown_account", None, _WEB),
        Rule("right", _HEAD + "7" + _WHO, "success", None, None, _WEB),
        Rule("other", _HEAD + r"(?:[1-35689]|[0-9]{2}|[124-9][0-9]{2}|30[0-8]|3[1-9][0-9])\x7c.*$"),
    ),
    envelopes=(
        Envelope(
            "cyberark-syslog",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) " + _HOST,
            bsd,
            program="cyberark",
        ),
        Envelope(
            "cyberark-syslog-iso",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?:1 )?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
            r"(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?) " + _HOST,
            iso,
            program="cyberark",
        ),
        Envelope(
            "cyberark-json",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?:1 )?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
            r'(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?) (?P<host>[^ ]+) )\{"format":"elastic",',
            iso,
            program="cyberark",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "syslog.audit_record.IsoTimestamp",
                "user_name": "syslog.audit_record.Issuer",
                "src_ip": "syslog.audit_record.Station",
                "dst_host": "syslog.audit_record.Hostname",
                "event": "syslog.audit_record.MessageID",
                "vendor": "syslog.audit_record.Vendor",
            },
            cases=(
                Case("json_wrong", {"vendor": "^Cyber-Ark$", "event": "^4$"}, "failure", "bad_password", None, _WEB),
                Case("json_unknown", {"vendor": "^Cyber-Ark$", "event": "^309$"}, "failure", "unknown_account", None,
                     _WEB),
                Case("json_right", {"vendor": "^Cyber-Ark$", "event": "^7$"}, "success", None, None, _WEB),
                Case("json_other", {"vendor": "^Cyber-Ark$", "event": "^[0-9]+$"}),
            ),
            marks=('"audit_record"', '"Cyber-Ark"'),
        ),
    ),
    lacks="It does not say why a sign-in failed, but for a user whom the Vault does not know.",
)  # fmt: skip
