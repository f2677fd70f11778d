// What a client gives back as a cursor: it is refused, or it is understood, and
// then it is the same when it is written again. As text, and as what the text
// would decode to.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "functions/cursor.h"
#include "functions/problem.h"
#include "functions/secrets.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Check(std::string_view text, Side side, Context& context) {
  const auto cursor = ParseCursor(text, side, context);
  if (!cursor.ok()) {
    const ProblemCode problem = ProblemFor(cursor.status());
    Require(problem == ProblemCode::kBadCursor || problem == ProblemCode::kResync);
    return;
  }
  Require(cursor->side == side && cursor->own >= 0 && cursor->queue >= 0);
  const auto again = ParseCursor(EncodeCursor(*cursor), side, context);
  Require(again.ok() && again->own == cursor->own && again->queue == cursor->queue &&
          again->version == cursor->version && again->epoch == cursor->epoch &&
          again->incarnation == cursor->incarnation);
}

}  // namespace
}  // namespace alcove::functions

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace alcove::functions;
  static World world;
  Context context = world.MakeContext();
  const std::string text(reinterpret_cast<const char*>(data), size);
  // `@` stands for the store's epoch, which is random.
  std::string plain = text;
  if (const size_t at = plain.find('@'); at != plain.npos) plain.replace(at, 1, world.store->epoch());
  for (const Side side : {Side::kCustomer, Side::kAgent}) {
    Check(text, side, context);
    Check(Base64Url(plain), side, context);
  }
  return 0;
}
