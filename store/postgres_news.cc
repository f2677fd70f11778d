#include "store/postgres_news.h"

#include <cstdint>

#include "store/digest.h"

namespace alcove::store::postgres {
namespace {

constexpr char kTopic = 't';
constexpr char kMessage = 'm';
constexpr char kGoodbye = 'g';
constexpr size_t kHeadBytes = 3;

void Append(std::string& row, char kind, std::string_view text) {
  row += kind;
  row += Bytes16(static_cast<uint16_t>(text.size()));
  row += text;
}

}  // namespace

void AppendTopic(std::string& row, std::string_view topic) { Append(row, kTopic, topic); }
void AppendMessage(std::string& row, std::string_view message) { Append(row, kMessage, message); }
void AppendGoodbye(std::string& row) { Append(row, kGoodbye, {}); }

News DecodeNews(std::string_view row) {
  News news;
  while (row.size() >= kHeadBytes) {
    const char kind = row.front();
    const size_t length = NumberOf(row.substr(1, 2));
    row.remove_prefix(kHeadBytes);
    if (row.size() < length) break;
    if (kind == kTopic) news.topics.emplace_back(row.substr(0, length));
    if (kind == kMessage) news.messages.emplace_back(row.substr(0, length));
    if (kind == kGoodbye) news.goodbye = true;
    row.remove_prefix(length);
  }
  return news;
}

}  // namespace alcove::store::postgres
