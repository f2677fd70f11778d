// Whatever the straight reader accepts, the tree reads as the same; whatever
// this version writes, it accepts.
#include "functions/straight_reader.h"

#include <gtest/gtest.h>

#include <random>

#include "functions/records.h"
#include "tests/wire/random_wire.h"

namespace alcove::functions {
namespace {

template <class T>
std::optional<std::string> Straight(std::string_view text) {
  T value;
  if (!json::StraightReader(text).ReadAll(value)) return std::nullopt;
  return ToRecord(value);
}

template <class T>
std::optional<std::string> ByTree(std::string_view text) {
  const auto tree = json::ParseTree(text);
  json::Refusal refusal;
  T value;
  if (!tree.ok() || !json::Reader<wire::EnumForm::kNumber>::Read(*tree, value, refusal)) return std::nullopt;
  return ToRecord(value);
}

template <class T>
class StraightReaderTest : public testing::Test {};
using Records = testing::Types<SiteRecord, AgentRecord, AgentState, CustomerRecord, TokenRecord, ConversationRecord,
                               QueueRecord, SentRecord, FeedPointer, FeedHeadRecord, DeferredRecord, DeferredKeyRecord>;
TYPED_TEST_SUITE(StraightReaderTest, Records);

TYPED_TEST(StraightReaderTest, ReadsWhateverIsWritten) {
  wire::RandomWire random(7);
  for (int i = 0; i < 500; ++i) {
    const std::string text = ToRecord(random.Make<TypeParam>());
    SCOPED_TRACE(text);
    ASSERT_EQ(Straight<TypeParam>(text), text);
    ASSERT_EQ(ByTree<TypeParam>(text), text);
  }
}

// One byte changed, left out or put in: most is refused, and what is not means the same to both.
TYPED_TEST(StraightReaderTest, AcceptsNothingThatTheTreeReadsOtherwise) {
  static constexpr std::string_view kBytes = "\"\\{}[]:,0123456789-.eutrn x\x01\x80\xC3";
  wire::RandomWire values(11);
  std::mt19937_64 random(13);
  int accepted = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string text = ToRecord(values.Make<TypeParam>());
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
    SCOPED_TRACE(text);
    const auto straight = Straight<TypeParam>(text);
    if (!straight) continue;
    ++accepted;
    ASSERT_EQ(ByTree<TypeParam>(text), straight);
  }
  EXPECT_GT(accepted, 0);
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
    EXPECT_FALSE(json::StraightReader(test.text).ReadAll(head)) << test.why;
  }
  FeedHeadRecord head;
  ASSERT_TRUE(json::StraightReader(R"({"position":-9223372036854775808})").ReadAll(head));
  EXPECT_EQ(head.position, INT64_MIN);
}

TEST(StraightReaderEdgeTest, LeavesAnEnumOfALaterVersionToTheTree) {
  AgentState state;
  EXPECT_FALSE(json::StraightReader(R"({"version":1,"presence":99,"load":0,"assigned_at":0})").ReadAll(state));
  EXPECT_TRUE(DecodeRecord<AgentState>(R"({"version":1,"presence":99,"load":3,"assigned_at":0})")->load == 3);
}

}  // namespace
}  // namespace alcove::functions
