#include "wasm-widget/ui/canvas.h"

#include "misc/freetype/imgui_freetype.h"

namespace alcove::ui {

namespace {

// The largest texture that every WebGL implementation has.
constexpr int kTextureSizeMax = 4096;

}  // namespace

Canvas::Canvas() : list_(&shared_) {
  atlas_.Flags |= ImFontAtlasFlags_NoMouseCursors;
  atlas_.TexMaxWidth = kTextureSizeMax;
  atlas_.TexMaxHeight = kTextureSizeMax;
  // An atlas wants a font; ours has no glyphs.
  ImFontConfig font;
  font.FontLoader = ImGuiFreeType::GetFontLoader();
  font.SizePixels = 16;
  atlas_.AddFont(&font);

  shared_.FontAtlas = &atlas_;
  shared_.CurveTessellationTol = 0.6f;
  shared_.SetCircleTessellationMaxError(0.15f);
  shared_.InitialFlags = ImDrawListFlags_AntiAliasedLines | ImDrawListFlags_AntiAliasedLinesUseTex |
                         ImDrawListFlags_AntiAliasedFill | ImDrawListFlags_AllowVtxOffset;
  ImFontAtlasAddDrawListSharedData(&atlas_, &shared_);
}

Canvas::~Canvas() {
  list_._SetDrawListSharedData(nullptr);
  ImFontAtlasRemoveDrawListSharedData(&atlas_, &shared_);
}

void Canvas::Begin(float width, float height) {
  ImFontAtlasUpdateNewFrame(&atlas_, ++frame_, true);
  ImFontAtlasUpdateDrawListsSharedData(&atlas_);
  shared_.ClipRectFullscreen = ImVec4(0, 0, width, height);
  list_._ResetForNewFrame();
  list_.PushTexture(atlas_.TexRef);
  list_.PushClipRectFullScreen();
}

void Canvas::End() {
  list_._PopUnusedDrawCmd();
  data_.Clear();
  data_.Valid = true;
  data_.DisplaySize = ImVec2(shared_.ClipRectFullscreen.z, shared_.ClipRectFullscreen.w);
  data_.FramebufferScale = ImVec2(1, 1);
  data_.CmdLists.push_back(&list_);
  data_.CmdListsCount = 1;
  data_.Textures = &atlas_.TexList;
}

}  // namespace alcove::ui
