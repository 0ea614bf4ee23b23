"""What several tests of the room need: small cores to build, and a PATH with chosen tools only."""

import shutil

import pytest
from plumbum import local

from pyjit_qemu.paths import checkout

MODULE = r"""
#include <Python.h>
#include "pyjit_build_info.h"

#ifdef PYJIT_FAULTS
#define FAULTS 1
#else
#define FAULTS 0
#endif

static int
add_constants(PyObject *module)
{
    return PyModule_AddStringConstant(module, "build_id", PYJIT_BUILD_ID)
        || PyModule_AddStringConstant(module, "arch", PYJIT_BUILD_ARCH)
        || PyModule_AddIntConstant(module, "faults", FAULTS)
        || PyModule_AddIntConstant(module, "code_bytes", pyjit_code_bytes());
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "pyjit_core._native", .m_size = -1,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module != NULL && add_constants(module)) {
        Py_CLEAR(module);
    }
    return module;
}
"""

# Uses both back ends of asmjit, so that linking it is tried too.
EMITTER = r"""
#include <asmjit/arm.h>
#include <asmjit/arm/a64assembler.h>
#include <asmjit/x86.h>

extern "C" int pyjit_code_bytes() {
    using namespace asmjit;
    CodeHolder x64, arm64;
    x64.init(Environment(Arch::kX64));
    arm64.init(Environment(Arch::kAArch64));
    x86::Assembler x(&x64);
    x.ret();
    a64::Assembler a(&arm64);
    a.ret(a64::x30);
    return static_cast<int>(x64.codeSize() * 100 + arm64.codeSize());
}
"""


@pytest.fixture
def tiny_core(tmp_path):
    """Return a core with the real build files and three small sources."""
    core = tmp_path / "checkout" / "core"
    for room in ("masm", "autoload"):
        (core / "src" / room).mkdir(parents=True)
    (core / "pyjit_core").mkdir()
    shutil.copy(checkout() / "core" / "CMakeLists.txt", core)
    shutil.copytree(checkout() / "core" / "cmake", core / "cmake")
    (core / "src" / "module.c").write_text("int pyjit_code_bytes(void);\n" + MODULE)
    (core / "src" / "masm" / "emitter.cpp").write_text(EMITTER)
    (core / "src" / "autoload" / "autoload.c").write_text("int pyjit_autoload;\n")
    (core / "pyjit_core" / "__init__.py").write_text("from pyjit_core import _native as native\n")
    return core


@pytest.fixture
def only_on_path(tmp_path):
    """Return a function that makes a folder with links to the given tools, to be all of PATH."""

    def make(*tools):
        folder = tmp_path / "bin"
        folder.mkdir()
        for tool in tools:
            (folder / tool).symlink_to(shutil.which(tool) or pytest.fail(f"{tool} is not here"))
        return str(folder)

    return make


@pytest.fixture
def path_of(only_on_path):
    """Return a function that gives this process a PATH with the given tools only, as a context."""
    return lambda *tools: local.env(PATH=only_on_path(*tools))
