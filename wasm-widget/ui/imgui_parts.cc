// What ImGui links against and the faces do not use: a font that draws
// nothing (text comes from the browser), and tables.
#include "imgui.h"
#include "imgui_internal.h"
#include "misc/freetype/imgui_freetype.h"

namespace {

bool AcceptSource(ImFontAtlas*, ImFontConfig*) { return true; }
bool ContainsGlyph(ImFontAtlas*, ImFontConfig*, ImWchar) { return true; }
bool BakeInit(ImFontAtlas*, ImFontConfig*, ImFontBaked* baked, void*) {
  baked->Ascent = baked->Size;
  baked->Descent = 0;
  return true;
}
bool LoadGlyph(ImFontAtlas*, ImFontConfig*, ImFontBaked* baked, void*, ImWchar codepoint, ImFontGlyph* glyph,
               float* advance) {
  if (advance != nullptr) {
    *advance = baked->Size;
  } else {
    glyph->Codepoint = codepoint & 0x1fffff;
    glyph->AdvanceX = baked->Size;
  }
  return true;
}

}  // namespace

namespace ImGuiFreeType {
const ImFontLoader* GetFontLoader() {
  static const ImFontLoader loader = [] {
    ImFontLoader empty;
    empty.Name = "empty";
    empty.FontSrcInit = AcceptSource;
    empty.FontSrcContainsGlyph = ContainsGlyph;
    empty.FontBakedInit = BakeInit;
    empty.FontBakedLoadGlyph = LoadGlyph;
    return empty;
  }();
  return &loader;
}
}  // namespace ImGuiFreeType

// Instead of imgui_tables.cpp (9 KB of brotli): the functions that the rest of ImGui calls for a table that is never
// begun.
namespace ImGui {
void EndColumns() {}
void EndTable() {}
void PopColumnsBackground() {}
void PushColumnsBackground() {}
void TableEndCell(ImGuiTable*) {}
void TableEndRow(ImGuiTable*) {}
void TableGcCompactSettings() {}
void TableGcCompactTransientBuffers(ImGuiTable*) {}
void TableGcCompactTransientBuffers(ImGuiTableTempData*) {}
void TablePopBackgroundChannel() {}
void TablePopColumnChannel() {}
void TablePushBackgroundChannel() {}
void TablePushColumnChannel(int) {}
void TableSettingsAddSettingsHandler() {}
}  // namespace ImGui
