"""Open WebUI, served and used in headless Chromium: the model onrecord-sources, its text and the sources under it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from sys import executable

from browsing import CHROMIUM, free_port, wait_for
from checking import KEY, QUESTION, URL, WORDS, check, finish
from playwright.sync_api import sync_playwright

# No account, no model of its own, nothing fetched: one connection, to us.
SETTINGS = {
    "WEBUI_AUTH": "false", "OPENAI_API_BASE_URLS": f"{URL}/v1", "OPENAI_API_KEYS": KEY, "ENABLE_OLLAMA_API": "false",
    "RAG_EMBEDDING_ENGINE": "openai", "OFFLINE_MODE": "true", "HF_HUB_OFFLINE": "1", "WEBUI_SECRET_KEY": "for this run",
    "ENABLE_TITLE_GENERATION": "false", "ENABLE_TAGS_GENERATION": "false", "ENABLE_FOLLOW_UP_GENERATION": "false",
    "ENABLE_VERSION_UPDATE_CHECK": "false", "ANONYMIZED_TELEMETRY": "false", "SCARF_NO_ANALYTICS": "true",
}  # fmt: skip


port = free_port()
site = f"http://127.0.0.1:{port}"
with tempfile.TemporaryDirectory() as folder:
    line = [str(Path(executable).with_name("open-webui")), "serve", "--host", "127.0.0.1", "--port", str(port)]
    env = os.environ | SETTINGS | {"DATA_DIR": folder}
    process = subprocess.Popen(line, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"{site}/health", process)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(locale="en-US")
            page.goto(f"{site}/?models=onrecord-sources")
            page.locator("#chat-input").wait_for(timeout=90_000)
            page.keyboard.press("Escape")  # what is new in this version
            page.locator("#chat-input").click()
            page.keyboard.type(QUESTION)
            page.keyboard.press("Enter")
            page.get_by_text(WORDS).last.wait_for(timeout=60_000)
            check("the text is streamed into the chat", True)
            toggle = page.get_by_text("1 Source", exact=True)
            toggle.wait_for(timeout=30_000)
            check("there is one source, not two", toggle.count() == 1)
            toggle.click()
            name = "Kremlin says a summit can only seal a finished peace deal"
            page.get_by_text(name).last.click(timeout=15_000)
            page.get_by_text("the experts will have worked out by then").last.wait_for(timeout=15_000)
            check("the source opens the quoted words", True)
            browser.close()
    finally:
        process.terminate()
        process.wait(30)
finish()
