#include "wasm-widget/conversation/log.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/wire/limits.h"
#include "wasm-widget/conversation/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::conversation {
namespace {

using client::Delivery;
using client::Row;
using wire::ActorKind;
using wire::EventType;

std::string Name(const wire::Actor& actor) {
  // It has no family.
  if (actor.kind == ActorKind::kBot && !actor.name.empty()) return actor.name;
  if (!actor.name.empty()) return std::string(FirstName(actor.name));
  return std::string(actor.kind == ActorKind::kCustomer ? strings::kCustomer : strings::kSupport);
}

// Who came to whom has it, or went again, in the words of both; a bot that came, too. "" where it is neither.
std::string Participation(const Row& row) {
  if (row.type == EventType::kJoined) return ui::Fill(strings::kJoined, {Name(row.event->agent.value_or(*row.actor))});
  const bool left = row.type == EventType::kLeft && row.event->agent.has_value();
  return left ? ui::Fill(strings::kTheyLeft, {Name(*row.event->agent)}) : std::string();
}

// News in the words of a customer; "" where a row is none to customers.
std::string NewsToCustomer(const Row& row) {
  switch (row.type) {
    case EventType::kAssigned:
      return ui::Fill(strings::kJoined, {Name(row.event->agent.value_or(*row.actor))});
    case EventType::kTransferred:
      return row.event->to ? ui::Fill(strings::kJoined, {Name(*row.event->to)}) : std::string();
    case EventType::kUnassigned:
      return std::string(strings::kLeft);
    case EventType::kReopened:
      return ui::Fill(strings::kReopened, {Name(*row.actor)});
    default:
      return Participation(row);  // While in the queue the customer sees a card with the position instead.
  }
}

std::string WithComment(std::string news, const wire::Event& event) {
  if (event.comment && !event.comment->empty()) news.append(" — ").append(*event.comment);
  return news;
}

// "+vip −late". A tag has its sign before it in whichever direction the tag runs, also in a line of the other: each is
// held together by marks that are not drawn.
std::string TagsOf(const wire::Event& event) {
  std::string tags;
  const auto add = [&](std::string_view sign, const std::optional<std::vector<std::string>>& changed) {
    if (!changed) return;
    for (const std::string& tag : *changed)
      tags.append(tags.empty() ? sign.substr(1) : sign).append(tag).append("\u2069");
  };
  add(" \u2068+", event.add);
  add(" \u2068−", event.remove);
  return tags;
}

std::string NewsToAgent(const Row& row, const TimeWords& words) {
  switch (row.type) {
    case EventType::kQueued:
      return WithComment(std::string(strings::kQueued), *row.event);
    case EventType::kAssigned:
      return WithComment(ui::Fill(strings::kAssignedTo, {row.event->agent.value_or(*row.actor).name}), *row.event);
    case EventType::kTransferred:
      return WithComment(ui::Fill(strings::kHandedOverTo, {row.event->to.value_or(*row.actor).name}), *row.event);
    case EventType::kLeft:
      return row.event->agent ? Participation(row) : ui::Fill(strings::kBotHandedOver, {Name(*row.actor)});
    case EventType::kUnassigned:
      return WithComment(std::string(strings::kBackInQueue), *row.event);
    case EventType::kReopened:
      return ui::Fill(strings::kReopened, {Name(*row.actor)});
    case EventType::kSnoozed:
      return ui::Fill(strings::kSnoozedUntil,
                      {words.day(row.event->until.value_or(row.at)), words.time(row.event->until.value_or(row.at))});
    case EventType::kTagged:
      return ui::Fill(strings::kTags, {TagsOf(*row.event)});
    case EventType::kRated:
      return WithComment(ui::Fill(strings::kRated, {std::to_string(row.event->score.value_or(0)),
                                                    std::to_string(wire::kRatingScoreMax)}),
                         *row.event);
    case EventType::kPage:
      return row.event->url ? ui::Fill(strings::kLooksAt, {row.event->title.value_or(*row.event->url)}) : std::string();
    default:
      return Participation(row);
  }
}

std::string News(const Row& row, ActorKind reader, const TimeWords& words) {
  if (row.type != EventType::kClosed) {
    if (row.event == nullptr) return {};
    return reader == ActorKind::kCustomer ? NewsToCustomer(row) : NewsToAgent(row, words);
  }
  if (row.mine) return std::string(strings::kYouEnded);
  const bool by_somebody = row.actor->kind == ActorKind::kCustomer || row.actor->kind == ActorKind::kAgent;
  return by_somebody ? ui::Fill(strings::kTheyEnded, {Name(*row.actor)}) : std::string(strings::kEnded);
}

bool IsEdited(const Row& row) { return row.event != nullptr && row.event->edited_seq.has_value(); }

std::string_view NoteOf(const Row& row) { return row.whisper ? strings::kWhisper : strings::kInternalNote; }

class Builder {
 public:
  Builder(ActorKind reader, const TimeWords& words) : reader_(reader), words_(words) {}

  void Add(const Row& row) {
    if (row.type == EventType::kMessage || row.type == EventType::kNote) {
      AddMessage(row);
      return;
    }
    std::string news = News(row, reader_, words_);
    if (news.empty()) return;
    AddDay(row.at);
    last_ = nullptr;
    entries_.push_back({.kind = LogEntry::Kind::kNews, .key = std::to_string(row.seq), .text = std::move(news)});
  }

  std::vector<LogEntry> Take() { return std::move(entries_); }

 private:
  void AddMessage(const Row& row) {
    AddDay(row.at);
    const std::string author = row.mine ? std::string(strings::kYou) : Name(*row.actor);
    LogEntry entry;
    entry.key = row.id.empty() ? std::to_string(row.seq) : std::string(row.id);
    // None but what is gone says nothing.
    entry.gone = row.text.empty();
    entry.text = entry.gone ? ui::Fill("*%s*", {strings::kMessageDeleted}) : std::string(row.text);
    entry.note = row.type == EventType::kNote;
    entry.mine = entry.note ? row.mine : row.our_side;
    entry.sending = row.delivery == Delivery::kSending;
    entry.failed = row.delivery == Delivery::kFailed;
    entry.spoken_before = entry.note ? std::string(NoteOf(row)) + ", " + author + ":" : author + ":";
    entry.meta = Meta(row, author);
    if (Joins(row)) {
      entries_.back().last_of_group = false;
      entries_.back().meta.clear();
    }
    entries_.push_back(std::move(entry));
    last_ = &row;
  }

  // Whether `row` goes on the group that the last one began.
  bool Joins(const Row& row) const {
    if (last_ == nullptr || row.type != last_->type || row.whisper != last_->whisper) return false;
    if (row.actor->kind != last_->actor->kind || row.actor->id != last_->actor->id) return false;
    if (IsEdited(*last_)) return false;
    // What has not arrived stands apart from what has, and each failure has its own button.
    const bool sent = row.seq > 0;
    const bool last_sent = last_->seq > 0;
    if (sent != last_sent || row.delivery == Delivery::kFailed || last_->delivery == Delivery::kFailed) return false;
    return row.at - last_->at < kGroupMs;
  }

  std::string Meta(const Row& row, const std::string& author) const {
    if (row.delivery == Delivery::kFailed) {
      return std::string(row.failure == "overtaken" ? strings::kOvertaken : strings::kFailedTapToRetry);
    }
    if (row.delivery == Delivery::kSending) return std::string(strings::kSending);
    std::string meta;
    if (row.type == EventType::kNote) meta.append(NoteOf(row)).append(" · ");
    // A customer knows that the right side is theirs; an agent shares it with colleagues.
    if (!row.mine || reader_ == ActorKind::kAgent) meta.append(author).append(" · ");
    if (row.actor->kind == ActorKind::kBot) meta.append(strings::kBot).append(" · ");
    meta += words_.time(row.at);
    if (IsEdited(row)) meta.append(" · ").append(strings::kEdited);
    if (row.delivery == Delivery::kSent) meta.append(" · ").append(strings::kSent);
    if (row.delivery == Delivery::kSeen) meta.append(" · ").append(strings::kSeen);
    return meta;
  }

  void AddDay(int64_t at) {
    std::string day = words_.day(at);
    if (day == day_) return;
    last_ = nullptr;
    entries_.push_back({.kind = LogEntry::Kind::kDay, .key = "day " + day, .text = day});
    day_ = std::move(day);
  }

  const ActorKind reader_;
  const TimeWords& words_;
  std::vector<LogEntry> entries_;
  std::string day_;
  const Row* last_ = nullptr;  // the last message of the group that goes on
};

}  // namespace

std::string_view FirstName(std::string_view name) {
  // "Visitor 4821" is no first name and a family name.
  if (name.find_first_of("0123456789") != std::string_view::npos) return name;
  return name.substr(0, name.find(' '));
}

std::vector<LogEntry> BuildLog(const LogSource& source, const TimeWords& words) {
  Builder builder(source.reader, words);
  for (const Row& row : source.rows) builder.Add(row);
  return builder.Take();
}

}  // namespace alcove::conversation
