# Target pyjit::build_info: the folder of the generated header pyjit_build_info.h.
#
# PYJIT_BUILD_ID names what is in the module: a hash over every source, the build files, the
# architecture, the compiler and the options. Findings carry it, so a build that behaves
# differently must have another one. The sources are dependencies of the configure step:
# editing one makes the next build compute the id anew.

set(build_info_dir "${CMAKE_CURRENT_BINARY_DIR}/generated")
file(GLOB_RECURSE hashed CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}"
  src/*.c src/*.cpp src/*.h src/*.hpp src/*.def src/*.inc pyjit_core/*.py pyjit_core/*.pyi
  cmake/*.cmake cmake/*.c cmake/*.in CMakeLists.txt)
list(SORT hashed)
list(FILTER hashed EXCLUDE REGEX "^build/")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${hashed})

set(text "${CMAKE_SYSTEM_PROCESSOR} ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} "
  "${CMAKE_BUILD_TYPE} faults=${PYJIT_FAULTS} sanitizers=${PYJIT_SANITIZERS} ${PYJIT_MODULE_SUFFIX}\n")
foreach(name ${hashed})
  file(SHA256 "${CMAKE_CURRENT_SOURCE_DIR}/${name}" hash)
  string(APPEND text "${hash} ${name}\n")
endforeach()
string(SHA256 PYJIT_BUILD_ID "${text}")
string(SUBSTRING "${PYJIT_BUILD_ID}" 0 16 PYJIT_BUILD_ID)
message(STATUS "pyjit: build id ${PYJIT_BUILD_ID}")

configure_file("${CMAKE_CURRENT_LIST_DIR}/pyjit_build_info.h.in" "${build_info_dir}/pyjit_build_info.h" @ONLY)
add_library(pyjit_build_info INTERFACE)
add_library(pyjit::build_info ALIAS pyjit_build_info)
target_include_directories(pyjit_build_info INTERFACE "${build_info_dir}")
