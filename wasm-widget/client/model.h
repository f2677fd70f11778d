// What the server has said: conversations with their events, as far as known.
//
// *snapshot + events = fresh snapshot*: applying the events of a poll leaves a
// conversation as a snapshot taken afterwards would show it. Signals only make
// it so sooner.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/conversation.h"
#include "functions/wire/limits.h"
#include "functions/wire/poll.h"
#include "wasm-widget/client/platform.h"

namespace alcove::client {

struct Conversation {
  wire::Conversation summary;
  // Dense, oldest first; those before events.front() are at the server.
  std::vector<wire::Event> events;
  // Whether `events` reaches up to the newest that was told; else they are asked for when someone looks.
  bool loaded = false;
  // Its start is still in the outbox: the server does not know it.
  bool local = false;
  // The newest event that was told before those between it and the last one here.
  int64_t told_seq = 0;
  bool closing = false;
  // What lies before events.front() was asked for in vain: it is not asked for again before the next snapshot.
  bool no_earlier = false;

  // Someone of the other side who types, until `typing_until`.
  wire::Actor typist;
  std::string draft;
  int64_t typing_until = 0;

  // How far the reader here has read, known before the server tells it.
  int64_t marked_read = 0;

  int64_t last_seq() const { return events.empty() ? 0 : events.back().seq; }
};

// Lists of conversations on screen. By insertion: a hundred rows that are nearly
// in order already, in a fraction of what std::sort adds to the download.
using ConversationList = std::vector<const wire::Conversation*>;
using ComesBefore = bool (*)(const wire::Conversation& a, const wire::Conversation& b);
void SortList(ConversationList& list, ComesBefore comes_before);
bool LastChangedFirst(const wire::Conversation& a, const wire::Conversation& b);
bool FirstBegunFirst(const wire::Conversation& a, const wire::Conversation& b);

class Model {
 public:
  // What became of an event.
  enum class Applied {
    kApplied,
    kOld,        // already here
    kGap,        // does not follow the last one: what is between is to be asked for
    kNotLoaded,  // only the summary took it
  };

  // `side`: who reads here.
  explicit Model(wire::ActorKind side) : side_(side) {}

  // The conversations in the order in which they were met. Pointers to them
  // stay until ReplaceAll() or Clear().
  const std::vector<std::unique_ptr<Conversation>>& all() const { return all_; }
  // Null where it is not known.
  Conversation* Find(std::string_view id) const;
  Conversation& FindOrAdd(std::string_view id);

  // A snapshot: these are all, but for local ones and `kept`, which is then no longer loaded.
  // Earlier events that were paged in stay where the snapshot continues them.
  void ReplaceAll(std::vector<wire::ConversationWithEvents>& fresh, std::string_view kept);
  // One conversation as the server has it now.
  Conversation& Replace(wire::ConversationWithEvents& fresh);
  void Remove(std::string_view id);
  void Clear() { all_.clear(); }

  Applied Apply(const wire::Event& event);
  // Events before the first one here. Ignored where they do not join on; none: there are no earlier ones.
  void Prepend(Conversation& conversation, std::vector<wire::Event>& earlier);

  void ApplySummary(const wire::Conversation& summary);
  void ApplySignal(const wire::Signal& signal, int64_t now);

  // Forgets who has stopped typing without a word. True where that changes something.
  bool ExpireTyping(int64_t now);
  // When ExpireTyping() next has something to do.
  int64_t NextExpiry() const;

  // The seq that the reader has read up to once all here was seen; 0 where that is no news.
  int64_t UnreadUpTo(const Conversation& conversation) const;
  void MarkRead(Conversation& conversation, int64_t seq);

  bool IsOurSide(wire::ActorKind kind) const;

 private:
  void Derive(Conversation& conversation, const wire::Event& event);
  void StopTyping(Conversation& conversation, const wire::Actor& actor);
  void KeepMark(Conversation& conversation);
  int64_t& ReadByUs(wire::Conversation& summary) const;

  const wire::ActorKind side_;
  std::vector<std::unique_ptr<Conversation>> all_;
};

}  // namespace alcove::client
