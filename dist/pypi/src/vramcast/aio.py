"""The same functions for asyncio: ``await vramcast.aio.fit(model="llama-3.1-8b", gpu="l4")``."""

from vramcast._calls import async_function
from vramcast._tables import OPERATIONS

for _name in OPERATIONS:
    globals()[_name] = async_function(_name)

__all__ = list(OPERATIONS)
