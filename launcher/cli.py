"""The commands behind the make targets."""

import argparse
import contextlib
import io
import shutil
import sys

from launcher import environment, postgres, preparation, runtime, settings, stamps
from launcher.database import check
from launcher.errors import LauncherError, StopRequested, from_os_error
from launcher.paths import DEMONSTRATION, ROOT, VAR
from launcher.processes import watch_stop_requests
from launcher.serving import Worker, exit_code, gunicorn, listen, log_of, run_in_foreground, serve_until_stopped
from launcher.terminal import say


def main(words):
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks our characters still gets the text
    options = parser().parse_args(words)
    watch_stop_requests()
    try:
        settings.read_dotenv()
        VAR.mkdir(exist_ok=True)
        return exit_code(options.run(options) or 0)
    except StopRequested as stop:
        quietly("\nArrêté.")
        return 0 if options.run in SERVERS else 128 + stop.args[0]
    except LauncherError as error:
        quietly(str(error))
    except OSError as error:
        quietly(str(from_os_error(error)))
    return 1


def quietly(text):
    """Say it on stderr; the terminal may be closed already."""
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


@contextlib.contextmanager
def database(cluster="pg", *, fast=False):
    """The address of the database, and the embedded server if it is the one."""
    given = settings.given_database()
    if given:
        yield given, None
    else:
        with postgres.Server(cluster, fast=fast) as server:
            yield server.url, server


def install(*, dev=False):
    if dev:
        environment.ensure("dev")
    elif settings.given_database():
        environment.ensure("server")
    else:
        postgres.check_possible()
        environment.ensure("local")


def run(_options):
    port = settings.port()
    with listen(port) as listener:
        install()
        with database() as (url, server):
            variables = settings.variables(url, serving_on=port, debug=False)
            preparation.prepare(variables)
            log = log_of("web", port)
            with gunicorn(listener, variables, log) as child, Worker(variables, log_of("worker", port)) as worker:
                say(f"\nLe portail est prêt : http://127.0.0.1:{port} (Ctrl-C pour l’arrêter)")
                if not variables.get("EMAIL_URL"):
                    say(f"Les courriels qu’il écrit se lisent ici : {variables['SITE_URL']}/_courriels/")
                if preparation.is_demonstration(variables):
                    say(stamps.read(DEMONSTRATION).rstrip())
                serve_until_stopped(child, server, worker, log)


def dev(_options):
    port = settings.port()
    listen(port).close()
    install()
    with database() as (url, _server):
        variables = settings.variables(url, serving_on=port, debug=True)
        preparation.prepare(variables, static=False)
        say(f"Le portail, rechargé à chaque modification : http://127.0.0.1:{port} (Ctrl-C pour l’arrêter)")
        command = [environment.PYTHON, "manage.py", "runserver", f"127.0.0.1:{port}"]
        with Worker(variables, log_of("worker", port)) as worker:
            return run_in_foreground(command, variables, watch=worker.keep_alive)


def test(options):
    install(dev=True)
    with database("pg-test", fast=True) as (url, _server):
        variables = settings.variables(url)
        check(variables)
        return run_in_foreground([environment.PYTHON, "-m", "pytest", *options.words], variables)


def shots(options):
    install(dev=True)
    with listen(0) as listener, database() as (url, _server):
        port = listener.getsockname()[1]
        variables = settings.variables(url, serving_on=port, debug=False)
        preparation.prepare(variables)
        script = [environment.PYTHON, "-m", "tests.browser.shots", f"http://127.0.0.1:{port}", *options.words]
        with gunicorn(listener, variables, log_of("web", "shots")):
            return run_in_foreground(script, variables)


def manage(options):
    install()
    with database() as (url, _server):
        command = [environment.PYTHON, "manage.py", *options.words]
        return run_in_foreground(command, settings.variables(url))


def execute(options):
    """Any command, with the tools (`--dev`) and the address of a running database (unless `--no-database`)."""
    install(dev=options.dev)
    if options.no_database:
        return run_in_foreground(options.words, settings.variables(None))
    with database() as (url, _server):
        return run_in_foreground(options.words, settings.variables(url))


def clean(_options):
    if environment.embedded_server_exists_here():
        postgres.stop_all()
    for folder in (ROOT / ".venv", VAR, runtime.outside()):
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
    with contextlib.suppress(OSError):  # another clone's are in it, or it was never made
        runtime.outside().parent.rmdir()


SERVERS = (run, dev)


def parser():
    commands = argparse.ArgumentParser(prog="make", description="Ce que lancent les cibles de make.")
    names = commands.add_subparsers(required=True)
    for name, function in {"run": run, "dev": dev, "clean": clean}.items():
        names.add_parser(name).set_defaults(run=function)
    for name, function in {"test": test, "shots": shots, "manage": manage}.items():
        command = names.add_parser(name, add_help=False, prefix_chars="\0")
        command.add_argument("words", nargs="*")
        command.set_defaults(run=function)
    command = names.add_parser("exec")
    command.add_argument("--dev", action="store_true")
    command.add_argument("--no-database", action="store_true")
    command.add_argument("words", nargs="+")
    command.set_defaults(run=execute)
    return commands
