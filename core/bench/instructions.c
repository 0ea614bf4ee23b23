/* A plugin of qemu-user that counts the instructions which the emulated program executes.
 *
 * Contract: `-plugin libinstructions.so,counter=PATH` keeps the count, 64 bits in the machine's
 * byte order, at the start of the existing file PATH of at least eight bytes, which is mapped:
 * whoever maps it too, the emulated program first of all, reads the count as it runs. A block
 * counts when it is entered; what an exception cuts off is counted with it. One thread, as ours
 * are.
 *
 * Debian has no package with qemu's header for plugins, so the five names of its interface (version
 * 1, qemu 4.2 to 8.2) that are needed are declared here. Later ones refuse to load it.
 */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t PluginId;
typedef struct qemu_plugin_tb Block;
typedef void (*OnTranslation)(PluginId, Block *);
enum { ADD_U64 = 0 };

extern void qemu_plugin_register_vcpu_tb_trans_cb(PluginId id, OnTranslation callback);
extern size_t qemu_plugin_tb_n_insns(const Block *block);
extern void qemu_plugin_register_vcpu_tb_exec_inline(Block *block, int operation, void *address,
                                                     uint64_t operand);

EXPORT int qemu_plugin_version = 1;

static uint64_t *count;

static void on_translation(PluginId id, Block *block) {
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_inline(block, ADD_U64, count, qemu_plugin_tb_n_insns(block));
}

EXPORT int qemu_plugin_install(PluginId id, const void *info, int argc, char **argv) {
    (void)info;
    if (argc != 1 || strncmp(argv[0], "counter=", 8) != 0) {
        fprintf(stderr, "instructions: expected one argument, counter=PATH\n");
        return 1;
    }
    int file = open(argv[0] + 8, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        perror(argv[0] + 8);
        return 1;
    }
    void *mapped = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) {
        perror(argv[0] + 8);
        return 1;
    }
    count = mapped;
    *count = 0;
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    return 0;
}
