#include "functions/json_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "functions/wire/limits.h"
#include "tests/wire/random_wire.h"

namespace alcove::functions {
namespace {

using testing::HasSubstr;

enum class Colour { kNone, kRed, kGreen };

struct Small {
  std::string text;
  int64_t number = 0;
  bool flag = false;
  Colour colour = Colour::kNone;
  std::optional<int64_t> maybe;
  std::vector<std::string> list;
  friend bool operator==(const Small&, const Small&) = default;
};
template <class V>
void Describe(V& visit, Small& small) {
  visit("text", small.text);
  visit("number", small.number);
  visit("flag", small.flag);
  visit("colour", small.colour);
  visit("maybe", small.maybe);
  visit("list", small.list);
}

struct Holder {
  std::vector<Small> items;
  friend bool operator==(const Holder&, const Holder&) = default;
};
template <class V>
void Describe(V& visit, Holder& holder) {
  visit("items", holder.items);
}

struct Stored {
  wire::RawJson result;
  std::string id;
  friend bool operator==(const Stored&, const Stored&) = default;
};
template <class V>
void Describe(V& visit, Stored& stored) {
  visit("result", stored.result);
  visit("id", stored.id);
}

}  // namespace
}  // namespace alcove::functions

namespace alcove::wire {
template <>
struct EnumNames<functions::Colour> {
  static constexpr std::array<std::string_view, 3> kNames = {"none", "red", "green"};
};
}  // namespace alcove::wire

namespace alcove::functions {
namespace {

TEST(JsonCodec, EveryWireTypeComesBackAsItWas) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    wire::RandomWire random(seed);
    wire::ForEveryWireType([&](auto empty) {
      using T = decltype(empty);
      const T value = random.Make<T>();
      const std::string text = ToJson(value);
      const absl::StatusOr<T> parsed = ParseJson<T>(text);
      ASSERT_TRUE(parsed.ok()) << parsed.status() << "\n" << text;
      EXPECT_EQ(*parsed, value) << text;
      const absl::StatusOr<T> decoded = DecodeRecord<T>(ToRecord(value));
      ASSERT_TRUE(decoded.ok()) << decoded.status();
      EXPECT_EQ(*decoded, value);
    });
  }
}

TEST(JsonCodec, WritesCompactTextInTheOrderOfDeclaration) {
  Small small{"a", -5, true, Colour::kGreen, 7, {"x", ""}};
  EXPECT_EQ(ToJson(small), R"({"text":"a","number":-5,"flag":true,"colour":"green","maybe":7,"list":["x",""]})");
  EXPECT_EQ(ToRecord(small), R"({"text":"a","number":-5,"flag":true,"colour":2,"maybe":7,"list":["x",""]})");
  EXPECT_EQ(ToJson(Small{}), R"({"text":"","number":0,"flag":false,"colour":"none","list":[]})");
  EXPECT_EQ(ToJson(wire::CloseConversation{}), "{}");
}

TEST(JsonCodec, AcceptsWhatAWriterOfALaterVersionMaySend) {
  const Small expected{"a", 1, true, Colour::kNone, std::nullopt, {}};
  static constexpr struct {
    const char* name;
    const char* text;
  } kCases[] = {
      {"fields in another order", R"({"flag":true,"colour":"none","number":1,"text":"a"})"},
      {"unknown fields", R"({"text":"a","number":1,"flag":true,"colour":"none","new":{"deep":[1.5,{}]},"x":1e99})"},
      {"null for an optional", R"({"text":"a","number":1,"flag":true,"colour":"none","maybe":null})"},
      {"an enum name of later", R"({"text":"a","number":1,"flag":true,"colour":"ultraviolet"})"},
      {"space", " { \"text\" : \"a\" , \"number\":1,\"flag\":true,\n\"colour\":\"none\" } "},
      {"escapes", R"({"te\u0078t":"\u0061","number":1,"flag":true,"colour":"none"})"},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    const auto parsed = ParseJson<Small>(test.text);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(*parsed, expected);
  }
}

TEST(JsonCodec, RefusesAndNamesTheField) {
  static constexpr struct {
    const char* name;
    const char* text;
    const char* message;
  } kCases[] = {
      // Not JSON.
      {"nothing", "", "not JSON"},
      {"cut", R"({"text":"a")", "not JSON"},
      {"something after", R"({"text":"a","number":1,"flag":true,"colour":"none"} x)", "not JSON"},
      {"a comment", R"(/**/{"text":"a"})", "not JSON"},
      {"a comma too many", R"({"text":"a",})", "not JSON"},
      {"HTML", "<html>", "not JSON"},
      // Not UTF-8.
      {"a lone continuation", "{\"text\":\"\x80\"}", "not JSON"},
      {"an overlong slash", "{\"text\":\"\xC0\xAF\"}", "not JSON"},
      {"a lone surrogate", R"({"text":"\ud800"})", "not JSON"},
      // Another shape.
      {"an array", "[]", "the value is no object"},
      {"null", "null", "the value is no object"},
      {"a missing string", R"({"number":1,"flag":true,"colour":"none"})", "`text` is missing"},
      {"null for a string", R"({"text":null,"number":1,"flag":true,"colour":"none"})", "`text` is no string"},
      {"a number for a string", R"({"text":1,"number":1,"flag":true,"colour":"none"})", "`text` is no string"},
      {"a fraction", R"({"text":"","number":1.0,"flag":true,"colour":"none"})", "`number` is no integer"},
      {"an exponent", R"({"text":"","number":1e3,"flag":true,"colour":"none"})", "`number` is no integer"},
      {"2^63", R"({"text":"","number":9223372036854775808,"flag":true,"colour":"none"})", "`number` is no integer"},
      {"-2^63-1", R"({"text":"","number":-9223372036854775809,"flag":true,"colour":"none"})", "`number` is no integer"},
      {"2^64", R"({"text":"","number":18446744073709551616,"flag":true,"colour":"none"})", "`number` is no integer"},
      {"a string for an integer", R"({"text":"","number":"1","flag":true,"colour":"none"})", "`number` is no integer"},
      {"a number for a boolean", R"({"text":"","number":1,"flag":1,"colour":"none"})", "`flag` is neither"},
      {"a number for an enum", R"({"text":"","number":1,"flag":true,"colour":1})", "`colour` is no string"},
      {"a bad optional", R"({"text":"","number":1,"flag":true,"colour":"red","maybe":"x"})", "`maybe` is no integer"},
      {"an object for a list", R"({"text":"","number":1,"flag":true,"colour":"red","list":{}})", "`list` is no array"},
      {"a bad item", R"({"text":"","number":1,"flag":true,"colour":"red","list":["a",2]})", "`list[1]` is no string"},
      // Two readers may take different ones of the same name.
      {"a key twice", R"({"text":"a","text":"a","number":1,"flag":true,"colour":"none"})", "twice"},
      {"a key twice, escaped", R"({"text":"a","te\u0078t":"b","number":1,"flag":true,"colour":"none"})", "twice"},
      {"an unknown key twice", R"({"a":1,"text":"a","number":1,"flag":true,"colour":"none","a":1})", "twice"},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    const auto parsed = ParseJson<Small>(test.text);
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr(test.message));
  }
}

TEST(JsonCodec, TellsThatARecordThatCannotBeReadIsLost) {
  for (const char* text : {"", "{", "[]", "{}", R"({"text":1})", R"({"text":"a","text":"a"})"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(DecodeRecord<wire::NewMessage>(text).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(JsonCodec, NamesFieldsInsideOfOthers) {
  const auto parsed = ParseJson<Holder>(
      R"({"items":[{"text":"","number":1,"flag":true,"colour":"red"},{"text":"","number":1,"flag":0,"colour":"red"}]})");
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("`items[1].flag` is neither"));
}

TEST(JsonCodec, RefusesNestingBeyondTheLimitOnly) {
  const auto nested = [](int depth) {
    const auto n = static_cast<size_t>(depth);
    return R"({"x":)" + std::string(n - 1, '[') + std::string(n - 1, ']') + R"(,"items":[]})";
  };
  EXPECT_TRUE(ParseJson<Holder>(nested(wire::kJsonDepthMax)).ok());
  const auto refused = ParseJson<Holder>(nested(wire::kJsonDepthMax + 1));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("deeper than 32"));
  EXPECT_FALSE(ParseJson<Holder>(nested(100'000)).ok());
  EXPECT_FALSE(ParseJson<Holder>(std::string(100'000, '[')).ok());
}

TEST(JsonCodec, ReadsAnEnumNumberOfALaterVersionAsTheFirst) {
  const auto decoded = DecodeRecord<Small>(R"({"text":"","number":1,"flag":true,"colour":99})");
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->colour, Colour::kNone);
  EXPECT_EQ(DecodeRecord<Small>(R"({"text":"","number":1,"flag":true,"colour":-1})")->colour, Colour::kNone);
}

TEST(JsonCodec, SplicesRawJsonAndKeepsItAsItWasWritten) {
  const Stored stored{{R"({"b":[1,-2,1.50,true,null,"\n\"é"],"a":{}})"}, "x"};
  const std::string text = ToRecord(stored);
  EXPECT_EQ(text, R"({"result":)" + stored.result.text + R"(,"id":"x"})");
  const auto decoded = DecodeRecord<Stored>(text);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, stored);
}

TEST(JsonCodec, WritesBytesThatAreNotUtf8AsReplacementCharacters) {
  EXPECT_EQ(ToJson(wire::NewMessage{"a\xFF\x80z"}), "{\"text\":\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"}");
}

TEST(JsonCodec, ReadsAnObjectOfManyKeysInTimeForIt) {
  std::string text = R"({"items":[])";
  for (int i = 0; text.size() < wire::kRequestBodyBytesMax; ++i) text += ",\"" + std::to_string(i) + "\":0";
  EXPECT_TRUE(ParseJson<Holder>(text + "}").ok());
}

TEST(JsonCodec, AChangeLeavesAllElseAsItWasWritten) {
  const wire::MessageEdit before{"a"};
  const wire::NewMessage message{.text = "a", .after = 3};
  wire::NewMessage changed = message;
  changed.text = "b \"c\"";
  changed.after.reset();
  changed.reply_to = "msg_1";
  EXPECT_EQ(*WithChange(R"({"later":{"x":[1,2.50,null]},"text":"a","after":3})", message, changed),
            R"({"later":{"x":[1,2.50,null]},"text":"b \"c\"","reply_to":"msg_1"})");
  EXPECT_EQ(*WithChange(R"({"text":"a","later":1})", before, before), R"({"text":"a","later":1})");
  for (const char* none : {"", "[]", "{", "7"}) {
    EXPECT_EQ(WithChange(none, before, before).status().code(), absl::StatusCode::kDataLoss) << none;
  }
}

}  // namespace
}  // namespace alcove::functions
