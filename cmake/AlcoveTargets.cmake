# alcove_library() and alcove_test(): our warnings, stated once.

# Binaries lie in one place of every build folder: build/release/bin/alcove.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

# A second build folder, or a second checkout, costs little where ccache is installed.
find_program(ALCOVE_CCACHE ccache)
if(ALCOVE_CCACHE AND NOT EMSCRIPTEN AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${ALCOVE_CCACHE}")
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

# alcove_library(NAME SOURCES file... [PUBLIC library...] [PRIVATE library...])
function(alcove_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  alcove_settings(${name})
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# Options of test sources alone. Under the sanitizers they are the longest to compile, and what is tested is not in them.
set(ALCOVE_TEST_OPTIONS "" CACHE STRING "Compiler options of the tests' own sources")

# alcove_test(NAME SOURCES file... LIBRARIES library... [TOGETHER pattern]): one binary of GoogleTest cases, known to CTest
# case by case, but for those that match the pattern, which are one test.
function(alcove_test name)
  cmake_parse_arguments(ARG "" "TOGETHER" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  alcove_settings(${name})
  target_compile_options(${name} PRIVATE ${ALCOVE_TEST_OPTIONS})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
  include(GoogleTest)
  set(filter)
  if(ARG_TOGETHER)
    set(filter TEST_FILTER "-${ARG_TOGETHER}")
    add_test(NAME ${name} COMMAND ${name} "--gtest_filter=${ARG_TOGETHER}")
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 300)
  endif()
  gtest_discover_tests(${name} ${filter} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
