#include <algorithm>

#include "wasm-widget/console/parts.h"

namespace alcove::console {
namespace {

constexpr float kSize = 24;
constexpr float kStep = 18;  // each over the one before
constexpr size_t kDiscsMax = 3;
constexpr float kBeforeWords = 8;  // between discs and words
constexpr float kMargin = 12;      // before them
constexpr float kNameMin = 200;    // what the customer's name keeps where who is there is said in words
constexpr float kDiscsFrom = 180;  // below it, one stands for all

}  // namespace

ViewerPlaces PlaceViewers(ui::Ui& ui, ui::Rect& row, const ConversationView& view) {
  ViewerPlaces places;
  if (view.viewers.empty()) return places;
  const size_t shown = std::min(view.viewers.size(), row.width < kDiscsFrom ? 1 : kDiscsMax);
  const float discs = kSize + kStep * static_cast<float>(shown - 1);
  const float words = ui.Measure(view.also_here, ui::kTextS).width;
  if (row.width - discs - kBeforeWords - words - kMargin >= kNameMin) {
    places.words = row.CutRight(words);
    row.CutRight(kBeforeWords);
  }
  places.discs = row.CutRight(discs).Centered(discs, kSize);
  row.CutRight(kMargin);
  return places;
}

void DrawViewers(ui::Ui& ui, const ViewerPlaces& places, const ConversationView& view) {
  if (places.discs.empty()) return;
  const auto draw = [&] {
    float x = places.discs.x;
    for (size_t i = 0; x < places.discs.right() - kStep / 2; ++i, x += kStep) {
      ui.Avatar(x, places.discs.y, view.viewers[i], {.size = kSize, .outlined = true});
    }
  };
  if (places.words.empty()) {
    ui.Group(ui::Role::kImage, view.also_here, places.discs, draw);
    return;
  }
  draw();
  ui.Label(places.words, view.also_here, {.style = ui::kTextS, .color = ui.theme().ink_soft});
}

}  // namespace alcove::console
