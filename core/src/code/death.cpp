#include "death.h"

#include <array>
#include <csignal>
#include <cstdint>

#if defined(__APPLE__)
#include <sys/ucontext.h>
#else
#include <ucontext.h>
#endif

namespace {

struct Watched {
    int number;
    const char* name;
    struct sigaction before = {};
};

std::array<Watched, 4> watched = {{
    {SIGSEGV, "SIGSEGV"},
    {SIGBUS, "SIGBUS"},
    {SIGILL, "SIGILL"},
    {SIGFPE, "SIGFPE"},
}};
void (*listener)(const pyjit::Death&) = nullptr;

const void* placeOf(void* context) {
    const auto& machine = static_cast<ucontext_t*>(context)->uc_mcontext;
#if defined(__APPLE__) && defined(__aarch64__)
    return reinterpret_cast<const void*>(__darwin_arm_thread_state64_get_pc(machine->__ss));
#elif defined(__APPLE__)
    return reinterpret_cast<const void*>(machine->__ss.__rip);
#elif defined(__aarch64__)
    return reinterpret_cast<const void*>(machine.pc);
#else
    return reinterpret_cast<const void*>(machine.gregs[REG_RIP]);
#endif
}

// Returns to the instruction, which then kills the process, or calls whoever listened before.
void dies(int number, siginfo_t* info, void* context) {
    const bool sent = info->si_code <= 0;  // by somebody; it does not come by itself
    for (Watched& each : watched) {
        if (each.number != number) continue;
        sigaction(number, &each.before, nullptr);
        each.before = {};  // the system's, when that one gives the signal back to us
        if (sent || listener == nullptr) continue;
        void (*tell)(const pyjit::Death&) = listener;
        listener = nullptr;
        tell({each.name, placeOf(context), info->si_addr});
    }
    if (sent) raise(number);
}

}  // namespace

void pyjit::watchDeath(void (*tell)(const Death&)) {
    if (tell == nullptr && listener == nullptr) return;
    struct sigaction ours = {}, now = {};
    ours.sa_sigaction = dies;
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&ours.sa_mask);
    for (Watched& each : watched) {
        sigaction(each.number, nullptr, &now);
        const bool installed = (now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == dies;
        if (tell == nullptr && installed) sigaction(each.number, &each.before, nullptr);
        if (tell != nullptr && !installed) sigaction(each.number, &ours, &each.before);
    }
    listener = tell;
}
