"""A Ray cluster: one of this machine's own, started for a run and gone after it, or one that is named."""

from __future__ import annotations

import os
import re
import secrets
import signal
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ingest.on_ray.work import code, done
from rag.errors import ClusterError, OnRecordError, SettingsError
from rag.settings import RaySettings

T = TypeVar("T")

HERE = "local"
_ADDRESS = re.compile(r"(?:ray://)?(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")
# The lots under way are a few megabytes; Ray would take a third of the memory.
_STORE_BYTES = 256 * 2**20
# Tries of a task whose worker was lost, and new lives of an actor, before the run is given up. A call to an actor is tried for as
# long as it lives: until Ray takes a node for dead, half a minute after it was last heard, tries are many and in vain.
_RETRIES = 3
_LIVES = 10
_EVERY_TRY = -1

# A cluster of this machine's own listens on the loopback alone, to nobody who has not this process's token.
_OWN = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
}
_ALWAYS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}


class Cluster:
    """Work handed to workers; each call returns at once, with a future that holds the result or an error of ours."""

    def __init__(self, ray: Any, settings: RaySettings) -> None:
        self._ray, self._code = ray, code()
        self.timeout_s = settings.timeout_s
        self._task = ray.remote(done).options(max_retries=_RETRIES, num_cpus=1)

    @property
    def cores(self) -> int:
        """Tasks that can be done at the same time, as of now: nodes come and go."""
        return int(max(1, self._ray.cluster_resources().get("CPU", 1)))

    def submit(self, work: Callable[..., T], *given: object) -> Future[T]:
        return self._future(lambda: self._task.remote(self._code, work, *given))

    def actors(self, kind: type, name: str, settings: RaySettings) -> list[Callable[..., Future[Any]]]:
        """Calls to actors of that kind, spread over the nodes: each takes a method's name and what it is given."""
        gpus = settings.embedder_gpus
        made = self._ray.remote(kind).options(
            # What they compute with is shared with the tasks: an actor that reserved a core would starve a small machine.
            num_cpus=0,
            num_gpus=gpus,
            max_restarts=_LIVES,
            max_task_retries=_EVERY_TRY,
            scheduling_strategy="SPREAD",
        )
        return [self._caller(made.remote(name, self._code)) for _ in range(settings.embedders or self._room(gpus))]

    def _room(self, gpus: float) -> int:
        """An actor for each GPU, or share of one, where they ask for it; else one for each node."""
        if gpus:
            return int(max(1, self._ray.cluster_resources().get("GPU", 0) / gpus))
        return int(max(1, sum(node["Alive"] for node in self._ray.nodes())))

    def _caller(self, actor: Any) -> Callable[..., Future[Any]]:
        return lambda method, *given: self._future(lambda: getattr(actor, method).remote(*given))

    def _future(self, begin: Callable[[], Any]) -> Future[Any]:
        told: Future[Any] = Future()
        # A future that runs cannot be cancelled: the work goes on, and its end is heard of.
        told.set_running_or_notify_cancel()
        try:
            begin().future().add_done_callback(lambda had: _settle(told, had))
        except self._ray.exceptions.RayError as error:
            told.set_exception(_ours(error))
        return told


def _settle(told: Future[Any], had: Future[Any]) -> None:
    error = had.exception()
    if error is None:
        told.set_result(had.result())
    else:
        told.set_exception(_ours(error))


def _ours(error: BaseException) -> BaseException:
    """What the work raised, as it would have been raised here; or that the cluster failed."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, BaseException):
        return cause
    if isinstance(error, OnRecordError):
        return error
    first = str(error).strip().partition("\n")[0][:200]
    return ClusterError(f"the Ray cluster lost its work ({type(error).__name__}: {first}); run the ingest again")


@contextmanager
def cluster(address: str, settings: RaySettings, *, cores: int) -> Iterator[Cluster]:
    """The cluster at `address`; for "local", one of `cores` on this machine that ends with the context.

    Blocks, up to some seconds; for the main thread, where a Ctrl-C ends it.

    Raises:
        SettingsError: ray is not installed, or this is no address.
        ClusterError: it cannot be reached in time, or runs another version of Ray or of Python.
    """
    place = parse(address)
    with _environment(_ALWAYS | (_OWN if address == HERE else {})), ExitStack() as ending:
        ray = _imported()
        if place is not None:
            _knock(ray, address, *place, timeout_s=settings.connect_timeout_s)
        own = _own(cores, ending) if address == HERE else {}
        # Also where it could only be begun: what of it runs is to end.
        ending.callback(ray.shutdown)
        before = signal.getsignal(signal.SIGTERM)
        _begin(ray, address, own)
        if threading.current_thread() is threading.main_thread():
            # Ray's own handler ends the process where it stands.
            signal.signal(signal.SIGTERM, _as_ctrl_c)
            ending.callback(signal.signal, signal.SIGTERM, before)
        yield Cluster(ray, settings)


def _as_ctrl_c(number: int, frame: object) -> None:
    signal.raise_signal(signal.SIGINT)


def parse(address: str) -> tuple[str, int] | None:
    """Host and port; None for a cluster that is found by itself. Raises SettingsError."""
    if address in (HERE, "auto"):
        return None
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise SettingsError(
            f"--ray {address!r} is no address of a cluster: write --ray alone for one on this machine, or auto, HOST:PORT or"
            " ray://HOST:PORT; a SOURCE stands before --ray"
        )
    return found["host"].strip("[]"), int(found["port"])


def _imported() -> Any:
    try:
        import ray
    except ImportError as error:
        raise SettingsError("--ray needs Ray, which is not installed: pip install 'onrecord[ray]'") from error
    # Through its door for clients, articles are messages: it would have fewer and smaller ones.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"ray\.util\.client")
    return ray


def _own(cores: int, ending: ExitStack) -> dict[str, Any]:
    folder = tempfile.TemporaryDirectory(prefix="onrecord-ray-", dir=_short(), ignore_cleanup_errors=True)
    return {
        "num_cpus": cores,
        "object_store_memory": _STORE_BYTES,
        "include_dashboard": False,
        "_node_ip_address": "127.0.0.1",
        "_temp_dir": ending.enter_context(folder),
    }


def _begin(ray: Any, address: str, own: dict[str, Any]) -> None:
    try:
        ray.init(address, configure_logging=False, log_to_driver=False, **own)
    except (RuntimeError, ConnectionError, ValueError, TimeoutError, OSError) as error:
        said = " ".join(str(error).split())[:300]
        if "ersion mismatch" in said or "versions" in said:
            raise ClusterError(
                f"the Ray cluster at {address} and this command are not of one version: {said}"
            ) from error
        if address == HERE:
            raise ClusterError(f"Ray cannot be started on this machine: {said}") from error
        raise ClusterError(f"no Ray cluster answers at {address}: {said}") from error


def _knock(ray: Any, address: str, host: str, port: int, *, timeout_s: float) -> None:
    """Ray itself would try for minutes, or for ever."""
    import grpc

    if not address.startswith("ray://") and host in ("127.0.0.1", "localhost", "::1"):
        # What Ray makes of it.
        host = ray.util.get_node_ip_address()
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    with grpc.insecure_channel(place, options=[("grpc.enable_http_proxy", 0)]) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout_s)
        except grpc.FutureTimeoutError as error:
            raise ClusterError(
                f"no Ray cluster answers at {address} within {timeout_s:g} s: is it started (`ray start --head`), and may"
                f" {place} be reached from here?"
            ) from error


def _short() -> str | None:
    """Sockets lie in Ray's folder, and their paths may have 107 letters: a long TMPDIR would leave too few."""
    return "/tmp" if Path("/tmp").is_dir() else None  # noqa: S108 - the folder within is nobody else's


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Ray's processes, and its native part, take these from the environment and from nowhere else."""
    added = {name: value for name, value in values.items() if name in _OWN or name not in os.environ}
    before = {name: os.environ[name] for name in added if name in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
        os.environ.update(before)
