// PyjitCodeInfo: found through co_extra, made on demand, freed with its code object.
#include "codeinfo.h"

#include "../baseline/machine.h"
#include "../bytecode/cp311/bytecode.h"
#include "../runtime/builtins.h"
#include "../runtime/caches.h"
#include "../runtime/events.h"
#include "budget.h"

#include <map>
#include <string>

using namespace pyjit;

Py_ssize_t pyjit_extra_index = PY_SSIZE_T_MAX;

namespace {

PyjitCodeInfo* all = nullptr;
std::map<std::string, long>& refusals() {
    static std::map<std::string, long> counts;
    return counts;
}

void freeInfo(void* pointer) {
    auto* info = static_cast<PyjitCodeInfo*>(pointer);
    if (info == nullptr) return;
    pyjit_code_died(info);
    forgetCompilation(info);
    *info->prev = info->next;
    if (info->next != nullptr) info->next->prev = info->prev;
    const Py_ssize_t units = Py_SIZE(info->code);
    for (Py_ssize_t i = 0; info->sites != nullptr && i < units; ++i) {
        if (info->sites[i] == nullptr) continue;
        pyjit_site_forget(info->sites[i]);
        CodeMemory::instance().freeData(info->sites[i], sizeof(PyjitSite));
    }
    PyMem_RawFree(info->sites);
    PyMem_RawFree(info->resume);
    freeMachineCode(info);
    CodeMemory::instance().freeData(info, sizeof(PyjitCodeInfo));
}

bool hasLoops(PyCodeObject* code) {
    const _Py_CODEUNIT* units = firstUnit(code);
    for (Py_ssize_t i = 0; i < Py_SIZE(code); ++i) {
        const uint8_t op = pyjit_base_opcode(_Py_OPCODE(units[i]));
        if (opInfo(op).backward) return true;
        i += opInfo(op).caches;
    }
    return false;
}

// Makes slots up to ours only: CPython calls the free function of every slot that a code object
// has, and whoever asked for one after us knows nothing of this code.
int attach(PyCodeObject* code, PyjitCodeInfo* info) {
    if (code->co_extra != nullptr)
        return _PyCode_SetExtra(reinterpret_cast<PyObject*>(code), pyjit_extra_index, info);
    const size_t slots = static_cast<size_t>(pyjit_extra_index) + 1;
    auto* extra = static_cast<PyjitCodeExtra*>(
        PyMem_Calloc(1, offsetof(PyjitCodeExtra, extras) + slots * sizeof(void*)));
    if (extra == nullptr) return -1;
    extra->size = static_cast<Py_ssize_t>(slots);
    extra->extras[pyjit_extra_index] = info;
    code->co_extra = extra;
    return 0;
}

}  // namespace

extern "C" PyjitCodeInfo* pyjit_info_get(PyCodeObject* code) {
    PyjitCodeInfo* info = pyjit_info_peek(code);
    if (info != nullptr) return info;
    info = static_cast<PyjitCodeInfo*>(CodeMemory::instance().allocateData(sizeof(PyjitCodeInfo)));
    if (info == nullptr) return nullptr;
    info->code = code;
    info->direct_entry = pyjit_direct_interpreted;
    info->has_loops = hasLoops(code);
    info->plain_arguments = pyjit_has_plain_parameters(code) ? code->co_argcount : -1;
    info->frame_bytes =
        8 * static_cast<uint32_t>(code->co_nlocalsplus + code->co_stacksize + FRAME_SPECIALS_SIZE);
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    const int set = attach(code, info);
    PyErr_Restore(type, value, traceback);
    if (set < 0) {
        CodeMemory::instance().freeData(info, sizeof(PyjitCodeInfo));
        return nullptr;
    }
    info->next = all;
    info->prev = &all;
    if (all != nullptr) all->prev = &info->next;
    all = info;
    return info;
}

extern "C" PyjitCodeInfo* pyjit_info_all(void) { return all; }

extern "C" void pyjit_outgrown(const PyjitSite* site) {
    PyjitCodeInfo* info = pyjit_info_peek(_PyThreadState_GET()->cframe->current_frame->f_code);
    const bool its = info != nullptr && info->sites != nullptr && site->bci < Py_SIZE(info->code) &&
                     info->sites[site->bci] == site;
    if (!its) return;
    ++pyjit_counters.outgrown;
    info->want_recompile = 1;
}

extern "C" void pyjit_refused(const char* reason) {
    ++pyjit_counters.refused_total;
    ++refusals()[reason];
}

extern "C" PyObject* pyjit_refusals(void) {
    PyObject* dict = PyDict_New();
    if (dict == nullptr) return nullptr;
    for (const auto& [reason, count] : refusals()) {
        PyObject* number = PyLong_FromLong(count);
        if (number == nullptr || PyDict_SetItemString(dict, reason.c_str(), number) < 0) {
            Py_XDECREF(number);
            Py_DECREF(dict);
            return nullptr;
        }
        Py_DECREF(number);
    }
    return dict;
}

extern "C" int pyjit_tier_init(void) {
    if (pyjit_check_opcodes() < 0 || pyjit_builtins_init() < 0 || pyjit_events_init() < 0)
        return -1;
    pyjit_extra_index = _PyEval_RequestCodeExtraIndex(freeInfo);
    if (pyjit_extra_index < 0) {
        pyjit_extra_index = PY_SSIZE_T_MAX;
        PyErr_SetString(PyExc_ImportError, "pyjit-core: no co_extra slot is left");
        return -1;
    }
    return 0;
}
