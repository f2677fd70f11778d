// The part of Dear ImGui that draws: a draw list and the atlas it takes pictures from.
//
// No ImGui context: windows, focus and input are the page's, through the mirror of
// nodes, and the code for them would be 40 KB of brotli in every customer's
// browser. ImGui names this use: an atlas and lists managed by the program itself.
#pragma once

#include "imgui.h"
#include "imgui_internal.h"

namespace alcove::ui {

class Canvas {
 public:
  Canvas();
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  // In physical pixels.
  void Begin(float width, float height);
  void End();

  // Pictures are added with AddCustomRect. What it returns may move: ask GetCustomRect each time.
  ImFontAtlas& atlas() { return atlas_; }
  ImDrawList& list() { return list_; }
  // What the last frame drew; the renderer also serves its textures.
  const ImDrawData& data() const { return data_; }

 private:
  ImFontAtlas atlas_;
  ImDrawListSharedData shared_;
  ImDrawList list_;
  ImDrawData data_;
  int frame_ = 0;
};

}  // namespace alcove::ui
