# The toolchain file of whichever Emscripten is installed: Debian's package, or an emsdk whose emcc is in the PATH.
find_program(ALCOVE_EMCC emcc REQUIRED)
file(REAL_PATH "${ALCOVE_EMCC}" emcc_file)
cmake_path(GET emcc_file PARENT_PATH emscripten_root)
# Debian's emcc is a link into ../share/emscripten, where the rest lies beside it.
include("${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")

# A face is loaded by every customer: size before speed, in every target, also the ones that are shared with the server.
# Nothing here throws or asks for types at run time.
set(CMAKE_CXX_FLAGS_RELEASE "-Oz -DNDEBUG -flto -fno-exceptions -fno-rtti -mnontrapping-fptoint -mbulk-memory -msign-ext"
    CACHE STRING "How the faces are compiled")
set(CMAKE_EXE_LINKER_FLAGS_RELEASE "-Oz -flto" CACHE STRING "How the faces are linked")
