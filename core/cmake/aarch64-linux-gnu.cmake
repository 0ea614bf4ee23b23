# Toolchain: Debian's cross compiler, headers and libraries of the unpacked arm64 packages in
# PYJIT_SYSROOT (made by `python -m pyjit_qemu sysroot`).

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PYJIT_SYSROOT)

if(NOT EXISTS "${PYJIT_SYSROOT}/usr/bin/python3.11")
  message(FATAL_ERROR "pyjit: PYJIT_SYSROOT='${PYJIT_SYSROOT}' is not a sysroot of Debian arm64 packages; "
    "make one with: python -m pyjit_qemu sysroot")
endif()

foreach(pair "C:gcc" "CXX:g++")
  string(REPLACE ":" ";" pair "${pair}")
  list(GET pair 0 lang)
  list(GET pair 1 tool)
  find_program(PYJIT_CROSS_${lang} aarch64-linux-gnu-${tool})
  if(NOT PYJIT_CROSS_${lang})
    message(FATAL_ERROR "pyjit: aarch64-linux-gnu-${tool} is not there; install it with: "
      "apt-get install g++-aarch64-linux-gnu")
  endif()
  set(CMAKE_${lang}_COMPILER "${PYJIT_CROSS_${lang}}")
endforeach()

set(CMAKE_SYSROOT "${PYJIT_SYSROOT}")
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
