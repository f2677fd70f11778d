// SHA-256 of bytes that come in pieces, and of entries.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace alcove::store {

class Digest {
 public:
  Digest();
  ~Digest();
  Digest(Digest&& other) noexcept;
  Digest& operator=(Digest&& other) noexcept;

  void Add(std::string_view bytes);
  // 32 raw bytes of what was added so far; more may follow.
  std::string Raw() const;
  // As 64 lower-case hex digits.
  std::string Hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Little-endian, so that a file is the same from any machine.
std::string Bytes16(uint16_t number);
std::string Bytes32(uint32_t number);
std::string Bytes64(uint64_t number);
uint64_t NumberOf(std::string_view bytes);

}  // namespace alcove::store
