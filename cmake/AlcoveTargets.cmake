# alcove_library() and alcove_test(): our warnings, stated once.

# Binaries lie in one place of every build folder: build/release/bin/alcove.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

# A second build folder, or a second checkout, costs little where ccache is installed.
find_program(ALCOVE_CCACHE ccache)
if(ALCOVE_CCACHE AND NOT EMSCRIPTEN AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what it asks for to know precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${ALCOVE_CCACHE}")
endif()

set(ALCOVE_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT EMSCRIPTEN)
  # It blames us for what GCC 12's own std::stable_partition() calls.
  list(APPEND ALCOVE_WARNINGS -Wthread-safety -Wno-deprecated-declarations)
endif()
# GCC 12 that optimises sees the text inside an empty std::optional<std::string> used, where it is not.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND (NOT CMAKE_BUILD_TYPE STREQUAL "Debug" OR CMAKE_CXX_FLAGS MATCHES "-fsanitize"))
  list(APPEND ALCOVE_WARNINGS -Wno-maybe-uninitialized)
endif()

# Settings of every target of ours.
function(alcove_settings target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_compile_options(${target} PRIVATE ${ALCOVE_WARNINGS})
endfunction()

# A program that is the server, or is measured as it: with the allocator that the server has.
function(alcove_use_allocator target)
  if(ALCOVE_TCMALLOC)
    # It is called by the C library's names alone, so that a linker might leave it out.
    target_link_options(${target} PRIVATE -Wl,--no-as-needed)
    target_link_libraries(${target} PRIVATE PkgConfig::TCMALLOC)
  endif()
endfunction()

# What nearly every source includes, compiled once a build folder: a third of the time to compile the others. Only where
# the presets say so: who compiles without it sees that each source includes what it uses.
option(ALCOVE_PRELUDE "Precompile the headers that most sources include" OFF)

set(ALCOVE_PRELUDE_HEADERS
  <algorithm> <array> <atomic> <chrono> <cstdint> <functional> <map> <memory> <optional> <set> <span> <string>
  <string_view> <thread> <unordered_map> <utility> <variant> <vector>)
set(ALCOVE_PRELUDE_ABSL
  <absl/status/status.h> <absl/status/statusor.h> <absl/strings/str_cat.h> <absl/time/clock.h> <absl/time/time.h>)

# alcove_use_prelude(TARGET PRELUDE OPTIONS option... LIBRARIES library... HEADERS header...): has the target read
# PRELUDE, which is made of these headers where it is not yet. All who read one have the same options.
function(alcove_use_prelude target prelude)
  if(NOT ALCOVE_PRELUDE)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "OPTIONS;LIBRARIES;HEADERS" ${ARGN})
  if(NOT TARGET ${prelude})
    set(source "${PROJECT_BINARY_DIR}/${prelude}.cc")
    file(CONFIGURE OUTPUT "${source}" CONTENT "// It has its headers alone.\n")
    add_library(${prelude} OBJECT "${source}")
    alcove_settings(${prelude})
    target_compile_options(${prelude} PRIVATE ${ARG_OPTIONS})
    target_link_libraries(${prelude} PRIVATE ${ARG_LIBRARIES})
    target_precompile_headers(${prelude} PRIVATE ${ARG_HEADERS})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${prelude})
endfunction()

# alcove_library(NAME SOURCES file... [PUBLIC library...] [PRIVATE library...])
function(alcove_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  alcove_settings(${name})
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  alcove_use_prelude(${name} alcove_prelude HEADERS ${ALCOVE_PRELUDE_HEADERS} ${ALCOVE_PRELUDE_ABSL})
endfunction()

# Sources that name things of their own as others of their target do: where a preset compiles or reads several sources
# at once, these are alone.
function(alcove_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# Options of test sources alone. Under the sanitizers they are the longest to compile, and what is tested is not in them.
set(ALCOVE_TEST_OPTIONS "" CACHE STRING "Compiler options of the tests' own sources")

# To begin a process for each case takes longer under a sanitizer than most cases do. A few parts, so that they run side
# by side; each ends with the first error that a sanitizer finds.
set(ALCOVE_TEST_SHARDS "" CACHE STRING "In how many parts CTest knows each binary of tests; empty: case by case")

# alcove_unnotified(NAME FILTER): runs some cases of a test once more, with PostgreSQL's notifications cut off.
function(alcove_unnotified name filter)
  add_test(NAME ${name}_unnotified COMMAND ${name} "--gtest_filter=${filter}")
  set_tests_properties(${name}_unnotified PROPERTIES
    LABELS unit TIMEOUT 300 ENVIRONMENT ALCOVE_TEST_NOTIFICATIONS=off)
endfunction()

# alcove_test(NAME SOURCES file... LIBRARIES library... [TOGETHER pattern] [PRELUDE header]): one binary of GoogleTest
# cases, known to CTest case by case (or in ALCOVE_TEST_SHARDS parts), but for those that match the pattern, which are one
# test; "*": all are. PRELUDE is what all its sources include, where that is large and they are many.
function(alcove_test name)
  cmake_parse_arguments(ARG "" "TOGETHER;PRELUDE" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  alcove_settings(${name})
  target_compile_options(${name} PRIVATE ${ALCOVE_TEST_OPTIONS})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
  set(prelude alcove_test_prelude)
  if(ARG_PRELUDE)
    set(prelude ${name}_prelude)
    set(ARG_PRELUDE "${PROJECT_SOURCE_DIR}/${ARG_PRELUDE}")
  endif()
  alcove_use_prelude(${name} ${prelude} OPTIONS ${ALCOVE_TEST_OPTIONS} LIBRARIES GTest::gmock HEADERS
    <gmock/gmock.h> <gtest/gtest.h> ${ALCOVE_PRELUDE_HEADERS} ${ALCOVE_PRELUDE_ABSL} ${ARG_PRELUDE})
  include(GoogleTest)
  set(apart "*")
  if(ARG_TOGETHER)
    set(apart "-${ARG_TOGETHER}")
    add_test(NAME ${name} COMMAND ${name} "--gtest_filter=${ARG_TOGETHER}")
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 300)
  endif()
  if(ARG_TOGETHER STREQUAL "*")
    return()
  endif()
  if(ALCOVE_TEST_SHARDS)
    foreach(shard RANGE 1 ${ALCOVE_TEST_SHARDS})
      math(EXPR index "${shard} - 1")
      add_test(NAME ${name}.${shard} COMMAND ${name} "--gtest_filter=${apart}")
      set_tests_properties(${name}.${shard} PROPERTIES LABELS unit TIMEOUT 600
        ENVIRONMENT "GTEST_TOTAL_SHARDS=${ALCOVE_TEST_SHARDS};GTEST_SHARD_INDEX=${index}")
    endforeach()
  else()
    gtest_discover_tests(${name} TEST_FILTER "${apart}" DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endfunction()
