# Target pyjit::asmjit: the emitter of both architectures, as a static library that can be linked
# into a shared object.
#
# Debian's archive is position independent but for one place: on amd64 the logger refers to the
# symbol `stderr` relative to the program counter, which a shared object cannot do for data of libc.
# A copy of the archive with that symbol renamed refers to a hidden pointer of ours instead, which
# asmjit_stderr.c sets to the real one. On arm64 the copy is not needed, and not made.

find_path(ASMJIT_INCLUDE_DIR asmjit/asmjit.h)
find_library(ASMJIT_LIBRARY NAMES libasmjit.a asmjit)
if(NOT ASMJIT_INCLUDE_DIR OR NOT ASMJIT_LIBRARY)
  if(CMAKE_CROSSCOMPILING)
    set(hint "it is missing in the sysroot ${CMAKE_SYSROOT}; make that anew with: python -m pyjit_qemu sysroot --rebuild")
  else()
    set(hint "install it with: apt-get install libasmjit-dev")
  endif()
  message(FATAL_ERROR "pyjit: the library asmjit was not found; ${hint}")
endif()
if(NOT EXISTS "${ASMJIT_INCLUDE_DIR}/asmjit/arm/a64assembler.h" OR NOT EXISTS "${ASMJIT_INCLUDE_DIR}/asmjit/x86/x86assembler.h")
  message(FATAL_ERROR "pyjit: ${ASMJIT_INCLUDE_DIR}/asmjit has no header for one of the architectures; "
    "asmjit of December 2022 or later is needed (Debian 12: libasmjit-dev)")
endif()

add_library(pyjit_asmjit INTERFACE)
add_library(pyjit::asmjit ALIAS pyjit_asmjit)
target_compile_definitions(pyjit_asmjit INTERFACE ASMJIT_STATIC)
get_filename_component(asmjit_type "${ASMJIT_LIBRARY}" LAST_EXT)

if(asmjit_type STREQUAL ".a" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  if(NOT CMAKE_OBJCOPY)
    message(FATAL_ERROR "pyjit: objcopy is not there; install it with: apt-get install binutils")
  endif()
  set(asmjit_fixed "${CMAKE_CURRENT_BINARY_DIR}/libasmjit-pic.a")
  add_custom_command(OUTPUT "${asmjit_fixed}"
    COMMAND "${CMAKE_OBJCOPY}" --redefine-sym stderr=pyjit_asmjit_stderr "${ASMJIT_LIBRARY}" "${asmjit_fixed}"
    DEPENDS "${ASMJIT_LIBRARY}"
    COMMENT "Making a copy of ${ASMJIT_LIBRARY} that links into a shared object" VERBATIM)
  add_custom_target(pyjit_asmjit_fixed DEPENDS "${asmjit_fixed}")
  add_library(pyjit_asmjit_stderr OBJECT "${CMAKE_CURRENT_LIST_DIR}/asmjit_stderr.c")
  add_dependencies(pyjit_asmjit pyjit_asmjit_fixed)
  target_link_libraries(pyjit_asmjit INTERFACE "${asmjit_fixed}")
  target_sources(pyjit_asmjit INTERFACE $<TARGET_OBJECTS:pyjit_asmjit_stderr>)
else()
  target_link_libraries(pyjit_asmjit INTERFACE "${ASMJIT_LIBRARY}")
endif()
# Symbols of the archive stay inside the module.
target_link_options(pyjit_asmjit INTERFACE -Wl,--exclude-libs,ALL)
