"""Mail: one message for each ring step, over verified TLS, in plain text. Implements PEO-022.

The subject tells level and call-by. Neither subject nor text holds a position unless the channel is
allowed it. What the server answered to the message is kept: it says queued, never read.
"""

import smtplib
import socket
import ssl
from contextlib import suppress
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from threading import Timer

from crosstell.core.instant import format_instant
from crosstell.shell.people.config import Mail, Tls, secret_of
from crosstell.shell.people.handing import NotTaken, Said, Taken, clipped
from crosstell.shell.people.webhook import tls_context

TOTAL_WAITS = 3  # the whole exchange may take so many times the limit of one answer
_POLICY = policy.SMTP.clone(max_line_length=998)  # as RFC 5322 has it: a subject stays one line
FOOT = (
    "This message acknowledges nothing and reading it changes nothing: take the matter up at the "
    "console or with the crosstell command. It may be late; the record at the node holds."
)


class MailChannel:
    """Sends each message through one server."""

    def __init__(self, config: Mail, folder: Path) -> None:
        """The password is read once. Raises CallerError for one that is missing or open."""
        self._config = config
        self._password = None
        if config.password is not None:
            self._password = secret_of(folder / config.password).decode("utf-8", "replace")
        self._context = tls_context(folder, config.authority)

    @property
    def name(self) -> str:
        """As configured."""
        return self._config.name

    def hand(self, said: Said) -> Taken:
        """The server has it for at least one address; the answer names those that it refused."""
        to = ", ".join(self._config.to)
        try:
            refused, answer = self._send(said)
        except smtplib.SMTPResponseException as error:
            raise NotTaken(
                f"the server answered {error.smtp_code} {clipped(error.smtp_error)}", to=to
            ) from error
        except (smtplib.SMTPException, ssl.SSLError, OSError, ValueError) as error:
            raise NotTaken(
                f"not handed over: {clipped(str(error)) or type(error).__name__}", to=to
            ) from error
        trouble = f"refused: {'; '.join(refused)}" if refused else None
        if not answer:
            raise NotTaken(f"nothing sent; {trouble}", to=to)
        told = answer if trouble is None else f"{answer}; {trouble}"
        return Taken(to=to, answer=told, trouble=trouble)

    def interrupt(self, matter: str) -> None:
        """A message is short; it is left to end by itself."""

    def _send(self, said: Said) -> tuple[list[str], str]:
        """Whom the server refused, and its answer to the message."""
        config = self._config
        wait_s = config.wait_s_max
        if config.tls is Tls.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                config.server, config.port, timeout=wait_s, context=self._context
            )
        else:
            server = smtplib.SMTP(config.server, config.port, timeout=wait_s)
        watch = Timer(wait_s * TOTAL_WAITS, _cut, (server,))
        watch.daemon = True
        watch.start()
        try:
            return self._converse(server, said)
        finally:
            watch.cancel()
            _leave(server)

    def _converse(self, server: smtplib.SMTP, said: Said) -> tuple[list[str], str]:
        config = self._config
        if config.tls is Tls.STARTTLS:
            server.starttls(context=self._context)  # raises where the server offers none
        server.ehlo_or_helo_if_needed()
        if config.user is not None and self._password is not None:
            server.login(config.user, self._password)
        code, text = server.mail(config.sender)
        if code != 250:
            raise smtplib.SMTPResponseException(code, text)
        refused = []
        for address in config.to:
            code, text = server.rcpt(address)
            if code not in (250, 251):
                refused.append(f"{address} ({code} {clipped(text)})")
        if len(refused) == len(config.to):
            return refused, ""
        code, text = server.data(self._written(said).as_bytes())
        answer = f"{code} {clipped(text)}"
        if code != 250:
            raise smtplib.SMTPResponseException(code, text)
        return refused, answer

    def _written(self, said: Said) -> EmailMessage:
        found = EmailMessage(policy=_POLICY)
        found["Subject"] = f"[Crosstell] {said.heading}"
        found["From"] = Address(addr_spec=self._config.sender)
        found["To"] = tuple(Address(addr_spec=address) for address in self._config.to)
        found["Date"] = said.at
        found["Message-ID"] = f"<{said.id}@{self._config.sender.rpartition('@')[2]}>"
        found["Auto-Submitted"] = "auto-generated"
        found.set_content("\n\n".join((said.heading, said.handing.words, *_places(said), FOOT)))
        return found


def _places(said: Said) -> list[str]:
    return [
        f"{one.track}: {one.lat_deg:.5f}, {one.lon_deg:.5f} (WGS-84 degrees, north and east), "
        f"as of {format_instant(one.at)}."
        for one in said.seen
    ]


def _cut(server: smtplib.SMTP) -> None:
    """The connection is closed under whoever waits on it."""
    if server.sock is not None:
        with suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)


def _leave(server: smtplib.SMTP) -> None:
    """The connection is gone; what is already handed over stays so, however the parting goes."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()
