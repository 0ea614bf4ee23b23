#include "usage.h"

#include "memory.h"

size_t pyjit_code_memory_bytes(void) { return pyjit::CodeMemory::instance().codeBytes(); }
size_t pyjit_data_memory_bytes(void) { return pyjit::CodeMemory::instance().dataBytes(); }
void pyjit_code_memory_set_limit(size_t bytes) { pyjit::CodeMemory::instance().setLimit(bytes); }
