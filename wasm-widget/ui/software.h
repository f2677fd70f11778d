// Draws a frame without a graphics card: ImGui's triangles into pixels of our own, which the page puts on a canvas. For
// browsers without WebGL, and those that lost it for good; the same picture to within a rounding, slower.
#pragma once

#include "wasm-widget/ui/text.h"

struct ImDrawData;

namespace alcove::ui {

// What the renderer of a graphics card does with textures: here they are used where they are.
void AcceptTextures(const ImDrawData& data);

// Opaque: what is drawn stands on black. REQUIRES: `pixels` is as large as the display size of `data`.
void DrawSoftware(const ImDrawData& data, const Pixels& pixels);

}  // namespace alcove::ui
