// Hands what ImGui drew to WebGL.
#pragma once

namespace alcove::platform {

// Draws the last frame that was rendered. REQUIRES: ImGui::Render() was called.
void DrawFrame();

}  // namespace alcove::platform
