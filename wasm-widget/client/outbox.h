// Messages that the server has not acknowledged yet.
//
// Each is kept in Storage from the moment it is written until the server has
// it, under the id that it will have for ever: sending it again is harmless,
// so it is sent until something definite is heard.
//
// One of a conversation is under way at a time, because the author's order
// is the order in which they are sent. One that was refused lets the next
// pass; one that waits for a repeat does not.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "wasm-widget/client/platform.h"

namespace alcove::client {

// A message as Storage keeps it.
struct KeptMessage {
  std::string conversation;
  std::string id;
  std::string text;
  int64_t at = 0;                  // when it was written, or last retried by hand
  bool starts = false;             // it begins its conversation
  std::optional<wire::Page> page;  // of one that starts
  // Of one that starts: what the customer answered to the site's form.
  std::optional<std::vector<wire::Field>> form = {};
  std::string by;                      // who wrote it; "" before the first session
  std::optional<std::string> failure;  // refused: the problem's code
  // Refused for this field of the form.
  std::optional<std::string> refused_field = {};
  // Of a note, which only agents see: who is to be told. nullopt: it is a message.
  std::optional<std::vector<std::string>> mentions;
  std::optional<bool> whisper = {};  // of a note: to who has the conversation
  // Of an agent's message: the last event that they had seen. Refused as `overtaken` where a colleague wrote behind it.
  std::optional<int64_t> after = {};
  bool IsNote() const { return mentions.has_value(); }
};
template <class V>
void Describe(V& visit, KeptMessage& message) {
  visit("conversation", message.conversation);
  visit("id", message.id);
  visit("text", message.text);
  visit("at", message.at);
  visit("starts", message.starts);
  visit("page", message.page);
  visit("form", message.form);
  visit("by", message.by);
  visit("failure", message.failure);
  visit("refused_field", message.refused_field);
  visit("mentions", message.mentions);
  visit("whisper", message.whisper);
  visit("after", message.after);
}

struct OutboxMessage {
  KeptMessage kept;
  int64_t request = 0;        // under way; 0: not
  int failures = 0;           // since it was last sent with hope
  int64_t next_at = 0;        // monotonic
  bool told_to_wait = false;  // `next_at` is the server's wish
  int64_t stored_seq = 0;     // the server has it, but events before it are not here yet
  bool failed() const { return kept.failure.has_value(); }
};

class Outbox {
 public:
  explicit Outbox(Storage& storage) : storage_(storage) {}

  // From here on messages are kept under `key`, and what was kept there is taken up.
  void Open(std::string key);
  // Lets go of all; what is kept stays.
  void Close() { all_.clear(); }
  // Forgets all, kept ones too.
  void Clear();

  void Add(KeptMessage message);
  // As Add(), before all others: one that was written before them.
  void AddFirst(KeptMessage message);
  const std::vector<std::unique_ptr<OutboxMessage>>& all() const { return all_; }
  OutboxMessage* Find(std::string_view id) const;
  OutboxMessage* FindRequest(int64_t request) const;

  // Fails those that have waited for a day. True where there was one.
  bool FailOld(int64_t wall_ms);
  // The next that may be sent now, null for none.
  OutboxMessage* Next(int64_t now);
  int64_t NextDueAt() const;

  // The server has it: it is kept no longer.
  void Remove(std::string_view id);
  // As Remove(), but it is shown until its event is here.
  void Stored(OutboxMessage& message, int64_t seq);
  // Refused for good. Where it was to begin its conversation, those behind it fail with it.
  void Fail(OutboxMessage& message, std::string_view code);
  // Tries a failed one again, last in its conversation; the one that begins the conversation goes before.
  void Retry(std::string_view id, int64_t now, int64_t wall_ms);
  // Takes one off. What it was to begin, the next of its conversation begins.
  void Discard(std::string_view id);
  // From now on it is of `conversation`, which it begins or not, by `by`, as if it had never been sent.
  enum class Place { kBegins, kFollows };
  void Move(OutboxMessage& message, std::string_view conversation, Place place, std::string_view by);
  // Those that nobody was known to have written are by `by`.
  void Adopt(std::string_view by);
  // Nothing waits any longer for its repeat, but where the server asked for it.
  void HurryAll(int64_t now);

 private:
  // Storage is shared by the tabs of a browser: each changes only its own messages in it.
  enum class Order { kLast, kFirst };
  void Keep(const KeptMessage& message, Order order = Order::kLast);
  void Unkeep(const KeptMessage& message);
  // A tab that runs what knew no notes writes back what it read without what makes them so: they have a key of their
  // own.
  std::string KeyOf(const KeptMessage& message) const { return message.IsNote() ? NotesKey() : key_; }
  std::string NotesKey() const { return key_ + ".notes"; }

  Storage& storage_;
  std::string key_;
  std::vector<std::unique_ptr<OutboxMessage>> all_;
};

}  // namespace alcove::client
