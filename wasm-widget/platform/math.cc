// What the browser computes anyway: the C library's own would be 5 KB of the download, most of it tables for angles
// that no face has. Defined here, these are found before those.
#include "wasm-widget/platform/javascript.h"

extern "C" {

float cosf(float angle) { return static_cast<float>(js_cos(angle)); }
float sinf(float angle) { return static_cast<float>(js_sin(angle)); }
float acosf(float cosine) { return static_cast<float>(js_acos(cosine)); }
float powf(float base, float exponent) { return static_cast<float>(js_pow(base, exponent)); }

}  // extern "C"
