"""The functions, one for each operation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from vramcast._engine import ENGINE, seconds, unwrapped
from vramcast._errors import CallTimeoutError, InputError
from vramcast._question import question, shown
from vramcast._tables import KEYWORDS, OPERATIONS
from vramcast.answers import read_answer

# A plan over a large market takes a few seconds; what takes longer than this hangs.
USUAL_SECONDS = 60.0


def ask(operation: str, job: object, given: dict[str, Any]) -> Any:
    """The answer to a question.

    Raises InputError for what cannot be used, CallTimeoutError, ProcessError.
    """
    limit = seconds(given.pop("timeout", None), USUAL_SECONDS)
    message, used = _message(operation, job, given)
    key, known = ENGINE.recalled(message)
    if known is not None:
        return _answer(known, message)
    try:
        return _answer(ENGINE.keep(key, ENGINE.ask(message, limit)), message)
    except InputError as e:
        raise e.in_words_of(used) from None


async def ask_later(operation: str, job: object, given: dict[str, Any]) -> Any:
    """As ``ask``, without holding up the loop; to cancel it ends the computation."""
    limit = seconds(given.pop("timeout", None), USUAL_SECONDS)
    message, used = _message(operation, job, given)
    key, known = ENGINE.recalled(message)
    if known is not None:
        return _answer(known, message)
    loop = asyncio.get_running_loop()
    # To start a process holds a loop up.
    process, number, answer = await loop.run_in_executor(None, ENGINE.submit, message)
    told = asyncio.wrap_future(answer)
    told.add_done_callback(lambda it: it.cancelled() or it.exception())
    try:
        # Shielded, so that what is given up can still be heard to end.
        found = unwrapped(await asyncio.wait_for(asyncio.shield(told), limit))
        return _answer(ENGINE.keep(key, found), message)
    except (TimeoutError, asyncio.TimeoutError) as e:
        await loop.run_in_executor(None, ENGINE.give_up, process, number, answer)
        raise CallTimeoutError(f"there is no answer within {limit:g} s") from e
    except asyncio.CancelledError:
        process.cancel(number)
        raise
    except InputError as e:
        raise e.in_words_of(used) from None


def _message(operation: str, job: object, given: dict[str, Any]) -> tuple[dict, dict[str, str]]:
    offline = given.pop("offline", False)
    if not isinstance(offline, bool):
        raise InputError.about("offline", shown(offline), "True or False")
    parameters, takes_job = OPERATIONS[operation]
    message, used = question(operation, parameters, KEYWORDS if takes_job else {}, job, given)
    message["hub"] = not offline
    return message, used


def _answer(it: dict[str, Any], message: dict[str, Any]) -> Any:
    answer = read_answer(it)
    object.__setattr__(answer, "_question", message)
    return answer


def function(operation: str) -> Callable[..., Any]:
    """The function of an operation."""
    if operation in ("models", "gpus"):

        def call(search: str | None = None, /, **given: Any) -> Any:
            return ask(operation, None, {"search": search, **given} if search else given)

    elif operation in ("prices", "guide"):

        def call(**given: Any) -> Any:
            return ask(operation, None, given)

    else:

        def call(job: Any = None, /, **given: Any) -> Any:
            return ask(operation, job, given)

    call.__name__ = call.__qualname__ = operation
    return call


def async_function(operation: str) -> Callable[..., Any]:
    """The same for asyncio."""
    if operation in ("models", "gpus"):

        async def call(search: str | None = None, /, **given: Any) -> Any:
            return await ask_later(operation, None, {"search": search, **given} if search else given)

    else:

        async def call(job: Any = None, /, **given: Any) -> Any:
            return await ask_later(operation, job, given)

    call.__name__ = call.__qualname__ = operation
    return call
