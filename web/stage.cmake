# Lays out what the server serves: `cmake -DPROGRAMS=dir -DOUT=dir -DTERSER=path -DALCOVE_IMGUI_DIR=dir [-DNODE=path] -P web/stage.cmake`
#
# PROGRAMS holds the .js and .wasm of customer, console and gallery. Into OUT go the pages and the loader under
# their own names, and under assets/ everything that the pages refer to, named by content: NAME.HASH8.EXT, where a page
# says `assets/NAME.EXT`. Beside each file lie a .br and a .gz. Fails where a face or the loader is over its budget.
cmake_minimum_required(VERSION 3.25)

# Budgets, in bytes after brotli. They are promises of the README: a page that carries the loader must not feel it, and a
# face must open within a second on a slow phone. Raising one is a decision, not a fix.
set(LOADER_BYTES_MAX 4096)
set(CUSTOMER_BYTES_MAX 102400)
set(CONSOLE_BYTES_MAX 184320)

foreach(required PROGRAMS OUT TERSER ALCOVE_IMGUI_DIR)
  if(NOT ${required})
    message(FATAL_ERROR "stage.cmake: -D${required}=... is missing")
  endif()
endforeach()
if(NOT NODE)
  set(NODE node)
endif()
set(SOURCE "${CMAKE_CURRENT_LIST_DIR}")
find_program(BROTLI brotli REQUIRED)
find_program(GZIP gzip REQUIRED)

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(minify from to)
  run(${NODE} "${TERSER}" "${from}" --compress passes=3 --mangle ${ARGN} --output "${to}")
endfunction()

function(compress path)
  run(${BROTLI} -q 11 -f -o "${path}.br" "${path}")
  # -n: no time and name inside, so that the same file gives the same bytes.
  run(${GZIP} -9 -n -k -f "${path}")
endfunction()

# Copies `path` into assets/ under the hash of its content and remembers the new name for the pages.
function(stage_asset path)
  file(SHA256 "${path}" hash)
  string(SUBSTRING ${hash} 0 8 hash)
  cmake_path(GET path STEM LAST_ONLY stem)
  cmake_path(GET path EXTENSION LAST_ONLY extension)
  file(COPY_FILE "${path}" "${STAGED}/assets/${stem}.${hash}${extension}")
  compress("${STAGED}/assets/${stem}.${hash}${extension}")
  set_property(GLOBAL APPEND PROPERTY asset_names "${stem}${extension}")
  set_property(GLOBAL PROPERTY "asset_${stem}${extension}" "${stem}.${hash}${extension}")
endfunction()

function(stage_page path)
  file(READ "${path}" text)
  get_property(names GLOBAL PROPERTY asset_names)
  foreach(name IN LISTS names)
    get_property(hashed GLOBAL PROPERTY "asset_${name}")
    string(REPLACE "assets/${name}\"" "assets/${hashed}\"" text "${text}")
  endforeach()
  cmake_path(GET path FILENAME name)
  file(WRITE "${STAGED}/${name}" "${text}")
  compress("${STAGED}/${name}")
endfunction()

function(check_budget what bytes_max)
  set(bytes 0)
  foreach(path IN LISTS ARGN)
    file(SIZE "${path}.br" size)
    math(EXPR bytes "${bytes} + ${size}")
  endforeach()
  message(STATUS "${what}: ${bytes} of ${bytes_max} bytes (brotli)")
  if(bytes GREATER bytes_max)
    message(FATAL_ERROR "${what} is over its budget: ${bytes} > ${bytes_max} bytes")
  endif()
endfunction()

# Staged beside and moved at the end: a server that starts meanwhile finds the old files or the new, never a half.
set(STAGED "${OUT}.staging")
file(REMOVE_RECURSE "${STAGED}")
file(MAKE_DIRECTORY "${STAGED}/assets")

foreach(face customer console gallery)
  foreach(extension js wasm)
    if(NOT EXISTS "${PROGRAMS}/${face}.${extension}")
      message(FATAL_ERROR "stage.cmake: ${PROGRAMS}/${face}.${extension} is missing; build the wasm preset first")
    endif()
  endforeach()
  # What Closure leaves becomes smaller yet: nothing else runs beside it, so that its own names need not be kept.
  minify("${PROGRAMS}/${face}.js" "${STAGED}/${face}.js" --toplevel)
  file(COPY_FILE "${PROGRAMS}/${face}.wasm" "${STAGED}/${face}.wasm")
  foreach(extension js wasm)
    compress("${STAGED}/${face}.${extension}")
    stage_asset("${STAGED}/${face}.${extension}")
  endforeach()
endforeach()

foreach(script loader.js boot.js demo/demo.js)
  cmake_path(GET script FILENAME name)
  minify("${SOURCE}/${script}" "${STAGED}/${name}")
  if(name STREQUAL "loader.js")
    compress("${STAGED}/loader.js")
  else()
    stage_asset("${STAGED}/${name}")
    file(REMOVE "${STAGED}/${name}")
  endif()
endforeach()
# The server writes the site's configuration over this name: it must have outlived the minifier, once.
file(READ "${STAGED}/loader.js" loader)
string(REGEX MATCHALL "__ALCOVE_CONFIG__" tokens "${loader}")
list(LENGTH tokens token_count)
if(NOT token_count EQUAL 1)
  message(FATAL_ERROR "loader.js must hold __ALCOVE_CONFIG__ once, and holds it ${token_count} times")
endif()

foreach(asset face.css icon.svg demo/demo.css)
  stage_asset("${SOURCE}/${asset}")
endforeach()
file(GLOB words "${SOURCE}/words/*.json")
foreach(asset IN LISTS words)
  stage_asset("${asset}")
endforeach()
foreach(page frame.html console.html demo/demo.html demo/gallery.html)
  stage_page("${SOURCE}/${page}")
endforeach()

# What ships carries the notices of what it is made of.
run("${CMAKE_COMMAND}" "-DOUT=${STAGED}/NOTICES.txt" "-DALCOVE_IMGUI_DIR=${ALCOVE_IMGUI_DIR}" -P "${SOURCE}/../cmake/notices.cmake")
compress("${STAGED}/NOTICES.txt")

check_budget("loader" ${LOADER_BYTES_MAX} "${STAGED}/loader.js")
check_budget("customer face" ${CUSTOMER_BYTES_MAX} "${STAGED}/customer.js" "${STAGED}/customer.wasm")
check_budget("agent console" ${CONSOLE_BYTES_MAX} "${STAGED}/console.js" "${STAGED}/console.wasm")

file(REMOVE_RECURSE "${OUT}")
file(RENAME "${STAGED}" "${OUT}")
