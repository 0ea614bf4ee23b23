"""How things are run: one session a job, one a target architecture.

``./dev SESSION`` runs them on a Debian machine with nothing set up; ``nox -s
SESSION`` does the same where nox is there already. All sessions use one
environment, the checkout's ``.venv`` (nox cannot share one of its own, and a
third of a short session would be spent on installing the same packages
again); it is also what an editor finds.

What is specific to a target architecture (sysroot, cross-build, emulator) is
in ``qemu/pyjit_qemu``; what a campaign does is in ``pyjit-fuzz``. This file
only puts them in order.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "tests"]

ROOT = Path(__file__).parent.resolve()
ENVIRONMENT = ROOT / ".venv"
INTERPRETER = "/usr/bin/python3.11"
SETUP_BROKEN = 2
"""Exit code of the toolkit's commands when it is the machine that is at fault."""
PROCESSES = str(min(os.cpu_count() or 1, 8))


# A campaign session ends after these seconds in any case, building not counted. An emulated
# interpreter is some ten times slower, so it gets fewer programs.
CAMPAIGN_SECONDS = 480
CAMPAIGN_PROGRAMS = {"x86_64": 4000, "aarch64": 500}
# What has begun by then is finished.
NIGHTLY_SECONDS = 4 * 3600
# What began longer ago than that is of no one commit to the morning's reader.
DAYS_SEARCHED = 30
# jit-space takes a third of the time more; a short campaign has none to spare.
NIGHTLY_PROFILES = ("jit", "jit-eager", "jit-space")


def run(
    session: nox.Session,
    command: str,
    *arguments: str,
    success_codes: tuple[int, ...] = (0,),
    **environment: str,
) -> None:
    """Run a command of the shared environment."""
    path = f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"
    session.run(
        str(ENVIRONMENT / "bin" / command),
        *arguments,
        env={"PATH": path, **environment},
        external=True,
        success_codes=success_codes,
    )


def run_ours(session: nox.Session, command: str, *arguments: str) -> None:
    """Run a command of the toolkit; a broken set-up is this process's exit code too."""
    try:
        run(session, command, *arguments)
    except nox.command.CommandFailed as error:
        if getattr(error, "return_code", None) == SETUP_BROKEN:
            sys.exit(SETUP_BROKEN)
        raise


def prepare(session: nox.Session, *, tools: bool = True, core: bool = True) -> None:
    """Install the toolkit, what it is developed with, and the JIT, unless they are there.

    A campaign needs neither the tools nor an installed JIT, and starts sooner without; the linters
    read the JIT's sources.
    """
    if not (ENVIRONMENT / "bin" / "python").exists():
        session.run(INTERPRETER, "-m", "venv", str(ENVIRONMENT), external=True)
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    project = [ROOT / "pyproject.toml"]
    if tools and is_new("tools", project):
        groups = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "dev")
        run(session, "python", *pip, "-e", ".", *groups)
        remember("tools", project)
        remember("toolkit", project)
    elif is_new("toolkit", project):
        run(session, "python", *pip, "-e", ".")
        remember("toolkit", project)
    sources = core_files()
    if core and is_new("core", sources):
        run(session, "python", *pip, "./core")
        remember("core", sources)


def core_files() -> list[Path]:
    """Return every file that the installed core is made of."""
    folder = ROOT / "core"
    found = [f for f in folder.iterdir() if f.suffix in {".pth", ".py", ".toml", ".txt"}]
    for part in ("src", "cmake", "pyjit_core"):
        found += [f for f in (folder / part).rglob("*") if f.is_file() and f.suffix != ".pyc"]
    return found


def is_new(what: str, files: list[Path]) -> bool:
    """Say whether ``what`` was never installed from ``files`` as they are now."""
    stamp = ENVIRONMENT / f"pyjit-{what}"
    return not stamp.exists() or stamp.read_text() != digest(files)


def remember(what: str, files: list[Path]) -> None:
    """Note that ``what`` is installed from ``files``."""
    (ENVIRONMENT / f"pyjit-{what}").write_text(digest(files))


def digest(files: list[Path]) -> str:
    """Return a hash over the names and contents of ``files``."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(ROOT)}\n".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def build(session: nox.Session, *architectures: str, faults: bool = False) -> None:
    """Build the cores that executors load, before many processes ask for them."""
    chosen = [part for arch in architectures for part in ("--arch", arch)]
    run_ours(session, "python", "-m", "pyjit_qemu", "build", *chosen)
    if faults:
        run_ours(session, "python", "-m", "pyjit_qemu", "build", "--variant", "faults", *chosen)


def run_tests(session: nox.Session, *architectures: str, marker: str = "") -> None:
    """Run the tests that concern ``architectures``."""
    prepare(session)
    build(session, *architectures, faults=True)
    if "x86_64" in architectures:
        command = ("-m", "pyjit_qemu", "build", "--arch", "x86_64", "--variant", "coverage")
        run_ours(session, "python", *command)
    chosen = ("-m", marker) if marker else ()
    # Slow tests stand next to each other: who has none left takes them from who has.
    shared = ("-n", PROCESSES, "--dist", "worksteal")
    run(session, "python", "-m", "pytest", *shared, *chosen, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run every test, natively and under qemu-user. Arguments after -- go to pytest."""
    run_tests(session, "x86_64", "aarch64")


@nox.session(name="tests-x86_64")
def tests_x86_64(session: nox.Session) -> None:
    """Run the tests that need no emulator."""
    run_tests(session, "x86_64", marker="not aarch64")


@nox.session(name="tests-aarch64")
def tests_aarch64(session: nox.Session) -> None:
    """Run the tests of the other architecture, under qemu-user."""
    run_tests(session, "aarch64", marker="aarch64")


def run_campaign(session: nox.Session, *architectures: str, options: tuple[str, ...]) -> None:
    """Run a campaign on all architectures together, print its summary and write its report."""
    prepare(session, tools=False, core=False)
    build(session, *architectures)
    chosen = [part for arch in architectures for part in ("--arch", arch)]
    run_ours(session, "pyjit-fuzz", "run", "--jobs", PROCESSES, *chosen, *options, *session.posargs)


def run_short_campaign(session: nox.Session, *architectures: str) -> None:
    """Run a campaign of some minutes with a seed of its own."""
    options = ["--seconds", str(CAMPAIGN_SECONDS)]
    for arch in architectures:
        options += ["--programs", f"{arch}={CAMPAIGN_PROGRAMS[arch]}"]
    # The seed names the programs and the folder; it is printed, so the campaign can be had again.
    options += ["--seed", str(int(time.time()))]
    run_campaign(session, *architectures, options=tuple(options))


def run_nightly(session: nox.Session, *architectures: str) -> None:
    """Run a long campaign, with as many programs as there is time for."""
    seed = str(int(time.time()))
    place = ("--seed", seed, "--output", f"campaigns/nightly-{seed}")
    profiles = [part for name in NIGHTLY_PROFILES for part in ("--profile", name)]
    options = ("--seconds", str(NIGHTLY_SECONDS), *place, *profiles)
    run_campaign(session, *architectures, options=options)


@nox.session
def campaign(session: nox.Session) -> None:
    """Fuzz the JIT for some minutes on both architectures. Arguments after -- go to pyjit-fuzz."""
    run_short_campaign(session, "x86_64", "aarch64")


@nox.session(name="campaign-x86_64")
def campaign_x86_64(session: nox.Session) -> None:
    """Fuzz the JIT natively."""
    run_short_campaign(session, "x86_64")


@nox.session(name="campaign-aarch64")
def campaign_aarch64(session: nox.Session) -> None:
    """Fuzz the JIT under qemu-user."""
    run_short_campaign(session, "aarch64")


@nox.session
def nightly(session: nox.Session) -> None:
    """Fuzz the JIT for hours on both architectures. Arguments after -- go to pyjit-fuzz."""
    run_nightly(session, "x86_64", "aarch64")


@nox.session(name="nightly-x86_64")
def nightly_x86_64(session: nox.Session) -> None:
    """Fuzz the JIT natively for hours."""
    run_nightly(session, "x86_64")


@nox.session(name="nightly-aarch64")
def nightly_aarch64(session: nox.Session) -> None:
    """Fuzz the JIT under qemu-user for hours."""
    run_nightly(session, "aarch64")


@nox.session
def since(session: nox.Session) -> None:
    """Name the commit with which each bucket of the last nightly campaign began, in its report."""
    nights = sorted(ROOT.glob("campaigns/nightly-*"), key=lambda each: each.stat().st_mtime)
    if not nights:
        session.error("there is no folder campaigns/nightly-*: run the session nightly first")
    prepare(session, tools=False, core=False)
    campaign, good = str(nights[-1]), month_ago(session)
    command = ("bisect", campaign, "--good", good)
    # 1: found one. 2: none can be searched, as when all of them are older than that.
    run(session, "pyjit-fuzz", *command, *session.posargs, success_codes=(0, 1, SETUP_BROKEN))
    run_ours(session, "pyjit-fuzz", "report", campaign)


def month_ago(session: nox.Session) -> str:
    """Return the commit of a month ago, or the first one that there is."""
    for which in (("-1", f"--before={DAYS_SEARCHED} days ago"), ("--max-parents=0",)):
        command = ("git", "-C", str(ROOT), "rev-list", *which, "HEAD")
        found = str(session.run(*command, silent=True, external=True)).split()
        if found:
            return found[-1]
    return "HEAD"


@nox.session
def guided(session: nox.Session) -> None:
    """Fuzz the JIT's compiler by coverage, and judge what it finds. Arguments go to pyjit-fuzz."""
    prepare(session, core=False)
    build(session, "x86_64")
    run_ours(session, "pyjit-fuzz", "guided", "--jobs", PROCESSES, *session.posargs)


@nox.session
def efficacy(session: nox.Session) -> None:
    """Seed faults into the JIT, and measure which are found, and how soon: up to an hour."""
    prepare(session, tools=False, core=False)
    build(session, "x86_64", faults=True)
    run_ours(session, "pyjit-fuzz", "efficacy", *session.posargs)


@nox.session
def triage(session: nox.Session) -> None:
    """Let campaigns find seeded faults, and measure what becomes of the findings."""
    prepare(session, tools=False, core=False)
    build(session, "x86_64", faults=True)
    run_ours(session, "pyjit-fuzz", "triage", *session.posargs)


def run_bed(session: nox.Session, suite: str, *options: str) -> None:
    """Run test suites that nobody here wrote, stock and jitted, and report what differs."""
    prepare(session, tools=False, core=False)
    command = ("-m", "pyjit_testbed", suite, "--jobs", PROCESSES, *options, *session.posargs)
    run_ours(session, "python", *command)


@nox.session(name="cpython-tests")
def cpython_tests(session: nox.Session) -> None:
    """Run CPython's own tests, stock and jitted: hours. Arguments after -- go to pyjit_testbed."""
    run_bed(session, "cpython")


@nox.session(name="package-tests")
def package_tests(session: nox.Session) -> None:
    """Run the tests of well-known packages, stock and jitted."""
    run_bed(session, "packages")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, import direction and the core's rooms; change nothing."""
    prepare(session, core=False)
    parts = [ROOT / "core" / part for part in ("src", "tests", "cmake", "bench")]
    sources = [f for part in parts for f in part.rglob("*") if f.suffix in {".c", ".cpp", ".h"}]
    names = sorted(str(f.relative_to(ROOT)) for f in sources)
    # What to check, and the command that puts most of it right.
    checks = {
        ("ruff", "check", "."): ".venv/bin/ruff check --fix .",
        ("ruff", "format", "--check", "--diff", "."): ".venv/bin/ruff format .",
        ("mypy",): "",
        ("lint-imports",): "",
        ("python", "core/check_rooms.py"): "",
        ("clang-format", "--dry-run", "-Werror", *names): ".venv/bin/clang-format -i FILE…",
    }
    failed = []
    for command, remedy in checks.items():
        try:
            run(session, *command, PYTHONPATH=str(ROOT / "core"))
        except nox.command.CommandFailed:
            failed.append(" ".join(command[:2]))
            failed[-1] += f" (most of it is put right by: {remedy})" if remedy else ""
    if failed:
        session.error("not clean: " + "; ".join(failed))


@nox.session
def debug(session: nox.Session) -> None:
    """Run the corpus under an interpreter that checks assertions and adds up references."""
    prepare(session, tools=False, core=False)
    run_ours(session, "python", "core/checks", "references", *session.posargs)


@nox.session
def sanitizers(session: nox.Session) -> None:
    """Run the corpus over a core built with AddressSanitizer and UBSan."""
    prepare(session, tools=False, core=False)
    run_ours(session, "python", "core/checks", "sanitizers", *session.posargs)


@nox.session
def refusals(session: nox.Session) -> None:
    """Compile the whole standard library and its tests, for both architectures; run nothing."""
    prepare(session, tools=False, core=False)
    run_ours(session, "python", "core/checks", "refusals", "--emulated", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Time jitted code against Debian's interpreter. Arguments after -- go to the benchmark."""
    prepare(session)
    run(session, "python", "core/bench", *session.posargs)
