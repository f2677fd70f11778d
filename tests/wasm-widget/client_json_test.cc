#include <gtest/gtest.h>

#include "functions/json_codec.h"
#include "functions/wire/limits.h"
#include "tests/wire/random_wire.h"
#include "wasm-widget/client/json.h"

namespace alcove::client {
namespace {

TEST(ClientJson, ReadsWhatTheServerWritesAndTheOtherWayRound) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    wire::RandomWire random(seed);
    wire::ForEveryWireType([&](auto empty) {
      using T = decltype(empty);
      const T value = random.Make<T>();
      const std::string from_server = functions::ToJson(value);
      T parsed;
      ASSERT_TRUE(ParseJson(from_server, parsed)) << from_server;
      EXPECT_EQ(parsed, value) << from_server;
      const auto back = functions::ParseJson<T>(ToJson(parsed));
      ASSERT_TRUE(back.ok()) << back.status();
      EXPECT_EQ(*back, value);
    });
  }
}

// Both codecs must take the same texts: each is a valid or an invalid NewConversation.
TEST(ClientJson, TakesAndRefusesWhatTheServerDoes) {
  static const struct {
    std::string text;
    bool valid;
  } kCases[] = {
      // Shapes.
      {R"({"message":{"id":"a","text":"b"}})", true},
      {"\n { \"message\" : { \"id\" : \"a\" ,\t\"text\":\"b\"\r} } ", true},
      {R"({"message":null})", true},
      {R"({})", true},
      {R"({"x":[1,-0,0.5,1e9,-1.5E-3,true,false,null,"",[],{},[[]],{"y":{}}]})", true},
      {R"([])", false},
      {R"(null)", false},
      {R"("x")", false},
      {R"(1)", false},
      {R"({"message":{"id":"a"}})", false},
      {R"({"message":{"id":1,"text":"b"}})", false},
      {R"({"message":[]})", false},
      {R"({"message":"x"})", false},
      // What jsmn alone would take.
      {"", false},
      {" ", false},
      {"{", false},
      {"}", false},
      {"{]", false},
      {"{}{}", false},
      {"{} x", false},
      {"{},", false},
      {"{,}", false},
      {R"({"x"})", false},
      {R"({"x":})", false},
      {R"({"x":1,})", false},
      {R"({,"x":1})", false},
      {R"({"x" 1})", false},
      {R"({"x":1 "y":2})", false},
      {R"({"x":1:2})", false},
      {R"({"x":"a":"b"})", false},
      {R"({"x":1,,"y":2})", false},
      {R"({1:2})", false},
      {R"({"x":[1 2]})", false},
      {R"({"x":[1,]})", false},
      {R"({"x":[,1]})", false},
      {R"({"x":["a":1]})", false},
      {R"({"x":[}})", false},
      {R"({"x":[1]]})", false},
      {R"({"x":{}:{}})", false},
      {R"({{}:1})", false},
      {R"({"x":1]})", false},
      // Words and numbers.
      {R"({"x":tru})", false},
      {R"({"x":nul})", false},
      {R"({"x":True})", false},
      {R"({"x":truefalse})", false},
      {R"({"x":01})", false},
      {R"({"x":-})", false},
      {R"({"x":+1})", false},
      {R"({"x":1.})", false},
      {R"({"x":.5})", false},
      {R"({"x":1e})", false},
      {R"({"x":0x10})", false},
      {R"({"x":NaN})", false},
      // Strings.
      {R"({"x":"\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\"})", true},
      {R"({"x":"\ud83d"})", false},
      {R"({"x":"\ud83d\ud83d"})", false},
      {R"({"x":"\ude00"})", false},
      {R"({"x":"\ud83dx"})", false},
      {R"({"x":"\ud83d\n"})", false},
      {R"({"x":"\u12"})", false},
      {R"({"x":"\u12G4"})", false},
      {R"({"x":"\x41"})", false},
      {R"({"x":"a)", false},
      {R"({"x":"a\)", false},
      {R"({"x":"a\"})", false},
      {R"({"x":'a'})", false},
      {"{\"x\":\"a\nb\"}", false},
      {"{\"x\":\"\xC3\"}", false},
      {"{\"x\":\"\xED\xA0\x80\"}", false},
      {"{\"\xFF\":1}", false},
      {std::string("{\"x\":\"a\0b\"}", 11), false},
      {std::string("{}\0", 3), false},
      {std::string("{}\0{", 4), false},
      {"<!doctype html><title>Sign in to the network</title>", false},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.text);
    wire::NewConversation conversation;
    EXPECT_EQ(ParseJson(test.text, conversation), test.valid);
    EXPECT_EQ(functions::ParseJson<wire::NewConversation>(test.text).ok(), test.valid);
  }
}

TEST(ClientJson, EveryCutOfATextIsRefused) {
  wire::RandomWire random(7);
  const std::string text = ToJson(random.Make<wire::EventPage>());
  for (size_t length = 0; length < text.size(); ++length) {
    wire::EventPage page;
    ASSERT_FALSE(ParseJson(std::string_view(text).substr(0, length), page)) << length;
  }
}

TEST(ClientJson, ADamagedTextNeverDividesTheCodecs) {
  wire::RandomWire random(11);
  std::mt19937 dice(11);
  const std::string text = ToJson(random.Make<wire::PollAnswer>());
  static constexpr std::string_view kBytes = "{}[],:\"\\0-e.tfnu \x01\xFF";
  for (int i = 0; i < 1'000; ++i) {
    std::string damaged = text;
    for (uint32_t n = 1 + dice() % 2; n > 0; --n) damaged[dice() % damaged.size()] = kBytes[dice() % kBytes.size()];
    wire::PollAnswer here;
    const bool ok = ParseJson(damaged, here);
    const auto there = functions::ParseJson<wire::PollAnswer>(damaged);
    // The server also refuses a name given twice and a number beyond a double.
    const std::string why(there.status().message());
    if (why.find("twice") != std::string::npos) continue;
    ASSERT_EQ(ok, there.ok()) << why << "\n" << damaged;
    if (ok) {
      ASSERT_EQ(here, *there) << damaged;
    }
  }
}

TEST(ClientJson, IntegersAreExactToTheLastOfThem) {
  static constexpr struct {
    const char* text;
    bool valid;
    int64_t value;
  } kCases[] = {
      {"0", true, 0},
      {"-0", true, 0},
      {"9223372036854775807", true, INT64_MAX},
      {"9223372036854775808", false, 0},
      {"-9223372036854775808", true, INT64_MIN},
      {"-9223372036854775809", false, 0},
      {"18446744073709551616", false, 0},
      {"9007199254740993", true, (int64_t{1} << 53) + 1},
      {"1.0", false, 0},
      {"1e3", false, 0},
      {"\"1\"", false, 0},
      {"true", false, 0},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.text);
    wire::ReadUpTo read;
    ASSERT_EQ(ParseJson(std::string(R"({"seq":)") + test.text + "}", read), test.valid);
    if (test.valid) {
      EXPECT_EQ(read.seq, test.value);
    }
  }
}

TEST(ClientJson, RefusesNestingBeyondTheLimitOnly) {
  const auto nested = [](int depth) {
    const auto n = static_cast<size_t>(depth) - 1;
    return R"({"x":)" + std::string(n, '[') + std::string(n, ']') + "}";
  };
  wire::Typing typing;
  EXPECT_TRUE(ParseJson(nested(wire::kJsonDepthMax), typing));
  EXPECT_FALSE(ParseJson(nested(wire::kJsonDepthMax + 1), typing));
  EXPECT_FALSE(ParseJson(nested(100'000), typing));
}

}  // namespace
}  // namespace alcove::client
