"""Desks that add, correct and withdraw articles through several servers while readers ask: what is cited has to stand.

What a reader may see is fixed before the question is sent: an article whose withdrawal had returned by then is never cited,
nor a revision whose correction had returned.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.serving import PATIENCE_S

_NAMES = "Ada Bram Cleo Dorn Edda Falk Greta Hale Iris Jory Kaia Leif Mira Nils Orla Pell Runa Sven Thea Ulla".split()
_TOWNS = "Fenwick Sarn Tarvia Marsk Hallin Corvo Elmstad Brannock Skarholm Vantry".split()
_OUTLETS = ("Harbour Courier", "Island Gazette", "Fenwick Wire")


@dataclass
class Piece:
    """An article as its desk left it: `texts` are its revisions' bodies; `standing` is the first that may still be cited."""

    id: str
    number: int
    texts: list[str] = field(default_factory=list)
    standing: int = 1
    gone: bool = False

    @property
    def speaker(self) -> str:
        return f"{_NAMES[self.number % len(_NAMES)]} {_TOWNS[self.number // len(_NAMES) % len(_TOWNS)]}er{self.number}"

    @property
    def outlet(self) -> str:
        return _OUTLETS[self.number % len(_OUTLETS)]

    def written(self) -> dict[str, Any]:
        """The next revision, as it is put."""
        cost = 10 * (len(self.texts) + 1) + self.number
        body = (
            f"The council of {_TOWNS[self.number % len(_TOWNS)]} met on Tuesday about the bridge of ward {self.number}.\n\n"
            f"“The bridge of ward {self.number} will cost {cost} million crowns,” said {self.speaker}, the ward's engineer."
        )
        self.texts.append(body)
        published = f"2025-{self.number % 12 + 1:02}-{self.number % 28 + 1:02}T09:00:00Z"
        title = f"Bridge of ward {self.number} divides the council"
        return {"title": title, "body": body, "outlet": self.outlet, "published_at": published, "language": "en"}


class Newsroom:
    """Desks and readers of one library behind several addresses."""

    def __init__(self, urls: Sequence[str], *, seed: int, headers: dict[str, str] | None = None) -> None:
        self.urls, self.seed = list(urls), seed
        self.answers: Counter[str] = Counter()
        self.faults: list[str] = []
        self.done = self.refused = 0
        self._pieces: dict[str, Piece] = {}
        self._headers = headers or {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        # A refusal that somebody expects, while a store is away.
        self.excused: Callable[[httpx.Response | httpx.HTTPError], bool] = lambda reply: False

    def run(self, *, asks: int, desks: int = 2, readers: int = 4) -> None:
        """Until so many questions are answered. What went wrong is in `faults`, what came of the questions in `answers`."""
        left = iter(range(asks))
        with ThreadPoolExecutor(desks + readers) as pool:
            working = [pool.submit(self._desk, n, desks) for n in range(desks)]
            reading = [pool.submit(self._reader, n, left) for n in range(readers)]
            try:
                for each in reading:
                    each.result()
            finally:
                self._over.set()
            for each in working:
                each.result()

    def stop(self) -> None:
        self._over.set()

    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=PATIENCE_S, trust_env=False, headers=self._headers)

    def _send(self, client: httpx.Client, chance: random.Random, method: str, path: str, **request: Any) -> Any:
        """The reply; None where it was refused and may be."""
        try:
            reply = client.request(method, chance.choice(self.urls) + path, **request)
        except httpx.HTTPError as error:
            if not self.excused(error):
                self.faults.append(f"{method} {path}: {error!r}")
            time.sleep(0.05)
            return None
        if reply.is_success:
            self.done += method != "POST"
            return reply
        if self.excused(reply):
            self.refused += 1
        else:
            self.faults.append(f"{method} {path}: {reply.status_code} {reply.text[:300]}")
        time.sleep(0.05)
        return None

    def _desk(self, desk: int, desks: int) -> None:
        chance = random.Random(f"{self.seed} desk {desk}")
        mine: list[Piece] = []
        number = desk
        with self._client() as client:
            while not self._over.is_set():
                step = chance.random()
                standing = [piece for piece in mine if not piece.gone]
                if step < 0.5 or len(standing) < 3:
                    piece = Piece(f"ward-{self.seed}-{number}", number)
                    number += desks
                    if self._put(client, chance, piece):
                        mine.append(piece)
                elif step < 0.75:
                    piece = chance.choice(standing)
                    if self._put(client, chance, piece):
                        with self._lock:
                            piece.standing = len(piece.texts)
                else:
                    self._withdraw(client, chance, chance.choice(standing))

    def _put(self, client: httpx.Client, chance: random.Random, piece: Piece) -> bool:
        fields = piece.written()
        with self._lock:
            self._pieces[piece.id] = piece
        while not self._over.is_set():
            # Again until it is said to be there: a refusal leaves open whether it was recorded.
            if self._send(client, chance, "PUT", f"/v1/articles/{piece.id}", json=fields) is not None:
                return True
        return False

    def _withdraw(self, client: httpx.Client, chance: random.Random, piece: Piece) -> None:
        if self._send(client, chance, "DELETE", f"/v1/articles/{piece.id}") is not None:
            with self._lock:
                piece.gone = True
        else:
            piece.gone = True  # for its desk: whether it was withdrawn is not known, so that it is left alone
            with self._lock:
                self._pieces.pop(piece.id)

    def _reader(self, reader: int, left: Any) -> None:
        chance = random.Random(f"{self.seed} reader {reader}")
        with self._client() as client:
            while not self._over.is_set():
                with self._lock:
                    if next(left, None) is None:
                        return
                    may = {each.id: (each.gone, each.standing) for each in self._pieces.values()}
                    piece = chance.choice(list(self._pieces.values())) if self._pieces else None
                asked: dict[str, Any] = {"question": "What did they say about the bridge?", "include": ["evidence"]}
                if piece is not None:
                    asked["question"] = f"What did {piece.speaker} say about the bridge of ward {piece.number}?"
                    if chance.random() < 0.4:
                        asked["filters"] = {"outlets": [piece.outlet]}
                reply = self._send(client, chance, "POST", "/v1/ask", json=asked)
                if reply is not None:
                    self._check(reply.json(), may)

    def _check(self, answer: dict[str, Any], may: dict[str, tuple[bool, int]]) -> None:
        self.answers["answered" if answer["answered"] else answer["abstention"]["reason"]] += 1
        shown = [(each["article"], each["quote"]) for each in answer["citations"]]
        shown += [(each["article"], each["text"]) for each in answer.get("evidence") or ()]
        for article, words in shown:
            gone, standing = may.get(article["id"], (False, 1))
            if gone:
                self.faults.append(f"withdrawn before it was asked, and shown: {article['id']}")
            if article["revision"] < standing:
                self.faults.append(f"superseded before it was asked, and shown: {article['id']} {article['revision']}")
            with self._lock:
                known = self._pieces.get(article["id"])
                bodies = known.texts if known else [words]
            if not any(words in body for body in bodies):
                self.faults.append(f"words that stand in no revision of {article['id']}: {words!r}")
