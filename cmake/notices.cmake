# Writes the licence notices of what ships into one file: `cmake -DOUT=file -DALCOVE_IMGUI_DIR=dir -P cmake/notices.cmake`
#
# The texts are those that came with what was built on, so they are right for the versions that were used.
cmake_minimum_required(VERSION 3.25)
foreach(required OUT ALCOVE_IMGUI_DIR)
  if(NOT ${required})
    message(FATAL_ERROR "notices.cmake: -D${required}=... is missing")
  endif()
endforeach()

file(READ "${CMAKE_CURRENT_LIST_DIR}/../LICENSE" own)
set(text "Alcove\n\n${own}")

# notice(NAME FILE): the text, or where to find it on a system that keeps it elsewhere.
function(notice name path)
  string(REPEAT "-" 80 line)
  if(EXISTS "${path}")
    file(READ "${path}" licence)
  else()
    message(WARNING "notices.cmake: ${path} is missing: add the licence of ${name} before shipping")
    set(licence "Its licence is with its source.\n")
  endif()
  set(text "${text}\n${line}\n${name}\n\n${licence}" PARENT_SCOPE)
endfunction()

# In the faces. libc++ and compiler-rt ask for no notice in object form (Apache-2.0 with the LLVM exception).
notice("Dear ImGui" "${ALCOVE_IMGUI_DIR}/LICENSE.txt")
notice("jsmn" "/usr/share/doc/libjsmn-dev/copyright")
find_program(emcc emcc)
if(emcc)
  file(REAL_PATH "${emcc}" emcc)
  cmake_path(GET emcc PARENT_PATH emscripten)
  notice("musl, the C library of the faces" "${emscripten}/system/lib/libc/musl/COPYRIGHT")
endif()
string(REPEAT "-" 80 line)
string(REGEX REPLACE "^.*(Permission is hereby granted)" "\\1" mit "${own}")
string(APPEND text "\n${line}\nEmscripten, the runtime of the faces\n\nCopyright (c) 2010 and later, the Emscripten authors\n\n${mit}")

# In the server.
notice("nlohmann/json" "/usr/share/doc/nlohmann-json3-dev/copyright")
notice("cpp-httplib" "/usr/share/doc/libcpp-httplib-dev/copyright")
notice("Abseil" "/usr/share/doc/libabsl-dev/copyright")
notice("LevelDB" "/usr/share/doc/libleveldb-dev/copyright")
notice("gperftools" "/usr/share/doc/libgoogle-perftools-dev/copyright")
notice("Argon2" "/usr/share/doc/libargon2-dev/copyright")
notice("OpenSSL" "/usr/share/doc/libssl-dev/copyright")
notice("Brotli" "/usr/share/doc/libbrotli-dev/copyright")

file(WRITE "${OUT}" "${text}")
