"""The core is built once for its sources, and a build that cannot be made says why."""

import os
import subprocess
import threading

import pytest

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu import build
from pyjit_qemu.build import build_core
from pyjit_qemu.command import interpreter_command

SHOW = "from pyjit_core import native as n; print(n.arch, n.faults, n.code_bytes, n.build_id)"


def loaded(arch, folder):
    """Load a built core into the interpreter of ``arch``; return what it says of itself."""
    answer = subprocess.run(
        [*interpreter_command(arch), "-c", SHOW],
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split()


def test_it_builds_loads_and_is_reused(tiny_core, tmp_path):
    first = build_core("x86_64", core=tiny_core, cache=tmp_path)
    assert first.parent == tmp_path / "core-x86_64"
    # One byte of `ret` for x86_64, four for aarch64.
    assert loaded("x86_64", first)[:3] == ["x86_64", "0", "104"]
    made = (first / "pyjit_core").stat().st_mtime_ns
    assert build_core("x86_64", core=tiny_core, cache=tmp_path) == first
    assert (first / "pyjit_core").stat().st_mtime_ns == made


def test_an_edit_gives_another_build_and_another_build_id(tiny_core, tmp_path):
    first = build_core("x86_64", core=tiny_core, cache=tmp_path)
    source = tiny_core / "src" / "module.c"
    source.write_text(source.read_text() + "/* edited */\n")
    second = build_core("x86_64", core=tiny_core, cache=tmp_path)
    assert second != first
    assert first.is_dir(), "a campaign may still run the earlier build"
    assert loaded("x86_64", first)[3] != loaded("x86_64", second)[3]


def test_planted_faults_are_a_build_of_their_own(tiny_core, tmp_path):
    plain = build_core("x86_64", core=tiny_core, cache=tmp_path)
    faulty = build_core("x86_64", variant="faults", core=tiny_core, cache=tmp_path)
    assert faulty.parent.name == "core-x86_64-faults"
    assert loaded("x86_64", faulty)[1] == "1"
    assert loaded("x86_64", faulty)[3] != loaded("x86_64", plain)[3]


def test_builders_at_the_same_time_make_one_build(tiny_core, tmp_path, monkeypatch):
    made = []
    original = build._build
    monkeypatch.setattr(build, "_build", lambda *a, **k: (made.append(1), original(*a, **k)))
    results = []
    threads = [
        threading.Thread(
            target=lambda: results.append(build_core("x86_64", core=tiny_core, cache=tmp_path))
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(set(results)) == 1
    assert len(results) == 3


def test_a_moved_checkout_is_configured_anew(tiny_core, tmp_path):
    build_core("x86_64", core=tiny_core, cache=tmp_path)
    moved = tiny_core.parent.with_name("moved")
    tiny_core.parent.rename(moved)
    (moved / "core" / "src" / "empty.c").write_text("typedef int something;\n")
    folder = build_core("x86_64", core=moved / "core", cache=tmp_path)
    assert loaded("x86_64", folder)[0] == "x86_64"


def test_old_builds_are_pruned(tmp_path):
    for number in range(build._KEPT + 3):
        (tmp_path / f"{number}").mkdir()
        os.utime(tmp_path / f"{number}", (number, number))
    build._prune(tmp_path)
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {str(n) for n in range(3, build._KEPT + 3)}


def test_a_compile_error_is_shown_with_its_place(tiny_core, tmp_path):
    (tiny_core / "src" / "broken.c").write_text("int broken(void) { return nonsense; }\n")
    with pytest.raises(SetupError) as failure:
        build_core("x86_64", core=tiny_core, cache=tmp_path)
    text = str(failure.value)
    assert "does not compile" in text
    assert "broken.c:1" in text
    assert "cmake --build" in text
    assert not any((tmp_path / "core-x86_64").glob("*"))


def test_a_warning_is_an_error(tiny_core, tmp_path):
    (tiny_core / "src" / "careless.c").write_text("static int unused;\nint used;\n")
    with pytest.raises(SetupError, match="unused"):
        build_core("x86_64", core=tiny_core, cache=tmp_path)


def test_an_unknown_architecture_is_refused(tiny_core, tmp_path):
    with pytest.raises(SetupError, match=r"'riscv64'.*x86_64, aarch64"):
        build_core("riscv64", core=tiny_core, cache=tmp_path)


@pytest.mark.parametrize(
    ("there", "package"),
    [
        (("cmake", "g++", "gcc", "objcopy"), "ninja-build"),
        (("cmake", "ninja", "objcopy"), "g++"),
        (("ninja", "g++", "gcc", "objcopy"), "cmake"),
    ],
)
def test_a_missing_tool_is_named_with_its_package(tiny_core, tmp_path, path_of, there, package):
    with (
        path_of(*there),
        pytest.raises(SetupError, match=rf"apt-get install {package.replace('+', '.')}$"),
    ):
        build_core("x86_64", core=tiny_core, cache=tmp_path)


def test_missing_headers_are_named_with_their_package(tiny_core, tmp_path):
    script = tiny_core / "cmake" / "PyjitPython.cmake"
    script.write_text(script.read_text().replace("internal/pycore_frame.h", "internal/none.h"))
    with pytest.raises(SetupError) as failure:
        build_core("x86_64", core=tiny_core, cache=tmp_path)
    assert str(failure.value) == (
        "The core cannot be built: /usr/include/python3.11/internal/none.h is not there: "
        "headers of CPython 3.11 are missing; install them with: apt-get install libpython3.11-dev"
    )


@pytest.mark.aarch64
def test_a_missing_cross_compiler_is_named_with_its_package(tiny_core, tmp_path, path_of):
    from pyjit_qemu.sysroot import ensure_sysroot

    (tmp_path / "sysroot-aarch64").symlink_to(ensure_sysroot())
    with (
        path_of("cmake", "ninja", "g++", "gcc"),
        pytest.raises(SetupError, match=r"apt-get install g\+\+-aarch64-linux-gnu"),
    ):
        build_core("aarch64", core=tiny_core, cache=tmp_path)


@pytest.mark.aarch64
def test_it_cross_builds_and_loads_in_the_emulated_interpreter(tiny_core, tmp_path):
    from pyjit_qemu.sysroot import ensure_sysroot

    (tmp_path / "sysroot-aarch64").symlink_to(ensure_sysroot())
    folder = build_core("aarch64", core=tiny_core, cache=tmp_path)
    assert loaded("aarch64", folder)[:3] == ["aarch64", "0", "104"]
    (library,) = (folder / "pyjit_core").glob("_native*")
    assert library.name == "_native.cpython-311-aarch64-linux-gnu.so"
