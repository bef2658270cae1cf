"""Everything that this package raises on purpose, split by what the caller should do.

OnRecordError
├── InputError                  the request or the record is wrong: change it
│   ├── QuestionError           empty, too long
│   ├── FilterError             unknown filter, a range that ends before it starts
│   ├── ArticleError            no title, no body, a field of the wrong form
│   └── SourceError             a file or a line that cannot be read
├── NotFoundError               no article of that id
├── SettingsError               a setting is out of bounds, unknown, or needs something that is not installed
├── LibraryError                the stores refuse: look at the library
│   ├── LibraryLockedError      another process owns it
│   ├── LibraryMismatchError    made by another embedding or another version
│   └── StorageError            the disk is full, a store is damaged
├── FetchError                  a page or a feed could not be had from the network
│   ├── AddressRefusedError     not an address that may be fetched: a private network, a scheme, a port
│   ├── RobotsRefusedError      the site's robots.txt says no
│   ├── FetchStatusError        the site answered with an error; `status` and `retry_after_s` say which
│   ├── FetchRedirectError      redirects in a loop, or too many
│   ├── FetchTooLargeError      more bytes than the limit
│   ├── FetchTimeoutError       no reply, or not the whole of it, in time: try again later
│   └── UnreachableError        no such host, no connection, or one that broke: try again later
├── ClusterError                a Ray cluster cannot be reached, is of another version, or lost its work
└── ProviderError               an embedding or a chat model failed
    ├── ProviderTimeoutError    no reply in time: safe to try again
    ├── ProviderBusyError       too many requests, or it fails for now; `retry_after_s` where it says how long
    └── ProviderRefusedError    wrong key, no such model: trying again will not help
        ├── ProviderContextError    the prompt is longer than the model can read: send less
        └── ProviderFilteredError   it will not answer this prompt, by its own rules
"""

from __future__ import annotations


class OnRecordError(Exception):
    """The root; its text is written for the person who caused it or has to mend it."""


class InputError(OnRecordError):
    """What was asked or handed in is wrong; the text says what would be right."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class QuestionError(InputError):
    """The question cannot be asked as it stands."""


class FilterError(InputError):
    """A filter is unknown, of the wrong type or contradicts itself."""


class ArticleError(InputError):
    """The article cannot be stored as it stands; `kind` groups the reasons (ingest/sources/record.py lists them)."""

    def __init__(self, message: str, *, field: str | None = None, kind: str = "field") -> None:
        super().__init__(message, field=field)
        self.kind = kind


class SourceError(InputError):
    """A source, or one record of it, cannot be read; the text names the file and the line."""


class NotFoundError(OnRecordError):
    """Nothing is stored under that id."""


class SettingsError(OnRecordError):
    """A setting cannot be followed; the text names it."""


class LibraryError(OnRecordError):
    """The stores cannot do what was asked."""


class LibraryLockedError(LibraryError):
    """Another process owns the library; the text names it."""


class LibraryMismatchError(LibraryError):
    """The library was made by another embedding or by another version of the service."""


class StorageError(LibraryError):
    """A store failed: a full disk, a damaged file. Its text ends with `cause`, the store's own words, where it has any.

    Those may name hosts, folders and statements: they are for who runs the library, and not for who asks it.
    """

    def __init__(self, what: str, *, cause: object = None) -> None:
        super().__init__(what if cause is None else f"{what}: {cause}")
        self.what = what


class FetchError(OnRecordError):
    """An address could not be read; the text names it."""


class AddressRefusedError(FetchError):
    """The address, or one that it leads to, may not be fetched; trying again will not help."""


class RobotsRefusedError(FetchError):
    """The site's robots.txt does not let us read the page."""


class FetchStatusError(FetchError):
    """The site answered with an error; `retry_after_s` is how long it asks us to wait, where it does."""

    def __init__(self, message: str, *, status: int, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s


class FetchRedirectError(FetchError):
    """The redirects go round in a circle, or are too many."""


class FetchTooLargeError(FetchError):
    """The body is larger than the limit; reading it stopped there."""


class FetchTimeoutError(FetchError):
    """No reply, or not the whole of it, in time."""


class UnreachableError(FetchError):
    """No such host, no connection, or one that broke off."""


class ClusterError(OnRecordError):
    """A Ray cluster failed; what was acknowledged stands, and the same ingest may be run again."""


class ProviderError(OnRecordError):
    """An embedding or chat model failed."""


class ProviderTimeoutError(ProviderError):
    """No reply in time; safe to try again."""


class ProviderBusyError(ProviderError):
    """Too many requests, or a failure on its side; `retry_after_s` is how long it asks us to wait, where it does."""

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ProviderRefusedError(ProviderError):
    """The provider refused: a wrong key, no such model; trying again will not help."""


class ProviderContextError(ProviderRefusedError):
    """The prompt and the answer's tokens do not fit the model's context; less evidence would."""


class ProviderFilteredError(ProviderRefusedError):
    """The provider's own rules keep it from answering this prompt."""
