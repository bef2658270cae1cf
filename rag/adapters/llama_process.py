"""llama.cpp's own server in a process of its own, which ends with the process that started it, however that ends.

Run as a file by local_chat.py: the first line of standard input is the configuration, the one line on standard output
says where it listens. The key comes by that pipe too, since arguments and environment can be read by others. The pipe
stays open as long as the parent lives; the kernel closes it also after kill -9. While the file is loaded no thread of
Python's runs, so that Linux is asked to end us with our parent besides.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from typing import Any

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def main() -> None:
    config: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != config["parent"]:
            return  # it died before we asked
    reply = os.dup(1)
    os.dup2(2, 1)  # the library writes where it likes, and ours is the parent's protocol
    threading.Thread(target=_end_with_parent, daemon=True).start()
    server = _serve(config)
    os.write(reply, (json.dumps({"url": server.listening_address}) + "\n").encode())
    os.close(reply)
    threading.Event().wait()


def _end_with_parent() -> None:
    while sys.stdin.buffer.read(4096):
        continue
    os._exit(0)  # the server's threads would keep the process, and it has nothing to save


def _serve(config: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = config["file"]
    params.n_ctx, params.n_parallel = config["context_tokens"], 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config["threads"]
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [config["key"]]
    params.ui = params.endpoint_slots = params.endpoint_props = params.warmup = False
    params.offline, params.verbosity = True, 1
    # Prompts read before are kept to read the next one faster, by default in up to 8 GiB.
    params.cache_ram_mib = 512
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
