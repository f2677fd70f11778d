// A key out of the store, which a damaged file may have made: it is understood
// or refused, and its parts are within it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "absl/status/status.h"
#include "store/keys.h"

namespace alcove::store::keys {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

template <class Decoded>
void CheckDecoded(const Decoded& decoded) {
  Require(decoded.ok() || absl::IsDataLoss(decoded.status()));
}

void Check(std::string_view key) {
  if (const auto parts = DecodeParts(key)) {
    Require(!parts->parts.empty());
    size_t bytes = 0;
    for (const auto& part : parts->parts) bytes += part.size();
    Require(bytes <= key.size() && parts->site.size() <= key.size() && parts->family.size() <= key.size());
  }
  CheckDecoded(DecodeAgent(key));
  CheckDecoded(DecodeConversation(key));
  CheckDecoded(DecodeDeferred(key));
  CheckDecoded(DecodeNumber(key));
  CheckDecoded(DecodeTokenDigest(key));
  CheckDecoded(DecodeTime(key));
  CheckDecoded(DecodeId(key));
  CheckDecoded(DecodeLane(key));
}

}  // namespace
}  // namespace alcove::store::keys

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  alcove::store::keys::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
