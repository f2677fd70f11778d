// How a key lies in the table, and bytes as libpq takes them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace alcove::store::postgres {

// A key in two columns: `site` up to and including the first '/', or the whole
// key where there is none; `rest` what follows. Views of the key.
struct SplitKey {
  std::string_view site;
  std::string_view rest;
};
SplitKey Split(std::string_view key);

// Eight bytes, the highest first: a bigint as it crosses the network.
std::string EncodeNumber(int64_t number);
// REQUIRES: eight bytes.
int64_t DecodeNumber(std::string_view bytes);

}  // namespace alcove::store::postgres
