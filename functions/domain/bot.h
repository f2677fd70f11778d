// What a bot that is a list of answers says to a message.
//
// A phrase fits where its words stand in the message, next to each other.
// Capitals are as small letters, in Latin, Greek and Cyrillic, and whatever is
// neither letter nor number parts words. Where a script writes no spaces each
// of its characters is a word, so that a phrase fits wherever it stands.
//
// Pure: no store, no clock. Threads: free functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/admin.h"

namespace alcove::functions {

// The words of a text, in small letters. What is no UTF-8 parts them.
std::vector<std::string> WordsOf(std::string_view text);

// Whether one of the phrases is in a text of these words.
bool HoldsOneOf(const std::vector<std::string>& phrases, const std::vector<std::string>& words);

struct BotReply {
  std::string text;  // "": it says nothing
  std::vector<std::string> quick_replies = {};
  std::string hands_over;  // why it does; "": it does not
  int64_t unknown = 0;     // messages in a row, up to this one, that it did not know
};

// Why a message that asks for a person is handed over.
inline constexpr std::string_view kAskedForAPerson = "asked for a person";

// Whether the bot is for who speaks that language; nullopt: nobody knows which.
bool Speaks(const wire::BotFields& bot, const std::optional<std::string>& language);

// `unknown`: of the messages before. REQUIRES: the bot is no program.
BotReply ReplyOf(const wire::BotFields& bot, std::string_view message, int64_t unknown);

// How it goes with a customer who writes these, one after another, as long as the bot has them.
struct BotTalk {
  size_t messages = 0;     // of theirs, up to the one that ends it
  std::string hands_over;  // why it does; "": it has helped
};
// Who writes nothing wants a person. A program is not asked: it is handed over.
BotTalk TalkWith(const wire::BotFields& bot, std::span<const std::string> messages);

}  // namespace alcove::functions
