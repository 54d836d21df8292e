"""A webhook: JSON, signed and timed, posted to a system of the party's own. Implements PEO-021.

No redirect is followed, no proxy of the environment is used, the whole exchange has one time
limit, and of the answer the beginning is kept.
"""

import asyncio
import ssl
from pathlib import Path

import httpx

from crosstell.core.errors import CallerError
from crosstell.shell.people.config import Webhook, secret_of
from crosstell.shell.people.handing import NotTaken, Said, Taken, clipped
from crosstell.shell.people.message import message
from crosstell.shell.people.signature import HEADER, SECRET_LENGTH_MIN, signed

DELIVERY = "Crosstell-Delivery"


class WebhookChannel:
    """Posts each message to one address."""

    def __init__(self, config: Webhook, folder: Path) -> None:
        """The secret is read once. Raises CallerError for one that is missing or open to others."""
        self._config = config
        is_tls = config.url.startswith("https")
        self._secret = secret_of(folder / config.secret, length_min=SECRET_LENGTH_MIN)
        self._context = tls_context(folder, config.authority) if is_tls else False

    @property
    def name(self) -> str:
        """As configured."""
        return self._config.name

    def hand(self, said: Said) -> Taken:
        """The address answered with 2xx."""
        url = self._config.url
        try:
            status, answer = self._told(said)
        except TimeoutError as late:
            raise NotTaken(f"no answer within {self._config.wait_s_max:g} s", to=url) from late
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise NotTaken(
                f"not reached: {clipped(str(error)) or type(error).__name__}", to=url
            ) from error
        told = f"{status} {clipped(answer)}".strip()
        if not 200 <= status < 300:
            raise NotTaken(f"answered {told}; only 2xx means taken", to=url)
        return Taken(to=url, answer=told)

    def interrupt(self, matter: str) -> None:
        """A post is short; it is left to end by itself."""

    def _told(self, said: Said) -> tuple[int, bytes]:
        """What was answered in time. Unlike `asyncio.run` it waits for no name service: whatever
        thread still asks one is left behind. Implements RUN-565.
        """
        loop = asyncio.new_event_loop()
        try:
            found = loop.run_until_complete(self._within(said))
            loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            loop.close()
        return found

    async def _within(self, said: Said) -> tuple[int, bytes]:
        return await asyncio.wait_for(self._post(said), timeout=self._config.wait_s_max)

    async def _post(self, said: Said) -> tuple[int, bytes]:
        body = message(said)
        headers = {
            "Content-Type": "application/json",
            HEADER: signed(body, self._secret, said.at),
            DELIVERY: said.id,
        }
        async with (
            httpx.AsyncClient(verify=self._context, trust_env=False) as client,
            client.stream("POST", self._config.url, content=body, headers=headers) as answer,
        ):
            async for chunk in answer.aiter_raw():
                return answer.status_code, chunk  # the beginning is enough
            return answer.status_code, b""


def tls_context(folder: Path, authority: str | None) -> ssl.SSLContext:
    """A context that verifies name and chain, by the party's own authority where one is named."""
    try:
        return ssl.create_default_context(cafile=None if authority is None else folder / authority)
    except (OSError, ssl.SSLError) as error:
        raise CallerError(
            f"{authority}: no certificates can be read ({error}); name a PEM file"
        ) from error
