#include "wasm-widget/ui/software.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "imgui.h"

namespace alcove::ui {

namespace {

struct Sheet {
  const uint8_t* texels = nullptr;
  int width = 0;
  int height = 0;
};

// What varies over a triangle: place in the sheet (in texels) and colour.
constexpr int kValues = 6;
struct Corner {
  float x, y;
  float values[kValues];
};

Corner CornerOf(const ImDrawVert& vertex, const Sheet& sheet) {
  const auto channel = [&](int shift) { return static_cast<float>(vertex.col >> shift & 0xff); };
  return {vertex.pos.x,
          vertex.pos.y,
          {vertex.uv.x * static_cast<float>(sheet.width), vertex.uv.y * static_cast<float>(sheet.height),
           channel(IM_COL32_R_SHIFT), channel(IM_COL32_G_SHIFT), channel(IM_COL32_B_SHIFT), channel(IM_COL32_A_SHIFT)}};
}

const uint8_t* TexelAt(const Sheet& sheet, int u, int v) {
  u = std::clamp(u, 0, sheet.width - 1);
  v = std::clamp(v, 0, sheet.height - 1);
  return sheet.texels + (static_cast<ptrdiff_t>(v) * sheet.width + u) * 4;
}

// What lies between four texels, for pictures that are stretched.
void Between(const Sheet& sheet, float u, float v, float* result) {
  const float left = std::floor(u - 0.5f);
  const float top = std::floor(v - 0.5f);
  const float right_part = u - 0.5f - left;
  const float bottom_part = v - 0.5f - top;
  std::fill(result, result + 4, 0.0f);
  for (int j = 0; j < 2; ++j) {
    for (int i = 0; i < 2; ++i) {
      const uint8_t* texel = TexelAt(sheet, static_cast<int>(left) + i, static_cast<int>(top) + j);
      const float part = (i == 0 ? 1 - right_part : right_part) * (j == 0 ? 1 - bottom_part : bottom_part);
      for (int channel = 0; channel < 4; ++channel) result[channel] += part * static_cast<float>(texel[channel]);
    }
  }
}

void Blend(uint8_t* pixel, const float* values, const float* texel) {
  const float alpha = values[5] * texel[3] / (255 * 255);
  if (alpha <= 0) return;
  for (int i = 0; i < 3; ++i) {
    const float source = values[2 + i] * texel[i] / 255;
    const float over = static_cast<float>(pixel[i]);
    pixel[i] = static_cast<uint8_t>(std::clamp(over + (source - over) * alpha + 0.5f, 0.0f, 255.0f));
  }
}

class Triangles {
 public:
  Triangles(const Pixels& pixels, const ImVec4& clip, const Sheet& sheet)
      : pixels_(pixels),
        sheet_(sheet),
        left_(std::max(0, static_cast<int>(clip.x))),
        top_(std::max(0, static_cast<int>(clip.y))),
        right_(std::min(pixels.width, static_cast<int>(clip.z))),
        bottom_(std::min(pixels.height, static_cast<int>(clip.w))) {}

  // A pixel is covered where its middle is inside; on an edge, by the triangle at its right or below it, so that
  // neighbours neither overlap nor gape.
  void Draw(const Corner& a, const Corner& b, const Corner& c) {
    const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    if (area == 0) return;
    const int first = std::max(top_, Ceil(std::min({a.y, b.y, c.y})));
    const int end = std::min(bottom_, Ceil(std::max({a.y, b.y, c.y})));
    // How much the values change from one pixel to the next, along x and y.
    float dx[kValues];
    float dy[kValues];
    for (int i = 0; i < kValues; ++i) {
      const float ab = b.values[i] - a.values[i];
      const float ac = c.values[i] - a.values[i];
      dx[i] = (ab * (c.y - a.y) - ac * (b.y - a.y)) / area;
      dy[i] = (ac * (b.x - a.x) - ab * (c.x - a.x)) / area;
    }
    for (int y = first; y < end; ++y) {
      const float middle = static_cast<float>(y) + 0.5f;
      float from = 1e9f;
      float to = -1e9f;
      Cross(a, b, middle, from, to);
      Cross(b, c, middle, from, to);
      Cross(c, a, middle, from, to);
      const int begin = std::max(left_, Ceil(from));
      const int stop = std::min(right_, Ceil(to));
      if (begin >= stop) continue;
      float values[kValues];
      const float right = static_cast<float>(begin) + 0.5f - a.x;
      for (int i = 0; i < kValues; ++i) values[i] = a.values[i] + dx[i] * right + dy[i] * (middle - a.y);
      Span(pixels_.data + y * pixels_.pitch + begin * 4, stop - begin, values, dx);
    }
  }

 private:
  // The first pixel whose middle is at or behind `place`.
  static int Ceil(float place) { return static_cast<int>(std::ceil(place - 0.5f)); }

  static void Cross(const Corner& a, const Corner& b, float y, float& from, float& to) {
    if ((a.y <= y) == (b.y <= y)) return;
    // From the same end for both neighbours of an edge.
    const Corner& low = a.y < b.y ? a : b;
    const Corner& high = a.y < b.y ? b : a;
    const float x = low.x + (high.x - low.x) * (y - low.y) / (high.y - low.y);
    from = std::min(from, x);
    to = std::max(to, x);
  }

  void Span(uint8_t* pixel, int count, float* values, const float* dx) {
    if (IsPlain(values, dx)) {
      const uint8_t color[4] = {static_cast<uint8_t>(values[2] + 0.5f), static_cast<uint8_t>(values[3] + 0.5f),
                                static_cast<uint8_t>(values[4] + 0.5f), 255};
      for (int i = 0; i < count; ++i, pixel += 4) std::memcpy(pixel, color, 4);
      return;
    }
    // One to one, a texel is a pixel.
    const bool stretched = std::fabs(std::fabs(dx[0]) - 1) > 1e-3f;
    for (int i = 0; i < count; ++i, pixel += 4) {
      float texel[4];
      if (stretched) {
        Between(sheet_, values[0], values[1], texel);
      } else {
        std::copy_n(TexelAt(sheet_, static_cast<int>(values[0]), static_cast<int>(values[1])), 4, texel);
      }
      Blend(pixel, values, texel);
      for (int v = 0; v < kValues; ++v) values[v] += dx[v];
    }
  }

  // One opaque colour, on the white spot of the sheet: most of what is drawn.
  bool IsPlain(const float* values, const float* dx) const {
    for (int i = 0; i < kValues; ++i) {
      if (std::fabs(dx[i]) > 1e-4f) return false;
    }
    if (values[5] < 254.5f) return false;
    const uint8_t* texel = TexelAt(sheet_, static_cast<int>(values[0]), static_cast<int>(values[1]));
    return texel[0] == 255 && texel[1] == 255 && texel[2] == 255 && texel[3] == 255;
  }

  const Pixels& pixels_;
  const Sheet& sheet_;
  int left_, top_, right_, bottom_;
};

}  // namespace

void AcceptTextures(const ImDrawData& data) {
  for (ImTextureData* texture : *data.Textures) {
    if (texture->Status == ImTextureStatus_WantDestroy) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    } else if (texture->Status != ImTextureStatus_OK) {
      texture->SetTexID(static_cast<ImTextureID>(texture->UniqueID + 1));
      texture->SetStatus(ImTextureStatus_OK);
    }
  }
}

void DrawSoftware(const ImDrawData& data, const Pixels& pixels) {
  for (int y = 0; y < pixels.height; ++y) {
    uint8_t* row = pixels.data + y * pixels.pitch;
    for (int x = 0; x < pixels.width; ++x) {
      row[x * 4] = row[x * 4 + 1] = row[x * 4 + 2] = 0;
      row[x * 4 + 3] = 255;
    }
  }
  for (const ImDrawList* list : data.CmdLists) {
    for (const ImDrawCmd& command : list->CmdBuffer) {
      const ImTextureData* texture = command.TexRef._TexData;
      if (texture == nullptr || texture->Pixels == nullptr) continue;
      const Sheet sheet = {texture->Pixels, texture->Width, texture->Height};
      Triangles triangles(pixels, command.ClipRect, sheet);
      const ImDrawVert* vertices = list->VtxBuffer.Data + command.VtxOffset;
      const ImDrawIdx* indices = list->IdxBuffer.Data + command.IdxOffset;
      for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
        triangles.Draw(CornerOf(vertices[indices[i]], sheet), CornerOf(vertices[indices[i + 1]], sheet),
                       CornerOf(vertices[indices[i + 2]], sheet));
      }
    }
  }
}

}  // namespace alcove::ui
