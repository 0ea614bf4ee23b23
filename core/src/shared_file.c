/* Memory that is a file; see shared_file.h. */
#include "shared_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

void *pyjit_shared_file(const char *path, size_t size) {
    const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return NULL;
    void *place = MAP_FAILED;
    if (ftruncate(file, (off_t)size) == 0) {
        place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    const int error = errno;
    close(file);
    errno = error;
    return place == MAP_FAILED ? NULL : place;
}
