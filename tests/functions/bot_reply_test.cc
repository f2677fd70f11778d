// What a bot that is a list of answers says, message by message.
#include <cstdint>
#include <string>
#include <vector>

#include "functions/domain/bot.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace alcove::functions {
namespace {

using testing::ElementsAre;

TEST(BotWords, AreInSmallLettersAndPartedByAllThatIsNoLetterOrNumber) {
  EXPECT_THAT(WordsOf(""), ElementsAre());
  EXPECT_THAT(WordsOf(" ?!… “”"), ElementsAre());
  EXPECT_THAT(WordsOf("Where's my ORDER-42?"), ElementsAre("where", "s", "my", "order", "42"));
  EXPECT_THAT(WordsOf("Rücksendung: ÄÖÜ, ß"), ElementsAre("rücksendung", "äöü", "ß"));
  EXPECT_THAT(WordsOf("ZAŻÓŁĆ GĘŚLĄ JAŹŃ İĞ ŸŒ"), ElementsAre("zażółć", "gęślą", "jaźń", "iğ", "ÿœ"));
  EXPECT_THAT(WordsOf("ΕΠΙΣΤΡΟΦΉ Ώρα, λόγος"), ElementsAre("επιστροφή", "ώρα", "λόγοσ"));
  EXPECT_THAT(WordsOf("ВОЗВРАТ Ёлка Їжак"), ElementsAre("возврат", "ёлка", "їжак"));
  EXPECT_THAT(WordsOf("ＦＡＱ！ ０１"), ElementsAre("faq", "01"));
  EXPECT_THAT(WordsOf("नमस्ते। क्या"), ElementsAre("नमस्ते", "क्या"));
  EXPECT_THAT(WordsOf("كيف؟ مرحبا،"), ElementsAre("كيف", "مرحبا"));
  EXPECT_THAT(WordsOf("退货，abc"), ElementsAre("退", "货", "abc"));
  EXPECT_THAT(WordsOf("ok👍🏽yes"), ElementsAre("ok", "👍", "🏽", "yes"));
  // What is no UTF-8 is no letter, and nothing is lost behind it.
  EXPECT_THAT(WordsOf("a\xff\xc3z"), ElementsAre("a", "z"));
  EXPECT_THAT(WordsOf("\xe2\x82"), ElementsAre());
}

TEST(BotWords, APhraseFitsAsWholeWordsNextToEachOther) {
  const struct {
    const char* name;
    const char* phrase;
    const char* message;
    bool fits;
  } kCases[] = {
      {"the same", "return", "return", true},
      {"within", "return", "Can I return it?", true},
      {"capitals", "RETURN", "can i Return it", true},
      {"a part of a word", "turn", "can I return it", false},
      {"the beginning of a word", "return", "is it returnable", false},
      {"two words", "send back", "can I send-back a mug", true},
      {"two words apart", "send back", "can I send it back", false},
      {"two words the other way round", "send back", "back to send", false},
      {"more than the message", "send back", "send", false},
      {"at the end", "opening hours", "what are your opening hours", true},
      {"umlauts", "öffnungszeiten", "ÖFFNUNGSZEITEN?", true},
      {"an accent is another letter", "cafe", "café", false},
      {"a number", "42", "order 42.", true},
      {"a part of a number", "42", "order 421", false},
      {"Chinese, within", "退货", "我想退货可以吗", true},
      {"Chinese, apart", "退货", "退了货", false},
      {"Korean, with an ending", "환불", "환불을 원해요", true},
      {"Thai, within", "คืนสินค้า", "อยากคืนสินค้าครับ", true},
      {"a picture", "👍", "great👍thanks", true},
      {"no word at all", "?", "?", false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(HoldsOneOf({c.phrase}, WordsOf(c.message)), c.fits);
    EXPECT_EQ(HoldsOneOf({"nothing of it", c.phrase}, WordsOf(c.message)), c.fits);
  }
  EXPECT_FALSE(HoldsOneOf({}, WordsOf("a")));
}

wire::BotFields Alva() {
  wire::BotFields bot;
  bot.name = "Alva";
  bot.answers = {{{"return", "send back"}, "Within 30 days."},
                 {{"hours", "return desk"}, "From 9 to 5."},
                 {{"person or not"}, "A bot."}};
  bot.hand_over = {"person", "human being"};
  bot.hand_over_text = "One moment.";
  bot.fallback = "Say it otherwise?";
  bot.hand_over_after = 3;
  return bot;
}

TEST(BotReply, IsTheFirstAnswerThatFits) {
  const struct {
    const char* name;
    const char* message;
    int64_t unknown;  // before
    std::string text;
    std::string hands_over;
    int64_t unknown_now;
  } kCases[] = {
      {"a phrase", "How do I send back a mug?", 0, "Within 30 days.", "", 0},
      {"of two the first", "hours of the return desk", 0, "Within 30 days.", "", 0},
      {"the second", "your hours please", 0, "From 9 to 5.", "", 0},
      {"what it knows ends the row", "hours", 2, "From 9 to 5.", "", 0},
      {"unknown", "what?", 0, "Say it otherwise?", "", 1},
      {"unknown again", "what?", 1, "Say it otherwise?", "", 2},
      {"unknown for the third time", "what?", 2, "One moment.", "did not know 3 answers", 3},
      {"whoever was set to fewer meanwhile", "what?", 9, "One moment.", "did not know 10 answers", 10},
      {"a person", "a PERSON, please", 1, "One moment.", "asked for a person", 0},
      {"a person comes before any answer", "person or not", 0, "One moment.", "asked for a person", 0},
      {"nothing but signs", "???", 0, "Say it otherwise?", "", 1},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const BotReply reply = ReplyOf(Alva(), c.message, c.unknown);
    EXPECT_EQ(reply.text, c.text);
    EXPECT_EQ(reply.hands_over, c.hands_over);
    EXPECT_EQ(reply.unknown, c.unknown_now);
  }
}

TEST(BotReply, OfABotThatKnowsNothingHandsOver) {
  const BotReply reply = ReplyOf(wire::BotFields{}, "hello", 0);
  EXPECT_EQ(reply.text, "");
  EXPECT_EQ(reply.hands_over, "did not know an answer");
}

TEST(BotReply, ThatHasNoWordHandsOver) {
  wire::BotFields bot = Alva();
  bot.fallback.reset();
  const BotReply reply = ReplyOf(bot, "what?", 0);
  EXPECT_EQ(reply.text, "");
  EXPECT_EQ(reply.hands_over, "had nothing to say");
  EXPECT_EQ(reply.unknown, 1);
}

TEST(BotTalk, GoesOnUntilItHelpsOrHandsOver) {
  const struct {
    const char* name;
    std::vector<std::string> messages;
    size_t taken;
    std::string hands_over;
  } kCases[] = {
      {"who says nothing", {}, 0, "asked for a person"},
      {"one that it knows", {"hours"}, 1, ""},
      {"all that it knows", {"hours", "send back"}, 2, ""},
      {"one that it does not know yet", {"what?", "hours", "what?", "why?"}, 4, ""},
      {"too many in a row", {"hours", "what?", "why?", "how?", "hours"}, 4, "did not know 3 answers"},
      {"a person", {"hours", "a person please", "hours"}, 2, "asked for a person"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const BotTalk talk = TalkWith(Alva(), c.messages);
    EXPECT_EQ(talk.messages, c.taken);
    EXPECT_EQ(talk.hands_over, c.hands_over);
  }
}

TEST(BotTalk, WithAProgramIsHandedOver) {
  wire::BotFields bot = Alva();
  bot.url = "https://bot.example/";
  const std::vector<std::string> knows = {"hours"};
  EXPECT_EQ(TalkWith(bot, knows).hands_over, "its program is not asked");
  const std::vector<std::string> asks = {"a person please"};
  EXPECT_EQ(TalkWith(bot, asks).hands_over, "asked for a person");
}

TEST(BotTalk, IsForWhoSpeaksItsLanguage) {
  wire::BotFields bot = Alva();
  EXPECT_TRUE(Speaks(bot, "de"));
  bot.language = "de";
  EXPECT_TRUE(Speaks(bot, "de-AT"));
  EXPECT_TRUE(Speaks(bot, std::nullopt));
  EXPECT_FALSE(Speaks(bot, "fr"));
}

}  // namespace
}  // namespace alcove::functions
