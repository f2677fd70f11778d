// Bytes of a connection: cut at any place they give the same requests, nothing
// is read twice or skipped, and no more is kept than the limits allow.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/framer.h"

namespace alcove::runtime {
namespace {

// Small, so that the fuzzer meets them.
const FramerLimits kLimits{.head_bytes = 512, .target_bytes = 64, .headers = 8, .body_bytes = 256};

void Require(bool holds) {
  if (!holds) std::abort();
}

// What came of a connection's bytes, read in pieces.
struct Read {
  std::vector<std::string> requests;
  int refusal = 0;
  size_t used = 0;
  friend bool operator==(const Read&, const Read&) = default;
};

Read ReadAll(std::string_view bytes, size_t piece) {
  Read read;
  Framer framer(kLimits);
  while (read.used < bytes.size()) {
    const std::string_view next = bytes.substr(read.used, piece);
    const size_t used = framer.Consume(next);
    Require(used <= next.size());
    // Percent signs become three bytes, and what is rebuilt is kept beside the line that is read.
    Require(framer.buffered_bytes() <= 4 * kLimits.head_bytes + kLimits.body_bytes);
    read.used += used;
    if (framer.state() == Framer::State::kRefused) {
      read.refusal = framer.refusal();
      Require(read.refusal >= 400 && read.refusal < 600);
      Require(framer.Consume("GET / HTTP/1.1\r\n") == 0);
      break;
    }
    if (framer.state() == Framer::State::kComplete) {
      read.requests.push_back(framer.Take().bytes);
      Require(!framer.begun());
    } else {
      Require(used == next.size());
    }
  }
  return read;
}

// What cpp-httplib gets: one head, one length that is the body's, and no other way to frame it.
void CheckCanonical(const std::string& request) {
  const size_t end = request.find("\r\n\r\n");
  Require(end != request.npos);
  const std::string_view head = std::string_view(request).substr(0, end + 2);
  const std::string_view body = BodyOfCanonical(request);
  Require(body.size() <= kLimits.body_bytes);
  size_t lengths = 0;
  for (size_t begin = head.find("\r\n") + 2; begin < head.size();) {
    const size_t line_end = head.find("\r\n", begin);
    const std::string_view line = head.substr(begin, line_end - begin);
    Require(line.find('\r') == line.npos && line.find('\n') == line.npos && line.find('\0') == line.npos);
    Require(!line.starts_with("Transfer-Encoding"));
    if (line.starts_with("Content-Length: ")) {
      ++lengths;
      Require(line.substr(16) == std::to_string(body.size()));
    }
    // A percent sign is one that was escaped: nothing that is decoded becomes another byte.
    for (size_t at = line.find('%'); at != line.npos; at = line.find('%', at + 1)) Require(line.substr(at, 3) == "%25");
    begin = line_end + 2;
  }
  Require(lengths == (body.empty() ? 0U : 1U));
}

}  // namespace
}  // namespace alcove::runtime

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace alcove::runtime;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Read whole = ReadAll(bytes, bytes.size());
  Require(whole == ReadAll(bytes, 1));
  Require(whole == ReadAll(bytes, 7));
  for (const std::string& request : whole.requests) CheckCanonical(request);
  return 0;
}
