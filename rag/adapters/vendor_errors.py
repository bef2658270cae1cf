"""Vendors' exceptions in our words: the one place where their trees are read."""

from __future__ import annotations

from rag.errors import ProviderError, ProviderRefusedError, ProviderTimeoutError

_TIMEOUTS = ("Timeout", "Connection", "ConnectError")
_REFUSALS = ("Authentication", "PermissionDenied", "NotFound")


def provider_error(name: str, error: Exception) -> ProviderError:
    """By the class name, since importing every provider's tree would import every provider.

    The vendor's message is left out: some echo the key or the text that was sent.
    """
    kind = type(error).__name__
    if any(word in kind for word in _TIMEOUTS):
        return ProviderTimeoutError(f"{name}: no reply ({kind}); is its address right? It is safe to try again")
    if any(word in kind for word in _REFUSALS):
        return ProviderRefusedError(f"{name}: the provider refused ({kind}); check the key and the model's name")
    return ProviderError(f"{name}: the provider failed ({kind})")
