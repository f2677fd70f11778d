// Random values of every wire type, from one seed: for the tests that hold the
// codecs to `Parse(ToJson(x)) == x`.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "functions/wire/admin.h"
#include "functions/wire/bulk.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/describe.h"
#include "functions/wire/requests.h"
#include "functions/wire/utf8.h"

namespace alcove::wire {

// The visitor that fills a value, field by field.
class RandomWire {
 public:
  explicit RandomWire(uint64_t seed) : random_(seed) {}

  template <class T>
  T Make() {
    T value;
    Fill(value);
    return value;
  }

  template <class T>
  void operator()(std::string_view, T& field) {
    Fill(field);
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }

  void Fill(std::string& text) {
    text.clear();
    const uint64_t length = Below(4) == 0 ? 0 : Below(20);
    for (uint64_t i = 0; i < length; ++i) AppendUtf8(CodePoint(), text);
  }
  uint32_t CodePoint() {
    static constexpr uint32_t kAwkward[] = {0,      1,       '\b',    '\f',     '\n',   '"',    '\\',   '/',
                                            0x7F,   0x80,    0x7FF,   0x800,    0xD7FF, 0xE000, 0xFEFF, 0xFFFD,
                                            0xFFFF, 0x10000, 0x1F600, 0x10FFFF, '{',    ']',    ',',    '\r'};
    if (Below(2) == 0) return kAwkward[Below(std::size(kAwkward))];
    return static_cast<uint32_t>(' ' + Below(95));
  }
  void Fill(int64_t& number) {
    static constexpr int64_t kEdges[] = {0, 1, -1, INT64_MAX, INT64_MIN, int64_t{1} << 53, (int64_t{1} << 53) + 1};
    number = Below(2) == 0 ? kEdges[Below(std::size(kEdges))] : static_cast<int64_t>(random_());
  }
  void Fill(bool& value) { value = Below(2) == 0; }
  void Fill(RawJson& raw) { raw.text = R"({"a":[1,null,"x"]})"; }
  template <class T>
  void Fill(std::optional<T>& field) {
    field.reset();
    if (Below(2) == 0) Fill(field.emplace());
  }
  template <class T>
  void Fill(std::vector<T>& items) {
    items.clear();
    for (uint64_t n = Below(4); n > 0; --n) Fill(items.emplace_back());
  }
  template <class T>
  void Fill(T& value) {
    if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(Below(EnumNames<T>::kNames.size()));
    } else {
      Describe(*this, value);
    }
  }

  std::mt19937_64 random_;
};

// Calls test(T{}) for every type that crosses the network by itself.
template <class Test>
void ForEveryWireType(Test&& test) {
  test(AgentAnswer{});
  test(AttributeChange{});
  test(EndingsReport{});
  test(AgentSession{});
  test(AgentSessionRequest{});
  test(AgentSnapshot{});
  test(AgentConfiguration{});
  test(Bulk{});
  test(BulkAnswer{});
  test(AgentShown{});
  test(KeyShown{});
  test(IdentitySecretFields{});
  test(IdentitySecretShown{});
  test(PasswordChange{});
  test(SessionShown{});
  test(TotpCode{});
  test(TotpEnrolment{});
  test(Resource<AttributeFields>{});
  test(Resource<AuditFields>{});
  test(Resource<CannedFields>{});
  test(Resource<HoursFields>{});
  test(Resource<RuleFields>{});
  test(Resource<SiteFields>{});
  test(Resource<SkillFields>{});
  test(Resource<TagFields>{});
  test(Resource<TeamFields>{});
  test(SettingsFields{});
  test(CloseConversation{});
  test(ConversationAnswer{});
  test(ConversationList{});
  test(CustomerSession{});
  test(CustomerSessionRequest{});
  test(EventAnswer{});
  test(EventPage{});
  test(NewConversation{});
  test(NewMessage{});
  test(MessageEdit{});
  test(Participation{});
  test(PollAnswer{});
  test(PresenceChange{});
  test(Problem{});
  test(ReadUpTo{});
  test(Typing{});
}

}  // namespace alcove::wire
