// Decodes a chunked body, strictly and byte by byte.
//
// Refused, though RFC 9112 knows them, are chunk extensions and trailers:
// nothing that talks to us sends them, and parsers differ about them.
//
// Threads: one object belongs to one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace alcove::runtime {

class ChunkDecoder {
 public:
  enum class State { kMore, kDone, kMalformed, kTooLarge };

  // Appends the data in `bytes` to `body` and returns how many bytes it used:
  // all of them unless the body ended (kDone) or was refused. `body` never
  // grows beyond `body_bytes_max`.
  size_t Consume(std::string_view bytes, size_t body_bytes_max, std::string& body);

  State state() const { return state_; }

 private:
  enum class At { kSize, kSizeLf, kData, kDataCr, kDataLf, kEndCr, kEndLf };

  void ConsumeControl(char c);

  State state_ = State::kMore;
  At at_ = At::kSize;
  int digits_ = 0;
  uint64_t remaining_ = 0;
};

}  // namespace alcove::runtime
