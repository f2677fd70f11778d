// What one row of alcove_signal tells: topics that were signalled, and messages
// of Store::Broadcast(). Bytes: for each a kind, 2 bytes length (little-endian)
// and its text. Kinds that are not known are passed over: a later version's.
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alcove::store::postgres {

struct News {
  std::vector<std::string> topics;
  std::vector<std::string> messages;
  bool goodbye = false;  // the last row of a node that ended in order
};

// REQUIRES: each text has less than 64 KiB.
void AppendTopic(std::string& row, std::string_view topic);
void AppendMessage(std::string& row, std::string_view message);
void AppendGoodbye(std::string& row);

// What can be read of it.
News DecodeNews(std::string_view row);

}  // namespace alcove::store::postgres
