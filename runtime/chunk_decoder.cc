#include "runtime/chunk_decoder.h"

#include <algorithm>

#include "functions/wire/limits.h"
#include "runtime/characters.h"

namespace alcove::runtime {

size_t ChunkDecoder::Consume(std::string_view bytes, size_t body_bytes_max, std::string& body) {
  size_t used = 0;
  while (used < bytes.size() && state_ == State::kMore) {
    if (at_ != At::kData) {
      ConsumeControl(bytes[used++]);
      if (at_ == At::kData && remaining_ > body_bytes_max - body.size()) state_ = State::kTooLarge;
      continue;
    }
    const size_t taken = std::min<size_t>(remaining_, bytes.size() - used);
    body.append(bytes.substr(used, taken));
    used += taken;
    remaining_ -= taken;
    if (remaining_ == 0) at_ = At::kDataCr;
  }
  return used;
}

void ChunkDecoder::ConsumeControl(char c) {
  const auto expect = [&](char wanted, At next) {
    if (c == wanted) {
      at_ = next;
    } else {
      state_ = State::kMalformed;
    }
  };
  switch (at_) {
    case At::kSize:
      if (const int digit = HexValue(c); digit >= 0 && digits_ < wire::kChunkSizeDigitsMax) {
        remaining_ = remaining_ * 16 + static_cast<uint64_t>(digit);
        ++digits_;
      } else if (digits_ == 0) {
        state_ = State::kMalformed;
      } else {
        expect('\r', At::kSizeLf);
      }
      return;
    case At::kSizeLf:
      digits_ = 0;
      return expect('\n', remaining_ == 0 ? At::kEndCr : At::kData);
    case At::kDataCr:
      return expect('\r', At::kDataLf);
    case At::kDataLf:
      return expect('\n', At::kSize);
    case At::kEndCr:
      return expect('\r', At::kEndLf);
    case At::kEndLf:
      expect('\n', At::kEndLf);
      if (state_ == State::kMore) state_ = State::kDone;
      return;
    case At::kData:
      return;
  }
}

}  // namespace alcove::runtime
