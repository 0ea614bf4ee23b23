"""A sysroot is whole or it is made again; making it needs no root and changes no machine."""

import json
import shutil

import pytest

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu import sysroot


@pytest.fixture
def small(tmp_path):
    """Return a complete sysroot of two files."""
    root = tmp_path / "sysroot-aarch64"
    (root / "usr").mkdir(parents=True)
    (root / "usr" / "a").write_text("alpha")
    (root / "usr" / "b").write_text("beta")
    manifest = {
        "format": sysroot._FORMAT,
        "wanted": list(sysroot.SYSROOTS["sysroot-aarch64"]),
        "packages": {"python3.11": "3.11.2-6"},
        "files": sysroot._sizes(root),
    }
    (root / sysroot._MANIFEST).write_text(json.dumps(manifest))
    return root


def test_a_whole_one_has_no_problem(small):
    assert sysroot.problem(small) == ""
    assert sysroot.versions(small) == {"python3.11": "3.11.2-6"}


def test_a_missing_one_is_noticed(tmp_path):
    assert "there is no sysroot" in sysroot.problem(tmp_path / "none")


def test_a_lost_file_is_noticed(small):
    (small / "usr" / "b").unlink()
    assert "usr/b is missing" in sysroot.problem(small)


def test_a_truncated_file_is_noticed(small):
    (small / "usr" / "a").write_text("alp")
    assert "usr/a" in sysroot.problem(small)
    assert "3 bytes instead of 5" in sysroot.problem(small)


def test_a_torn_manifest_is_noticed(small):
    text = (small / sysroot._MANIFEST).read_text()
    (small / sysroot._MANIFEST).write_text(text[: len(text) // 2])
    assert "cannot be read" in sysroot.problem(small)


def test_one_made_for_other_packages_is_out_of_date(small, monkeypatch):
    monkeypatch.setattr(sysroot, "SYSROOTS", {small.name: ("python3.11", "something-new")})
    assert "another version of the toolkit" in sysroot.problem(small)


def test_compiled_files_may_come_and_go(small):
    (small / "usr" / "a.pyc").write_text("x")
    assert sysroot.problem(small) == ""
    assert "usr/a.pyc" not in sysroot._sizes(small)


def test_absolute_links_end_inside_the_sysroot(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "usr" / "lib").mkdir(parents=True)
    (tmp_path / "lib" / "libm.so.6").write_text("m")
    link = tmp_path / "usr" / "lib" / "libm.so"
    link.symlink_to("/lib/libm.so.6")
    sysroot._make_links_relative(tmp_path)
    assert not link.readlink().is_absolute()
    assert link.read_text() == "m"


def test_mirrors_cover_every_suite():
    mirrors = sysroot._mirrors()
    assert set(mirrors) == {"bookworm", "bookworm-updates", "bookworm-security"}
    assert all(uri.startswith("http") for uri in mirrors.values())


def test_apt_works_on_a_state_of_its_own(tmp_path):
    options = sysroot._private_apt(tmp_path)
    settings = dict(part.split("=", 1) for part in options if part != "-o")
    places = [v for name, v in settings.items() if name.startswith(("Dir::Cache", "Dir::State"))]
    assert places
    assert all(place.startswith(str(tmp_path)) for place in places)
    assert settings["APT::Architecture"] == "arm64"
    assert "Signed-By: /usr/share/keyrings" in (tmp_path / "sources/debian.sources").read_text()


def test_no_apt_is_one_clear_message(tmp_path):
    from plumbum import local

    empty = tmp_path / "bin"
    empty.mkdir()
    with local.env(PATH=str(empty)), pytest.raises(SetupError, match="apt-get install apt"):
        sysroot.ensure_sysroot(cache=tmp_path)


def test_a_mirror_that_does_not_answer_is_one_clear_message(tmp_path, monkeypatch):
    nowhere = dict.fromkeys(sysroot._DEFAULT_MIRROR, "http://127.0.0.1:9/debian/")
    monkeypatch.setattr(sysroot, "_mirrors", lambda: nowhere)
    with pytest.raises(SetupError, match="is the network there") as failure:
        sysroot.ensure_sysroot(cache=tmp_path)
    assert "127.0.0.1" in str(failure.value)
    assert not (tmp_path / "sysroot-aarch64").exists()


@pytest.mark.aarch64
def test_a_damaged_sysroot_is_repaired(tmp_path):
    shared = sysroot.ensure_sysroot()
    # With the packages that were downloaded for it, so that no network is needed.
    copy = tmp_path / shared.name
    shutil.copytree(sysroot._state_folder(shared), sysroot._state_folder(copy))
    shutil.copytree(shared, copy, symlinks=True)
    interpreter = sysroot.interpreter(copy)
    interpreter.write_bytes(interpreter.read_bytes()[:1000])
    assert "bytes instead of" in sysroot.problem(copy)
    assert sysroot.ensure_sysroot(cache=tmp_path) == copy
    assert sysroot.problem(copy) == ""
