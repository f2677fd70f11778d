// A wire type, by the first byte, and a text that may be it: what the server
// takes is the same when it is written and read again, and the faces, which
// have a parser of their own, read the same. As a record: what is kept of the
// fields of a later version is there, too.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "functions/json_codec.h"
#include "functions/records.h"
#include "tests/wire/random_wire.h"
#include "wasm-widget/client/json.h"

namespace alcove {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// What is read straight is what the tree says.
template <wire::EnumForm form, class T>
void CheckStraight(std::string_view text) {
  T straight;
  if (!functions::json::StraightReader<form>(text).ReadAll(straight)) return;
  const auto tree = functions::json::ParseTree(text);
  Require(tree.ok());
  functions::json::Refusal refusal;
  T by_tree;
  Require(functions::json::Reader<form>::Read(*tree, by_tree, refusal));
  Require(wire::WriteJson<form>(straight) == wire::WriteJson<form>(by_tree));
}

template <class T>
void CheckWire(std::string_view text) {
  CheckStraight<wire::EnumForm::kName, T>(text);
  const auto parsed = functions::ParseJson<T>(text);
  if (!parsed.ok()) return;
  const auto again = functions::ParseJson<T>(functions::ToJson(*parsed));
  Require(again.ok() && *again == *parsed);
  T theirs;
  Require(client::ParseJson(text, theirs));
  const auto ours = functions::ParseJson<T>(client::ToJson(theirs));
  Require(ours.ok() && *ours == *parsed);
}

void CheckRecord(std::string_view text) {
  CheckStraight<wire::EnumForm::kNumber, functions::ConversationRecord>(text);
  const auto record = functions::DecodeRecord<functions::ConversationRecord>(text);
  if (!record.ok()) return;
  const std::string written = functions::ToRecord(*record);
  const auto again = functions::DecodeRecord<functions::ConversationRecord>(written);
  Require(again.ok() && functions::ToRecord(*again) == written);
}

}  // namespace
}  // namespace alcove

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  int index = 0;
  alcove::wire::ForEveryWireType([&](auto type) {
    if (data[0] == index++) alcove::CheckWire<decltype(type)>(text);
  });
  if (data[0] >= index) alcove::CheckRecord(text);
  return 0;
}
