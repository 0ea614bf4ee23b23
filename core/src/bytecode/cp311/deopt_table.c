/* The interpreter's own table from specialised to base opcodes.
 *
 * In C because g++ refuses the array designators of pycore_opcode.h.
 */
#define NEED_OPCODE_TABLES
#include "../../runtime/compat.h"
#include "internal/pycore_opcode.h"

uint8_t pyjit_base_opcode(uint8_t opcode) { return _PyOpcode_Deopt[opcode]; }
