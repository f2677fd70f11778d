// Hands what was drawn to WebGL.
#pragma once

struct ImDrawData;

namespace alcove::platform {

void DrawFrame(const ImDrawData& data);

}  // namespace alcove::platform
