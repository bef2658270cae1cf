"""Chainlit: the app beside this file, served, and used in headless Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from browsing import CHROMIUM, free_port, wait_for
from checking import QUESTION, UNANSWERABLE, WORDS, check, finish
from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as NotShownError


def said(page: Page, question: str, words: str) -> None:
    for _ in range(10):  # what is sent before the socket is open is lost
        page.locator("#chat-input").click()
        page.keyboard.type(question)
        page.keyboard.press("Enter")
        try:
            page.get_by_text(question, exact=True).last.wait_for(timeout=10_000)
            break
        except NotShownError:
            page.locator("#chat-input").fill("")
    page.get_by_text(words).last.wait_for(timeout=90_000)


port = free_port()
with tempfile.TemporaryDirectory() as folder:
    app = shutil.copy(Path(__file__).with_name("chainlit_app.py"), folder)
    line = [sys.executable, "-m", "chainlit", "run", str(app), "--headless", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        line,
        cwd=folder,
        env=os.environ | {"CHAINLIT_APP_ROOT": folder},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(locale="en-US")
            page.goto(f"http://127.0.0.1:{port}/")
            page.locator("#chat-input").wait_for(timeout=60_000)
            said(page, QUESTION, WORDS)
            check("the text is streamed into the chat", True)
            marker = page.get_by_text("[1]", exact=True).last
            marker.click(timeout=90_000)
            page.get_by_text("the experts will have worked out by then").last.wait_for(timeout=90_000)
            check("the marker opens the cited words", page.get_by_text("meridian-wire.example").count() > 0)
            said(page, "And about their positions?", "diametrically opposed")
            check("a follow-up is understood", True)
            said(page, UNANSWERABLE, "Not in these articles.")
            check("an abstention", True)
            said(page, "wrong model: who?", "no model 'gpt-9' here")
            check("an unknown model: our words are shown", True)
            browser.close()
    finally:
        process.terminate()
        process.wait(20)
finish()
