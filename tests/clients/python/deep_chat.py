"""deep-chat, a chat component for web pages, in headless Chromium; its page and our API behind one origin, as a site has them."""

from __future__ import annotations

import http.client
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from browsing import CHROMIUM
from checking import KEY, QUESTION, UNANSWERABLE, URL, WORDS, check, finish
from playwright.sync_api import Page, sync_playwright

BUNDLE = Path(os.environ["ONRECORD_NODE"]) / "node_modules" / "deep-chat" / "dist" / "deepChat.bundle.js"
PAGE = Path(__file__).with_name("deep_chat.html").read_text().replace("KEY", KEY)


class Site(BaseHTTPRequestHandler):
    """The page and the component; what begins with /v1/ is handed on as it comes."""

    def do_GET(self) -> None:
        kind, body = (
            ("text/javascript", BUNDLE.read_bytes()) if self.path == "/deepChat.js" else ("text/html", PAGE.encode())
        )
        self.send_response(200)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        upstream = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=60)
        body = self.rfile.read(int(self.headers["content-length"]))
        kept = {name: self.headers[name] for name in ("content-type", "authorization", "accept") if self.headers[name]}
        upstream.request("POST", self.path, body, kept)
        reply = upstream.getresponse()
        self.send_response(reply.status)
        self.send_header("content-type", reply.headers["content-type"])
        self.end_headers()
        while piece := reply.read1(65536):
            self.wfile.write(piece)
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def said(page: Page, chat: str, question: str, words: str) -> None:
    """Ask, and wait until a new message has the words, and the component takes the next question."""
    messages = "document.getElementById(chat).getMessages()"
    before = page.evaluate(f"(chat) => {messages}.length", chat)
    page.evaluate("([chat, text]) => {document.getElementById(chat).submitUserMessage({text})}", [chat, question])
    shown = f"([chat, words, n]) => (last => {messages}.length > n + 1 && last.role !== 'user' && last.text.includes(words))"
    page.wait_for_function(f"{shown}({messages}.at(-1))", arg=[chat, words, before], timeout=90_000)
    page.wait_for_timeout(1_000)


site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
threading.Thread(target=site.serve_forever, daemon=True).start()
with sync_playwright() as play:
    browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"http://127.0.0.1:{site.server_port}/")
    page.wait_for_function("!!document.getElementById('direct').submitUserMessage")
    for chat, way in (("direct", "directConnection.openAI, streamed"), ("custom", "connect with interceptors")):
        said(page, chat, QUESTION, WORDS)
        check(f"{way}: the text", True)
        page.wait_for_function(
            "(chat) => document.getElementById(chat).shadowRoot.querySelectorAll('a').length >= 2",
            arg=chat,
            timeout=90_000,
        )
        links = page.evaluate(
            "(chat) => [...document.getElementById(chat).shadowRoot.querySelectorAll('a')].map((a) => [a.textContent, a.href])",
            chat,
        )
        check(
            f"{way}: the marker and the source are links",
            links[0][0] == "[1]" and links[0][1] == links[1][1],
            links[0][1][:60],
        )
        said(page, chat, "And about their positions?", "diametrically opposed")
        check(f"{way}: a follow-up", True)
        said(page, chat, UNANSWERABLE, "Not in these articles.")
        check(f"{way}: an abstention", True)
    page.evaluate("(text) => {document.getElementById('wrong').submitUserMessage({text})}", QUESTION)
    refused = "document.getElementById('wrong').shadowRoot.textContent.includes(\"no model 'gpt-4o' here\")"
    page.wait_for_function(refused, timeout=90_000)
    check("an unknown model: our words are shown", True)
    check("nothing fails in the page", not faults, faults)
    browser.close()
finish()
