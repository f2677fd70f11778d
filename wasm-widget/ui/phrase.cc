#include "wasm-widget/ui/phrase.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "wasm-widget/ui/hash.h"

namespace alcove::ui {
namespace {

// By a number, since the English is not kept. A test sees that no two phrases have the same.
struct Words {
  uint64_t name;
  std::string text;
};

// In the order of their names.
std::vector<Words>& AllWords() {
  static auto* const words = new std::vector<Words>;
  return *words;
}

std::vector<Words>::iterator Find(uint64_t name) {
  return std::lower_bound(AllWords().begin(), AllWords().end(), name,
                          [](const Words& words, uint64_t wanted) { return words.name < wanted; });
}

}  // namespace

std::string_view Phrase::text() const {
  if (AllWords().empty()) return english_;
  const uint64_t name = HashBytes(english_);
  const auto words = Find(name);
  return words != AllWords().end() && words->name == name ? words->text : english_;
}

void AddWords(std::string_view english, std::string_view text) {
  const uint64_t name = HashBytes(english);
  const auto place = Find(name);
  if (place != AllWords().end() && place->name == name) {
    place->text = text;
  } else {
    AllWords().insert(place, {name, std::string(text)});
  }
}

void ForgetWords() { AllWords().clear(); }

}  // namespace alcove::ui
