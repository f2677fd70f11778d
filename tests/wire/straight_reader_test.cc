// Whatever the straight reader accepts, the tree reads as the same; whatever
// this version writes, it accepts.
#include "functions/straight_reader.h"

#include <gtest/gtest.h>

#include <random>

#include "functions/json_codec.h"
#include "functions/records.h"
#include "functions/wire/requests.h"
#include "tests/wire/random_wire.h"

namespace alcove::functions {
namespace {

using wire::EnumForm;

// A type, and how its enums are written.
template <class T, EnumForm form>
struct Kind {
  using Type = T;

  static std::string Written(const T& value) { return wire::WriteJson<form>(value); }
  static std::optional<std::string> Straight(std::string_view text) {
    T value;
    if (!json::StraightReader<form>(text).ReadAll(value)) return std::nullopt;
    return Written(value);
  }
  static std::optional<std::string> ByTree(std::string_view text) {
    const auto tree = json::ParseTree(text);
    json::Refusal refusal;
    T value;
    if (!tree.ok() || !json::Reader<form>::Read(*tree, value, refusal)) return std::nullopt;
    return Written(value);
  }
};
template <class T>
using Record = Kind<T, EnumForm::kNumber>;
template <class T>
using Sent = Kind<T, EnumForm::kName>;

template <class K>
class StraightReaderTest : public testing::Test {};
using Kinds =
    testing::Types<Record<SiteRecord>, Record<AgentRecord>, Record<AgentState>, Record<CustomerRecord>,
                   Record<TokenRecord>, Record<ConversationRecord>, Record<QueueRecord>, Record<SentRecord>,
                   Record<FeedPointer>, Record<FeedHeadRecord>, Record<DeferredRecord>, Record<DeferredKeyRecord>,
                   Sent<wire::NewMessage>, Sent<wire::MessageEdit>, Sent<wire::ReadUpTo>, Sent<wire::Typing>>;
TYPED_TEST_SUITE(StraightReaderTest, Kinds);

TYPED_TEST(StraightReaderTest, ReadsWhateverIsWritten) {
  wire::RandomWire random(7);
  for (int i = 0; i < 500; ++i) {
    const std::string text = TypeParam::Written(random.Make<typename TypeParam::Type>());
    SCOPED_TRACE(text);
    ASSERT_EQ(TypeParam::Straight(text), text);
    ASSERT_EQ(TypeParam::ByTree(text), text);
  }
}

// One byte changed, left out or put in: most is refused, and what is not means the same to both. How many were not.
template <class K>
int CountAccepted(int texts) {
  static constexpr std::string_view kBytes = "\"\\{}[]:,0123456789-.eutrn x\x01\x80\xC3";
  wire::RandomWire values(11);
  std::mt19937_64 random(13);
  int accepted = 0;
  for (int i = 0; i < texts; ++i) {
    std::string text = K::Written(values.Make<typename K::Type>());
    const size_t at = random() % text.size();
    const char byte = kBytes[random() % kBytes.size()];
    switch (random() % 3) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.erase(at, 1);
        break;
      default:
        text.insert(at, 1, byte);
    }
    const auto straight = K::Straight(text);
    if (!straight) continue;
    ++accepted;
    EXPECT_EQ(K::ByTree(text), straight) << text;
  }
  return accepted;
}

TYPED_TEST(StraightReaderTest, AcceptsNothingThatTheTreeReadsOtherwise) {
  EXPECT_GT(CountAccepted<TypeParam>(4000), 0);
}

TEST(StraightReaderEdgeTest, AcceptsNothingOfAnyWireTypeThatTheTreeReadsOtherwise) {
  int accepted = 0;
  wire::ForEveryWireType([&](auto type) { accepted += CountAccepted<Sent<decltype(type)>>(300); });
  EXPECT_GT(accepted, 0);
}

TEST(StraightReaderEdgeTest, LeavesWhatNoFaceSendsToTheTree) {
  const struct {
    std::string_view text;
    const char* why;
    bool is_fine;  // to the tree
  } kCases[] = {
      {R"({"text":"a","after":null})", "null, as absent", true},
      {R"({"after":1,"text":"a"})", "another order", true},
      {R"({"text":"a","more":1})", "a field that is not declared", true},
      {"{\"text\":\"a\"}\n", "a byte behind it", true},
      {R"({"text":"\u00e9"})", "a letter written as its number", true},
      {R"({"text":"a","text":"b"})", "a name twice", false},
      {R"({"text":"a","after":1,"after":2})", "a name twice", false},
      {R"({"text":"a"}{})", "another value behind it", false},
      {R"({"text":"\ud800"})", "half a pair", false},
      {"{\"text\":\"\xC3\"}", "half a character", false},
      {"{\"text\":\"\x01\"}", "a control character", false},
      {R"({"text":"a","after":01})", "a leading zero", false},
  };
  for (const auto& test : kCases) {
    wire::NewMessage message;
    EXPECT_FALSE(json::StraightReader<EnumForm::kName>(test.text).ReadAll(message)) << test.why;
    EXPECT_EQ(ParseJson<wire::NewMessage>(test.text).ok(), test.is_fine) << test.why;
  }
}

TEST(StraightReaderEdgeTest, RefusesWhatThisVersionWouldNotWrite) {
  const struct {
    std::string_view text;
    const char* why;
  } kCases[] = {
      {R"({"position":1} )", "a byte behind it"},
      {R"({"position": 1})", "a space"},
      {R"({"position":1,"more":2})", "a field of a later version"},
      {R"({"position":01})", "a leading zero"},
      {R"({"position":-0})", "a zero below zero"},
      {R"({"position":1.0})", "a fraction"},
      {R"({"position":1e2})", "an exponent"},
      {R"({"position":9223372036854775808})", "a number that is too large"},
      {R"({"position":})", "no value"},
      {R"({"position":1)", "no end"},
      {R"({"Position":1})", "another name"},
      {R"({})", "a field that is missing"},
      {R"()", "nothing"},
  };
  for (const auto& test : kCases) {
    FeedHeadRecord head;
    EXPECT_FALSE(json::StraightReader<EnumForm::kNumber>(test.text).ReadAll(head)) << test.why;
  }
  FeedHeadRecord head;
  ASSERT_TRUE(json::StraightReader<EnumForm::kNumber>(R"({"position":-9223372036854775808})").ReadAll(head));
  EXPECT_EQ(head.position, INT64_MIN);
}

TEST(StraightReaderEdgeTest, ReadsNumbersOfEachLength) {
  for (int64_t number = 1; number <= INT64_MAX / 10; number *= 10) {
    for (const int64_t one : {number - 1, number, number * 10, -number, INT64_MAX - number}) {
      const std::string text = ToRecord(FeedHeadRecord{.position = one});
      FeedHeadRecord head;
      ASSERT_TRUE(json::StraightReader<EnumForm::kNumber>(text).ReadAll(head)) << text;
      EXPECT_EQ(head.position, one);
    }
  }
}

// Straight, and by the tree.
TEST(DecodeRecordInto, KeepsNoFieldOfTheRecordBefore) {
  ConversationRecord bare;
  bare.customer = {wire::ActorKind::kCustomer, "cus_1", "Ada"};
  const std::string text = ToRecord(bare);
  wire::RandomWire random(7);
  for (int i = 0; i < 50; ++i) {
    for (const std::string& one : {text, text.substr(0, text.size() - 1) + R"(,"later":1})"}) {
      auto record = random.Make<ConversationRecord>();
      ASSERT_TRUE(DecodeRecordInto(one, record).ok());
      EXPECT_EQ(ToRecord(record), one);
    }
  }
}

TEST(DecodeRecordInto, KeepsNothingUnknownOfTheRecordBefore) {
  FeedHeadRecord head;
  ASSERT_TRUE(DecodeRecordInto(R"({"version":1,"position":1,"later":2})", head).ok());
  ASSERT_EQ(ToRecord(head), R"({"version":1,"position":1,"later":2})");
  ASSERT_TRUE(DecodeRecordInto(R"({"version":1,"position":3})", head).ok());
  EXPECT_EQ(ToRecord(head), R"({"version":1,"position":3})");
}

TEST(StraightReaderEdgeTest, LeavesAnEnumOfALaterVersionToTheTree) {
  AgentState state;
  EXPECT_FALSE(json::StraightReader<EnumForm::kNumber>(R"({"version":1,"presence":99,"load":0,"assigned_at":0})")
                   .ReadAll(state));
  EXPECT_TRUE(DecodeRecord<AgentState>(R"({"version":1,"presence":99,"load":3,"assigned_at":0})")->load == 3);
}

// Its number is none of its names.
TEST(StraightReaderEdgeTest, LeavesEachEnumThatIsSentToTheTree) {
  for (const std::string_view text : {R"({"state":"online"})", R"({"state":1})"}) {
    wire::PresenceChange presence;
    EXPECT_FALSE(json::StraightReader<EnumForm::kName>(text).ReadAll(presence)) << text;
  }
  EXPECT_EQ(ParseJson<wire::PresenceChange>(R"({"state":"online"})")->state, wire::Presence::kOnline);
  EXPECT_FALSE(ParseJson<wire::PresenceChange>(R"({"state":1})").ok());
}

}  // namespace
}  // namespace alcove::functions
