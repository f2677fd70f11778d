#include "wasm-widget/platform/renderer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "imgui.h"
#include "wasm-widget/platform/javascript.h"
#include "wasm-widget/ui/software.h"

namespace alcove::platform {

namespace {

void UpdatePart(ImTextureData& texture, const ImTextureRect& rect) {
  // WebGL 1 takes pixels that lie without a gap.
  static std::vector<uint8_t> pixels;
  const size_t row = static_cast<size_t>(rect.w) * 4;
  pixels.resize(row * rect.h);
  for (int y = 0; y < rect.h; ++y) {
    std::memcpy(&pixels[row * static_cast<size_t>(y)], texture.GetPixelsAt(rect.x, rect.y + y), row);
  }
  js_texture_update(static_cast<int>(texture.TexID), rect.x, rect.y, rect.w, rect.h, pixels.data());
}

void UpdateTexture(ImTextureData& texture) {
  static int next_id = 1;
  switch (texture.Status) {
    case ImTextureStatus_WantCreate:
      js_texture_create(next_id, texture.Width, texture.Height, texture.Pixels);
      texture.SetTexID(static_cast<ImTextureID>(next_id++));
      texture.SetStatus(ImTextureStatus_OK);
      break;
    case ImTextureStatus_WantUpdates:
      // Each by itself: what holds all of them is often nearly the whole atlas.
      for (const ImTextureRect& rect : texture.Updates) UpdatePart(texture, rect);
      texture.SetStatus(ImTextureStatus_OK);
      break;
    case ImTextureStatus_WantDestroy:
      // A frame in flight may still use it.
      if (texture.UnusedFrames == 0) break;
      js_texture_destroy(static_cast<int>(texture.TexID));
      texture.SetTexID(ImTextureID_Invalid);
      texture.SetStatus(ImTextureStatus_Destroyed);
      break;
    default:
      break;
  }
}

void DrawPixels(const ImDrawData& data) {
  static std::vector<uint8_t> pixels;
  const int width = static_cast<int>(data.DisplaySize.x);
  const int height = static_cast<int>(data.DisplaySize.y);
  pixels.resize(static_cast<size_t>(width) * static_cast<size_t>(height) * 4);
  ui::AcceptTextures(data);
  ui::DrawSoftware(data, {pixels.data(), width, height, width * 4});
  js_show_pixels(pixels.data(), width, height);
}

}  // namespace

void DrawFrame(const ImDrawData& data) {
  if (js_has_gl() == 0) {
    DrawPixels(data);
    return;
  }
  for (ImTextureData* texture : *data.Textures) UpdateTexture(*texture);
  const int width = static_cast<int>(data.DisplaySize.x);
  const int height = static_cast<int>(data.DisplaySize.y);
  js_draw_begin(width, height);
  for (const ImDrawList* list : data.CmdLists) {
    js_draw_list(list->VtxBuffer.Data, list->VtxBuffer.size_in_bytes(), list->IdxBuffer.Data,
                 list->IdxBuffer.size_in_bytes());
    for (const ImDrawCmd& command : list->CmdBuffer) {
      const int left = std::max(static_cast<int>(command.ClipRect.x), 0);
      const int top = std::max(static_cast<int>(command.ClipRect.y), 0);
      const int right = std::min(static_cast<int>(command.ClipRect.z), width);
      const int bottom = std::min(static_cast<int>(command.ClipRect.w), height);
      if (right <= left || bottom <= top || command.ElemCount == 0) continue;
      js_draw(left, top, right - left, bottom - top, static_cast<int>(command.GetTexID()),
              static_cast<int>(command.ElemCount), static_cast<int>(command.IdxOffset),
              static_cast<int>(command.VtxOffset));
    }
  }
}

}  // namespace alcove::platform
