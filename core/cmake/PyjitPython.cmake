# Target pyjit::python: the headers of the interpreter that will load the module, CPython's
# internal ones included. PYJIT_MODULE_SUFFIX: what that interpreter expects module files to end in.
#
# Natively the interpreter is asked. In a cross build it cannot be run cheaply, so the names are
# those that Debian gives it in the sysroot; PYJIT_ABIFLAGS is `d` for the debug interpreter.

set(hint_headers "headers of CPython 3.11 are missing; install them with: apt-get install libpython3.11-dev")

if(CMAKE_CROSSCOMPILING)
  set(python_include "${CMAKE_SYSROOT}/usr/include/python3.11${PYJIT_ABIFLAGS}")
  set(PYJIT_MODULE_SUFFIX ".cpython-311${PYJIT_ABIFLAGS}-${CMAKE_LIBRARY_ARCHITECTURE}.so")
  # patchlevel.h knows the version that the interpreter reports.
else()
  find_package(Python 3.11...<3.12 QUIET COMPONENTS Interpreter)
  if(NOT Python_Interpreter_FOUND)
    message(FATAL_ERROR "pyjit: no CPython 3.11 found (the JIT has to know the interpreter's insides, "
      "so no other version will do); install it with: apt-get install python3.11, or name it: -DPython_EXECUTABLE=…")
  endif()
  execute_process(
    COMMAND "${Python_EXECUTABLE}" -c
      "import sysconfig as s; print(s.get_path('include'), s.get_config_var('EXT_SUFFIX'), sep=';')"
    OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  list(GET answer 0 python_include)
  list(GET answer 1 PYJIT_MODULE_SUFFIX)
endif()

foreach(header Python.h internal/pycore_frame.h)
  if(NOT EXISTS "${python_include}/${header}")
    message(FATAL_ERROR "pyjit: ${python_include}/${header} is not there: ${hint_headers}")
  endif()
endforeach()
message(STATUS "pyjit: Python headers ${python_include}, modules end in ${PYJIT_MODULE_SUFFIX}")

add_library(pyjit::python INTERFACE IMPORTED)
# As system headers: their warnings are not ours to fix.
target_include_directories(pyjit::python SYSTEM INTERFACE "${python_include}")
# Debian's headers for python3.11d are links to those of python3.11, pyconfig.h excepted, and GCC
# would look for that one beside what a link points to.
target_compile_options(pyjit::python INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-fno-canonical-system-headers>)
