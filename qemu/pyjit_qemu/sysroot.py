"""A folder of unpacked Debian arm64 packages: an aarch64 interpreter with headers and libraries.

``apt-get`` resolves, downloads and checks the packages (signature of the
release, hash of each file) with a state folder of its own, so neither the
machine's list of packages nor its configuration changes. The interpreter of
the sysroot is run by ``qemu-aarch64 -L``; the core is cross-built against it.

Invariants: a sysroot appears under its name complete or not at all (it is
made beside it and renamed); its manifest lists every file with its size, so a
damaged one is noticed, and made again.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pyjit_qemu.paths import INTERPRETER, cache_folder, locked
from pyjit_qemu.tools import ToolError, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RELEASE = "bookworm"
TRIPLET = "aarch64-linux-gnu"
_WANTED = ("libasmjit-dev", "libpython3.11-dev", "libstdc++6", "python3.11")
SYSROOTS: Mapping[str, tuple[str, ...]] = {
    "sysroot-aarch64": _WANTED,
    "sysroot-aarch64-debug": (*_WANTED, "python3.11-dbg"),
}
"""Folder's name → what is asked for; apt adds what these depend on (about 50 packages, 28 MB).
Few need the interpreter that checks its assertions (another 30 MB), so it has a folder of its own.
"""

_FORMAT = 1
"""Raised when what is done to the unpacked packages changes."""
_MANIFEST = "pyjit-sysroot.json"
_DEFAULT_MIRROR = {
    RELEASE: "http://deb.debian.org/debian/",
    f"{RELEASE}-updates": "http://deb.debian.org/debian/",
    f"{RELEASE}-security": "http://deb.debian.org/debian-security/",
}
_NETWORK = " from Debian (is the network there?)"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def folder_name(*, debug: bool = False) -> str:
    """Return the name of the sysroot's folder, a key of ``SYSROOTS``."""
    return "sysroot-aarch64-debug" if debug else "sysroot-aarch64"


def ensure_sysroot(
    *, debug: bool = False, rebuild: bool = False, cache: Path | None = None
) -> Path:
    """Return the sysroot's folder; make it if it is not there, damaged, or out of date.

    Takes about half a minute when it has to be made. Safe with several
    processes at once. ``debug``: the one that has the debug interpreter as well.

    Raises:
        SetupError: apt or dpkg is missing, or the packages cannot be had.
    """
    cache = cache or cache_folder()
    folder = cache / folder_name(debug=debug)
    if not rebuild and not problem(folder):
        return folder
    with locked(folder.with_suffix(".lock")):
        # Another process may have made it while this one waited.
        if rebuild or problem(folder):
            _make(folder, _state_folder(folder), fresh=rebuild)
    return folder


def problem(folder: Path) -> str:
    """Say what is wrong with the sysroot in ``folder``; empty: nothing."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return f"there is no sysroot in {folder}"
    except (OSError, ValueError) as error:
        return f"the manifest of the sysroot in {folder} cannot be read: {error}"
    if manifest.get("format") != _FORMAT or manifest.get("wanted") != [*SYSROOTS[folder.name]]:
        return f"the sysroot in {folder} was made for another version of the toolkit"
    for name, size in manifest["files"].items():
        try:
            found = (folder / name).stat().st_size
        except OSError:
            return f"the file {name} is missing in the sysroot {folder}"
        if found != size:
            return f"the file {name} in the sysroot {folder} has {found} bytes instead of {size}"
    return ""


def interpreter(folder: Path, *, debug: bool = False) -> Path:
    """Return the interpreter of the sysroot in ``folder``."""
    return folder / "usr" / "bin" / ("python3.11d" if debug else "python3.11")


def versions(folder: Path) -> dict[str, str]:
    """Return package → version of the sysroot in ``folder``."""
    manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
    return dict(manifest["packages"])


def _state_folder(folder: Path) -> Path:
    """Return where apt keeps its lists and what it downloaded for a sysroot."""
    return folder.with_name(folder.name.replace("sysroot-aarch64", "apt-arm64"))


def _make(folder: Path, state: Path, *, fresh: bool) -> None:
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    packages = {}
    for archive in _download(SYSROOTS[folder.name], state, fresh=fresh):
        name, version, _ = archive.stem.split("_")
        packages[name] = version.replace("%3a", ":")
        run("dpkg-deb", "--extract", str(archive), str(partial), what=f"Unpacking {archive.name}")
    _make_links_relative(partial)
    # Debian compiles the library when a package is installed; the emulator would take minutes.
    library = partial / "usr" / "lib" / "python3.11"
    run(
        *(INTERPRETER, "-m", "compileall", "-q", "-j2", "--invalidation-mode=unchecked-hash"),
        *("-s", str(partial), "-p", str(folder), str(library)),
        what="Compiling the sysroot's standard library",
    )
    manifest = {
        "format": _FORMAT,
        "wanted": list(SYSROOTS[folder.name]),
        "packages": packages,
        "files": _sizes(partial),
    }
    (partial / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    partial.rename(folder)


def _download(wanted: Sequence[str], state: Path, *, fresh: bool) -> list[Path]:
    """Return the archives of ``wanted`` packages and of all they depend on.

    Unless ``fresh`` is asked for, those of the last time do, if apt still
    finds all of them whole; then no network is needed.
    """
    apt = ("apt-get", *_private_apt(state))
    install = ("install", "--yes", "--download-only", "--no-install-recommends", *wanted)
    archives = state / "cache" / "archives"
    if not fresh:
        try:
            run(*apt, "--no-download", *install, what="Looking for downloaded packages")
        except ToolError:
            pass
        else:
            return sorted(archives.glob("*.deb"))
    run(*apt, "update", "--error-on=any", what=f"Reading the list of arm64 packages{_NETWORK}")
    # What is in the folder afterwards is what belongs to the sysroot.
    shutil.rmtree(archives, ignore_errors=True)
    (archives / "partial").mkdir(parents=True)
    run(*apt, *install, what=f"Downloading arm64 packages{_NETWORK}")
    return sorted(archives.glob("*.deb"))


def _private_apt(state: Path) -> list[str]:
    """Set up a state of apt's in ``state``: arm64 only, nothing installed; return its options."""
    for name in ("lists/partial", "cache/archives/partial", "sources"):
        (state / name).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    stanzas = [
        f"Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: main\nSigned-By: {_KEYRING}\n"
        for suite, uri in _mirrors().items()
    ]
    (state / "sources" / "debian.sources").write_text("\n".join(stanzas), "utf-8")
    settings = {
        "APT::Architecture": "arm64",
        "APT::Architectures::": "arm64",
        # Root's apt downloads as another user, who cannot write here.
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Dir::Cache": str(state / "cache"),
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": str(state / "sources"),
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State": str(state),
        "Dir::State::status": str(state / "status"),
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def _mirrors() -> dict[str, str]:
    """Return suite → address: the mirrors of this machine, if it runs the same release."""
    listed = run(
        *("apt-get", "indextargets", "--no-release-info"),
        *("--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"),
        what="Asking apt for the mirrors of this machine",
    )
    found: dict[str, str] = {}
    for line in listed.splitlines():
        suite, component, uri = [*line.split(), "", "", ""][:3]
        if suite in _DEFAULT_MIRROR and component == "main" and uri.startswith("http"):
            found.setdefault(suite, uri)
    return found if found.keys() == _DEFAULT_MIRROR.keys() else _DEFAULT_MIRROR


def _make_links_relative(root: Path) -> None:
    """Make absolute links point into the sysroot instead of into this machine."""
    for parent, folders, files in os.walk(root):
        for name in (*folders, *files):
            link = Path(parent, name)
            if not link.is_symlink():
                continue
            target = link.readlink()
            if target.is_absolute():
                inside = root / target.relative_to("/")
                link.unlink()
                link.symlink_to(os.path.relpath(inside, parent))


def _sizes(root: Path) -> dict[str, int]:
    """Return path → size of every regular file that the emulated interpreter will not rewrite."""
    return {
        str(path.relative_to(root)): path.stat().st_size
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix != ".pyc"
    }
