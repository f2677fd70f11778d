# ALCOVE_IMGUI_DIR: the unpacked sources of Dear ImGui, which is not in the tree.
#
# cmake/fetch_imgui.sh puts them into the cache folder (./start and ./check call it) and is called here too, so that a
# plain `cmake --preset dev` works; it does nothing when they are there. To use other sources, set the variable.
set(ALCOVE_IMGUI_DIR "" CACHE PATH "Sources of Dear ImGui 1.92.2 or a later 1.92")

if(NOT ALCOVE_IMGUI_DIR OR NOT EXISTS "${ALCOVE_IMGUI_DIR}/imgui.h")
  execute_process(
    COMMAND bash "${CMAKE_CURRENT_LIST_DIR}/fetch_imgui.sh"
    OUTPUT_VARIABLE fetched_imgui
    OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  set(ALCOVE_IMGUI_DIR "${fetched_imgui}" CACHE PATH "Sources of Dear ImGui 1.92.2 or a later 1.92" FORCE)
endif()
