// What somebody wrote, as Markdown: its runs are in order, apart and within the
// text, its addresses lead nowhere but to the web and to mail, and something is
// left of what is not blank.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "functions/wire/typed_text.h"
#include "wasm-widget/ui/markdown.h"

namespace alcove::ui {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Check(std::string_view source) {
  const Marked marked = ParseMarkdown(source);
  // A bullet takes three bytes in the place of one.
  Require(marked.text.size() <= 2 * source.size());
  uint32_t end = 0;
  for (const Run& run : marked.runs) {
    Require(end <= run.begin && run.begin < run.end && run.end <= marked.text.size());
    end = run.end;
    Require(run.url_begin <= run.url_end && run.url_end <= marked.urls.size());
    if ((run.look & kLookLink) == 0) continue;
    Require(IsHarmlessUrl(std::string_view(marked.urls).substr(run.url_begin, run.url_end - run.url_begin)));
  }
  Require(wire::IsBlank(marked.text) == wire::IsBlank(source));
}

}  // namespace
}  // namespace alcove::ui

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  alcove::ui::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
