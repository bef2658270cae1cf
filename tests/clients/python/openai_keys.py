"""OpenAI's client for Python where keys are needed: the key goes in as `api_key`, and its own exceptions come out."""

from __future__ import annotations

import os

import openai
from checking import KEY, QUESTION, URL, WORDS, check, finish, raises


def ask(key: str, **more: object) -> object:
    client = openai.OpenAI(base_url=f"{URL}/v1", api_key=key, max_retries=0)
    return client.chat.completions.create(model="onrecord", messages=[{"role": "user", "content": QUESTION}], **more)


check("with a key: the text", WORDS in ask(KEY).choices[0].message.content)
streamed = "".join(chunk.choices[0].delta.content or "" for chunk in ask(KEY, stream=True))
check("with a key: streamed", WORDS in streamed)
raises("a wrong key", openai.AuthenticationError, lambda: ask("wrong"))
raises("a wrong key, streamed", openai.AuthenticationError, lambda: ask("wrong", stream=True))
raises("a key without the scope", openai.PermissionDeniedError, lambda: ask(os.environ["ONRECORD_READ_KEY"]))
finish()
