// Hands what was drawn to WebGL, or draws it here and hands over the pixels where there is none.
#pragma once

struct ImDrawData;

namespace alcove::platform {

void DrawFrame(const ImDrawData& data);

}  // namespace alcove::platform
