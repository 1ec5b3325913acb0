"""`guitai up`: the whole installation on one machine, until Ctrl-C."""

import argparse
import os
import socket
import sys
import time

from guitai import __version__
from guitai.kit.environment import Environment
from guitai.site import installation, ports, processes, surroundings
from guitai.site.installation import Installation
from guitai.site.postgres import Cluster
from guitai.site.refusals import StartRefused
from guitai.site.supervisor import Supervisor, alone


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-seed", action="store_true", help="in the demo: do not add the cast")
    parser.epilog = (
        "Data, keys and logs are kept in GUITAI_HOME (./var). The second start is quick, and any crash is "
        "cleared up by the next start. Demo and development also start the sandbox on the next port."
    )


def run(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("GUITAI_MODE", "development")
    environment = surroundings.checked()
    installation.checked_web_processes()
    run_folder = environment.home / "run"
    with alone(run_folder):
        for name in processes.clear_remains(run_folder):
            _say(f"ended {name}, which an earlier start had left")
        with ports.listening() as web_socket:
            return _serve(environment, web_socket, seed=environment.mode == "demo" and not arguments.no_seed)


def _serve(environment: Environment, web_socket: socket.socket, *, seed: bool) -> int:
    started = time.monotonic()
    plan = Installation(environment, web_socket)
    if plan.with_sandbox:
        ports.check_free(environment.port + 1, "the sandbox")
    _say(f"Guitai {__version__}, {environment.mode} mode, data in {environment.home}")
    with surroundings.database() as cluster:
        _prepare(plan)
        installation.clean_metrics(environment.home)
        if plan.with_sandbox:
            installation.make_exchange(plan.variables())
        # In a demo the terminal is for the person in front of it; elsewhere it is where logs are collected.
        logs = environment.home / "log" if environment.mode == "demo" else None
        if logs:
            logs.mkdir(exist_ok=True)
        with Supervisor(plan.programs(), environment.home / "run", logs, _say, _watch(cluster)) as supervisor:
            if supervisor.until_ready():
                _say(f"ready after {time.monotonic() - started:.1f} s")
                _show_addresses(plan, logs is not None)
                if not seed or _seed(plan, supervisor):
                    print("\n  Ctrl-C stops everything.\n", flush=True)
                    while supervisor.step():
                        pass
            _say("stopping")
    _say("stopped")
    return 0


def _prepare(plan: Installation) -> None:
    _say("preparing the database" + ("" if (plan.environment.home / "static").exists() else " (first start)"))
    process = processes.spawn(plan.command("migrate").argv, plan.variables())
    try:
        code = process.wait()
    except BaseException:
        processes.end([process], 5)
        raise
    if code != 0:
        raise StartRefused(f"the database could not be brought up to date (exit code {code}); see above.")


def _watch(cluster: Cluster | None):  # type: ignore[no-untyped-def]  # a step for the supervisor
    def step() -> None:
        if cluster is not None and cluster.ensure_running():
            _say("the database had died and was started again")

    return step


def _seed(plan: Installation, supervisor: Supervisor) -> bool:
    print("\n  The cast (on the first start its members are signing up just now)", flush=True)
    code = supervisor.run(plan.command("seed"))
    if code:
        _say(f"the cast could not be completed (exit code {code}, see above); `guitai seed` tries again")
    return code is not None


def _show_addresses(plan: Installation, logs_apart: bool) -> None:
    home = plan.environment.home
    print(f"\n  Wallet    {plan.environment.public_url}/")
    print(f"  Desk      {plan.environment.public_url}/desk/")
    if plan.with_sandbox:
        print(f"  Sandbox   {plan.sandbox_url}/   the bank and the phones of the outside world")
        print(f"  Outbox    {plan.environment.public_url}/dev/outbox   every SMS and mail")
    if logs_apart:
        print(f"  Logs      {home / 'log'}")
    sys.stdout.flush()


def _say(words: str) -> None:
    print(f"guitai: {words}", file=sys.stderr, flush=True)
