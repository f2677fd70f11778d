// How Dear ImGui is built here: the parts that draw, nothing that a face does
// not use. Measured with the flags of the wasm preset: every line is 1 to 16 KB of brotli.
#pragma once

#include <stdio.h>

#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_FILE_FUNCTIONS
#define IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
#define IMGUI_USE_WCHAR32

// No font of ImGui's own: text is drawn by the browser (text.h). There is no
// switch for stb_truetype, but asking for FreeType turns it off; the loader it then
// asks for is ours (imgui_parts.cc) and draws nothing.
#define IMGUI_DISABLE_DEFAULT_FONT
#define IMGUI_ENABLE_FREETYPE

// ImGui formats a few names; printf and scanf would cost 12 KB for them.
#define IMGUI_DISABLE_DEFAULT_FORMAT_FUNCTIONS
#define sscanf(...) 0

#ifdef __EMSCRIPTEN__
#define IM_ASSERT(_EXPR) ((void)0)
#endif
