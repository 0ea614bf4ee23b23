// What a listing calls the places that generated code jumps to.
#include "machine.h"

#include "../runtime/runtime.h"

#include <dlfcn.h>

namespace pyjit {

namespace {

struct Named {
    const void* address;
    const char* name;
};

// The helpers are not exported, so the dynamic linker does not know them.
const char* helperName(const void* address) {
    static const Named helpers[] = {
#define HELPER(result, name, parameters, effects) \
    {reinterpret_cast<const void*>(pyjit_##name), "pyjit_" #name},
#include "../runtime/helpers.def"
#undef HELPER
    };
    for (const Named& helper : helpers) {
        if (helper.address == address) return helper.name;
    }
    return nullptr;
}

const char* stubName(const void* address) {
    const Stubs* routines = stubs();
    if (routines == nullptr) return nullptr;
    const Named named[] = {
        {routines->dealloc, "dealloc"},
        {routines->leaveDirect, "leave_direct"},
        {routines->leaveGeneral, "leave_general"},
        {routines->resume, "resume"},
        {routines->goOn, "go_on"},
        {routines->raise, "raise"},
    };
    for (const Named& stub : named) {
        if (stub.address == address) return stub.name;
    }
    return nullptr;
}

}  // namespace

const char* targetName(const void* address) {
    if (const char* name = helperName(address)) return name;
    if (const char* name = stubName(address)) return name;
    Dl_info found;
    const bool exact = dladdr(address, &found) != 0 && found.dli_saddr == address;
    return exact ? found.dli_sname : nullptr;
}

}  // namespace pyjit
