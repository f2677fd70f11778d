# What the server and its tests build on: packages of Debian, found as they are installed.
find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(leveldb REQUIRED)
# Debian's target names snappy, whose development package it does not bring and
# which nobody needs to link: the shared library has it.
set_property(TARGET leveldb::leveldb PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads)
find_package(nlohmann_json REQUIRED)
if(ALCOVE_TESTS)
  find_package(GTest REQUIRED)
endif()
find_package(PkgConfig REQUIRED)
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(ARGON2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(TLS REQUIRED IMPORTED_TARGET libssl)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(BROTLIENC REQUIRED IMPORTED_TARGET libbrotlienc)

# What runs for weeks, with what one thread made freed by another, as each commit is: the C library's own allocator took a
# quarter of the server's time. Sanitizers bring theirs.
option(ALCOVE_TCMALLOC "Link the server with gperftools' allocator" OFF)
if(ALCOVE_TCMALLOC)
  pkg_check_modules(TCMALLOC REQUIRED IMPORTED_TARGET libtcmalloc_minimal)
endif()
