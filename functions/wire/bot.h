// What a program of the owner's is asked that answers as a bot, and what it
// answers.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "functions/wire/conversation.h"
#include "functions/wire/describe.h"
#include "functions/wire/event.h"

namespace alcove::wire {

// A message of the customer's.
struct BotMessage {
  std::string id;
  int64_t seq = 0;
  int64_t at = 0;
  std::string text;
  friend bool operator==(const BotMessage&, const BotMessage&) = default;
};
template <class V>
void Describe(V& visit, BotMessage& message) {
  visit("id", message.id);
  visit("seq", message.seq);
  visit("at", message.at);
  visit("text", message.text);
}

// One message, after all before it were answered. Where a server died it may be asked again, with the same
// `message.id`.
struct BotQuestion {
  std::string site;
  std::string conversation;
  std::string bot;
  Actor customer;
  BotMessage message;
  std::optional<std::string> language;  // that the customer's browser asks for
  std::optional<std::string> page;
  std::vector<Attribute> attributes;
  std::vector<Attribute> customer_attributes;
  friend bool operator==(const BotQuestion&, const BotQuestion&) = default;
};
template <class V>
void Describe(V& visit, BotQuestion& question) {
  visit("site", question.site);
  visit("conversation", question.conversation);
  visit("bot", question.bot);
  visit("customer", question.customer);
  visit("message", question.message);
  visit("language", question.language);
  visit("page", question.page);
  visit("attributes", question.attributes);
  visit("customer_attributes", question.customer_attributes);
}

// 200 with what the bot says, and does then.
struct BotSaid {
  std::optional<std::string> text;
  std::optional<std::vector<std::string>> quick_replies;  // beside the text: what the customer may answer with
  std::optional<bool> hand_over;
  std::optional<bool> close;
  friend bool operator==(const BotSaid&, const BotSaid&) = default;
};
template <class V>
void Describe(V& visit, BotSaid& said) {
  visit("text", said.text);
  visit("quick_replies", said.quick_replies);
  visit("hand_over", said.hand_over);
  visit("close", said.close);
}

}  // namespace alcove::wire
