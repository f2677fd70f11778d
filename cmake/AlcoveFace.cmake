# alcove_face(NAME SOURCES file... LIBRARIES library...): NAME.js and NAME.wasm, a program for the browser.
#
# The program is fetched by the page (web/boot.js) and handed over as Module.wasm; NAME.js is closed over and small.
# What each choice saves was measured; the largest are -Oz, no printf, no font and MINIMAL_RUNTIME with Closure.

set(ALCOVE_FACE_LINK_OPTIONS
  -sENVIRONMENT=web -sFILESYSTEM=0 -sMALLOC=emmalloc -sALLOW_MEMORY_GROWTH=1 -sMINIMAL_RUNTIME=1
  -sEXPORTED_FUNCTIONS=_main,_malloc,_free --closure 1
  # Binaryen once more, over flat code: what takes up to 6 of its instructions is put where it is called, loops and branches
  # are built anew. Saves 2.8 KB of the customer's face, and calls.
  -sBINARYEN_EXTRA_PASSES=--always-inline-max-function-size=6,--flatten,--rereloop,-Oz,-Oz)

# For tests/bench/face_sizes.py, which wants to know what a function is called.
option(ALCOVE_FACE_NAMES "Keep the names of functions in the faces" OFF)

function(alcove_face name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  alcove_settings(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} alcove_platform)
  get_target_property(libraries alcove_platform ALCOVE_JS_LIBRARIES)
  foreach(library IN LISTS libraries)
    target_link_options(${name} PRIVATE "SHELL:--js-library ${library}")
  endforeach()
  target_link_options(${name} PRIVATE ${ALCOVE_FACE_LINK_OPTIONS} $<$<BOOL:${ALCOVE_FACE_NAMES}>:--profiling-funcs>)
  set_target_properties(${name} PROPERTIES
    SUFFIX .js
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/faces"
    LINK_DEPENDS "${libraries}"
    # Also for a build that was not started through the preset: Debian keeps Emscripten's own tools where a node of
    # another origin does not look, and the Closure that fits is ours.
    RULE_LAUNCH_LINK "${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs EM_CLOSURE_COMPILER=${PROJECT_SOURCE_DIR}/node_modules/.bin/google-closure-compiler")
endfunction()
