# The toolchain file of whichever Emscripten is installed: Debian's package, or an emsdk whose emcc is in the PATH.
find_program(ALCOVE_EMCC emcc REQUIRED)
file(REAL_PATH "${ALCOVE_EMCC}" emcc_file)
cmake_path(GET emcc_file PARENT_PATH emscripten_root)
# Debian's emcc is a link into ../share/emscripten, where the rest lies beside it.
include("${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
