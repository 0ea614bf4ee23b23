#include "perf_map.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "../config.h"

namespace {

enum { kUnused, kInUse, kGivenUp } state = kUnused;

using Path = char[48];

void mapPath(Path& path, pid_t pid) {
    snprintf(path, sizeof(path), "/tmp/perf-%ld.map", static_cast<long>(pid));
}

bool writeAll(int fd, const char* bytes, size_t size) {
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes += written;
        size -= static_cast<size_t>(written);
    }
    return true;
}

// O_NOFOLLOW and the check of the owner: /tmp is everybody's, and the name can be guessed.
int openMap(pid_t pid) {
    Path path;
    mapPath(path, pid);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat info;
    if (fd >= 0 && (fstat(fd, &info) != 0 || info.st_uid != geteuid())) {
        close(fd);
        errno = EPERM;
        fd = -1;
    }
    return fd;
}

void copyLines(int to, pid_t from) {
    Path path;
    mapPath(path, from);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return;
    char block[4096];
    for (ssize_t n; (n = read(fd, block, sizeof(block))) > 0;)
        if (!writeAll(to, block, static_cast<size_t>(n))) break;
    close(fd);
}

// Compiled code came along with the fork, so its names must, even if the child never compiles.
// Only functions that are safe after a fork of a threaded process.
void afterForkInChild() {
    if (state != kInUse) return;
    int fd = openMap(getpid());
    if (fd < 0) return;
    copyLines(fd, getppid());
    close(fd);
}

// Opened anew each time: a program that closes every descriptor would leave us with the number of
// one of its own files.
bool append(const std::string& line) {
    int fd = openMap(getpid());
    if (fd < 0) return false;
    bool written = writeAll(fd, line.data(), line.size());
    close(fd);
    return written;
}

}  // namespace

void pyjit_perf_map_add(const char* name, const void* addr, size_t size) {
    if (!pyjit_config.perf_map || state == kGivenUp) return;
    if (state == kUnused && pthread_atfork(nullptr, nullptr, afterForkInChild) == 0) state = kInUse;
    char numbers[48];
    snprintf(numbers, sizeof(numbers), "%lx %zx ", reinterpret_cast<unsigned long>(addr), size);
    std::string line = numbers;
    // A name may hold anything (code.replace(co_qualname=...)); a line is a line.
    for (const char* c = name; *c != '\0'; c++)
        line += static_cast<unsigned char>(*c) < ' ' ? '?' : *c;
    line += '\n';
    if (append(line)) return;
    fprintf(stderr, "pyjit: cannot write /tmp/perf-%ld.map: %s; it stays incomplete\n",
            static_cast<long>(getpid()), strerror(errno));
    state = kGivenUp;
}
