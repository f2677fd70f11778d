// Decides where a request ends, and refuses whatever could be read in two ways.
//
// A proxy and we must agree to the byte on where each request ends, or one
// client's bytes become another's request. So there is one strict grammar
// (request_line.h, header_rules.h, chunk_decoder.h); everything else is
// refused and the connection closed. Each byte is looked at once, in whatever
// pieces it comes.
//
// Threads: one object belongs to one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "functions/wire/limits.h"
#include "runtime/canonical.h"
#include "runtime/chunk_decoder.h"
#include "runtime/header_rules.h"

namespace alcove::runtime {

struct FramerLimits {
  size_t head_bytes = wire::kRequestHeadBytesMax;
  size_t target_bytes = wire::kRequestTargetBytesMax;
  int headers = wire::kRequestHeadersMax;
  size_t body_bytes = wire::kRequestBodyBytesMax;
  // Of what people do not say: a draft with every byte escaped, twice over, or nothing that anybody reads. At half a
  // new field of it would be near; double is held for whoever asks for what is not there.
  size_t small_body_bytes = size_t{32} * 1024;
  // Whether a request is of the latter, by its head so far as canonical.h says. Null: none is.
  std::function<bool(std::string_view head)> is_small = nullptr;
};

struct FramedRequest {
  std::string bytes;  // as canonical.h says
  bool keep_alive = true;
};

class Framer {
 public:
  enum class State {
    kHead,      // more of the head is to come; perhaps none has come yet
    kBody,      // the head is whole, more of the body is to come
    kComplete,  // Take() it; nothing is consumed before that
    kRefused,   // answer refusal() and close; nothing is consumed any more
  };

  // `limits` must outlive the framer.
  explicit Framer(const FramerLimits& limits) : limits_(&limits) {}

  // Returns how many of the bytes it used: all, unless the request ended or was refused.
  size_t Consume(std::string_view bytes);

  State state() const { return state_; }

  // The HTTP status that answers a refused request: 400, 411, 413, 414, 415, 417, 421,
  // 431, 501 or 505.
  int refusal() const { return refusal_; }

  // Something of a request has come.
  bool begun() const { return head_bytes_ > 0; }

  // The client waits for `100 Continue` before it sends the body.
  bool awaits_continue() const { return state_ == State::kBody && body_untouched_ && rules_.expects_continue(); }

  // What the unfinished request occupies.
  size_t buffered_bytes() const { return parts_ == nullptr ? 0 : parts_->line.size() + parts_->request.bytes(); }

  // REQUIRES: state() == kComplete. The framer is ready for the next request.
  FramedRequest Take();

 private:
  enum class At { kFirstLine, kHeaders };

  size_t ConsumeHead(std::string_view bytes);
  size_t ConsumeBody(std::string_view bytes);
  // How many bytes follow that may stand in a head, within its limits, and mean nothing to it.
  size_t PlainRun(std::string_view bytes) const;
  // Whether `c` may stand in a head at all, and within which limits.
  int CheckHeadByte(char c);
  void EndLine();
  int EndFirstLine();
  int EndHeader();
  int EndHead();
  void Refuse(int status);

  const FramerLimits* limits_;
  State state_ = State::kHead;
  At at_ = At::kFirstLine;
  int refusal_ = 0;
  bool after_cr_ = false;
  bool skipped_empty_line_ = false;
  bool body_untouched_ = true;
  bool brings_body_ = false;  // by its method
  int minor_version_ = 1;
  int headers_ = 0;
  int spaces_ = 0;
  size_t head_bytes_ = 0;
  size_t target_bytes_ = 0;
  HeaderRules rules_;
  // What there is of a request. Null before its first byte: those who wait have one connection each and nothing on it.
  struct Parts {
    std::string line;
    ChunkDecoder chunks;
    size_t body_bytes_max = 0;
    CanonicalRequest request;
  };
  std::unique_ptr<Parts> parts_;
};

}  // namespace alcove::runtime
