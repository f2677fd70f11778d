#include "functions/news.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/access.h"
#include "functions/conversation.h"
#include "functions/feed.h"
#include "functions/problem.h"
#include "functions/routing.h"
#include "functions/shown.h"
#include "functions/wire/limits.h"
#include "functions/wire/poll.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

// What an answer holds of events, summaries and what is only worth knowing now.
// The rest is for the cursor, the commas and a customer's places in the queue:
// kSnapshotConversationsMax signals of under 100 bytes.
constexpr size_t kRoomBytes = wire::kPollBytesMax - 4 * 1024;

struct Found {
  FeedPointer pointer;
  std::string event;
};

// What an answer has of events, from one or more feeds.
struct Taken {
  std::vector<Found> found;
  std::set<FeedPointer> pointers;
  std::map<std::string, std::string> summaries;  // of each conversation in `found`, as signals
  size_t bytes = 0;                              // of events and summaries
  bool more = false;
};

// The events of one or more feeds with the summaries of their conversations,
// as far as they fit into one answer.
class Events {
 public:
  Events(store::Reader& reader, const wire::SiteId& site, Side side)
      : reader_(reader), site_(site), side_(side), places_(reader, site) {}

  // Takes from the feed what is behind `position`, and moves it.
  absl::Status Take(const keys::FeedOwner& owner, int64_t& position) {
    ASSIGN_OR_RETURN(const int64_t head, FeedPosition(reader_, site_, owner));
    if (position > head) return ProblemStatus(ProblemCode::kResync);
    // A full answer takes nothing more: the other feed may end in the middle of
    // a conversation that this one goes on with.
    if (taken_.more || position == head) {
      return absl::OkStatus();
    }
    const size_t room = std::min(wire::kPollEventsMax - taken_.found.size(), static_cast<size_t>(head - position));
    if (room > 0) {
      ASSIGN_OR_RETURN(const auto pointers, ReadFeed(reader_, site_, owner, position, room));
      for (const FeedPointer& pointer : pointers) {
        ASSIGN_OR_RETURN(const bool fits, TakeOne(pointer));
        if (!fits) break;
        ++position;
      }
    }
    taken_.more = position < head;
    return absl::OkStatus();
  }

  // As Take(), of a feed that many read, which is read once for all of them that are at one position.
  // REQUIRES: it is the first that is taken from.
  absl::Status TakeFirst(const keys::FeedOwner& owner, int64_t& position, SharedWork& shared) {
    struct OfAll {
      Taken taken;
      int64_t position;
    };
    const auto key =
        absl::StrCat("feed/", site_.text(), "/", owner.text(), "/", static_cast<int>(side_), "/", position);
    const auto take = [&]() -> absl::StatusOr<OfAll> {
      Events first(reader_, site_, side_);
      int64_t moved = position;
      RETURN_IF_ERROR(first.Take(owner, moved));
      return OfAll{std::move(first.taken_), moved};
    };
    ASSIGN_OR_RETURN(const auto of_all, shared.Once<OfAll>(key, take));
    taken_ = of_all->taken;
    position = of_all->position;
    return absl::OkStatus();
  }

  bool more() const { return taken_.more; }
  bool empty() const { return taken_.found.empty(); }
  size_t bytes() const { return taken_.bytes; }

  // A signal for each conversation.
  std::vector<wire::RawJson> Summaries() {
    std::vector<wire::RawJson> signals;
    for (auto& [id, signal] : taken_.summaries) signals.push_back({std::move(signal)});
    return signals;
  }

  // Each conversation's events in the order of their seq, wherever they came from.
  std::vector<wire::RawJson> InOrder() {
    std::vector<wire::RawJson> events;
    // As nearly always.
    if (taken_.found.size() == 1) {
      events.push_back({std::move(taken_.found.front().event)});
      return events;
    }
    std::map<std::string_view, std::vector<Found*>> by_conversation;
    for (Found& found : taken_.found) by_conversation[found.pointer.conversation].push_back(&found);
    for (auto& [id, of_one] : by_conversation) {
      std::sort(of_one.begin(), of_one.end(),
                [](const Found* a, const Found* b) { return a->pointer.seq > b->pointer.seq; });
    }
    for (const Found& found : taken_.found) {
      std::vector<Found*>& of_one = by_conversation[found.pointer.conversation];
      events.push_back({std::move(of_one.back()->event)});
      of_one.pop_back();
    }
    return events;
  }

 private:
  absl::StatusOr<bool> TakeOne(const FeedPointer& pointer) {
    if (taken_.pointers.contains(pointer)) return true;
    ASSIGN_OR_RETURN(auto event,
                     reader_.Get(keys::Event(site_, wire::ConversationId(pointer.conversation), pointer.seq)));
    if (!event) return absl::DataLossError("a feed points to no event");
    ASSIGN_OR_RETURN(*event, ShownTo(side_, *std::move(event)));
    std::string summary;
    if (!taken_.summaries.contains(pointer.conversation)) {
      ASSIGN_OR_RETURN(summary, SummaryOf(wire::ConversationId(pointer.conversation)));
    }
    const size_t bytes = event->size() + summary.size();
    if (!empty() && taken_.bytes + bytes > kRoomBytes) return false;
    taken_.bytes += bytes;
    if (!summary.empty()) taken_.summaries.emplace(pointer.conversation, std::move(summary));
    taken_.pointers.insert(pointer);
    taken_.found.push_back({pointer, *std::move(event)});
    return true;
  }

  absl::StatusOr<std::string> SummaryOf(const wire::ConversationId& id) {
    ASSIGN_OR_RETURN(const auto conversation, LoadConversation(reader_, site_, id));
    wire::Signal signal;
    signal.type = wire::SignalType::kConversation;
    signal.conversation = id.text();
    ASSIGN_OR_RETURN(signal.summary, Summarise(conversation, side_, places_));
    return ToJson(signal);
  }

  store::Reader& reader_;
  const wire::SiteId& site_;
  const Side side_;
  QueuePlaces places_;
  Taken taken_;
};

absl::StatusOr<std::shared_ptr<const SiteRecord>> SharedSite(store::Reader& reader, const wire::SiteId& site,
                                                             SharedWork& shared) {
  return shared.Once<SiteRecord>(absl::StrCat("site/", site.text()),
                                 [&] { return Load<SiteRecord>(reader, keys::Site(site)); });
}

absl::StatusOr<std::shared_ptr<const QueueRecord>> SharedQueue(store::Reader& reader, const wire::SiteId& site,
                                                               SharedWork& shared) {
  return shared.Once<QueueRecord>(absl::StrCat("queue/", site.text()),
                                  [&] { return LoadOrDefault<QueueRecord>(reader, keys::QueueState(site)); });
}

void AddSignal(const wire::Signal& signal, News& news) { news.signals.push_back({ToJson(signal)}); }

// What was published behind the cursor.
class NewEphemera {
 public:
  // Items newer than `upto` are left for the next poll: their publisher wakes it.
  NewEphemera(const Cursor& cursor, uint64_t upto, Context& context)
      : after_(EphemeraAfter(cursor, context)), upto_(upto), context_(context) {}

  void Take(const std::string& topic) {
    for (Ephemera::Item& item : context_.ephemera.Since(topic, after_, context_.clock.Now())) {
      if (item.version <= upto_) items_.push_back(std::move(item));
    }
  }
  // As Take() of a team's topic, with no more than a customer may know: who, and whether there.
  absl::Status TakeFaces(const std::string& topic) {
    const size_t before = items_.size();
    Take(topic);
    for (size_t i = before; i < items_.size(); ++i) {
      ASSIGN_OR_RETURN(wire::Signal signal, ParseJson<wire::Signal>(items_[i].value));
      if (signal.agent) signal.agent = wire::AgentSummary{signal.agent->id, {}, signal.agent->presence, 0, 0};
      items_[i].value = ToJson(signal);
    }
    return absl::OkStatus();
  }
  bool empty() const { return items_.empty(); }

  // Adds the oldest, as far as they fit beside `bytes`, and moves the cursor
  // behind the last of them.
  void AddTo(News& news, size_t bytes) {
    // One version counts for all topics.
    std::sort(items_.begin(), items_.end(),
              [](const Ephemera::Item& a, const Ephemera::Item& b) { return a.version < b.version; });
    news.cursor.incarnation = context_.ephemera.Incarnation();
    news.cursor.version = after_;
    for (Ephemera::Item& item : items_) {
      bytes += item.value.size();
      if (bytes > kRoomBytes && !news.empty()) {
        news.more = true;
        return;
      }
      news.cursor.version = item.version;
      news.signals.push_back({std::move(item.value)});
    }
    news.cursor.version = upto_;
  }

 private:
  const uint64_t after_;
  const uint64_t upto_;
  Context& context_;
  std::vector<Ephemera::Item> items_;
};

// Places of a customer's waiting conversations, where somebody left the queue.
absl::Status AddPlaces(store::Reader& reader, const CustomerAccess& access, int64_t told, Holding holding,
                       int64_t now_ms, SharedWork& shared, News& news) {
  ASSIGN_OR_RETURN(const auto customer, Load<CustomerRecord>(reader, keys::Customer(access.site, access.customer)));
  if (customer.waiting == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto queue, SharedQueue(reader, access.site, shared));
  if (told > queue->departures) return ProblemStatus(ProblemCode::kResync);
  ASSIGN_OR_RETURN(const auto entries, reader.Scan(keys::CustomerConversations(access.site, access.customer),
                                                   {store::Direction::kBackward, wire::kSnapshotConversationsMax}));
  // Where nobody left, nothing is said: the places only decide what to wait for.
  const bool has_moved = queue->departures > told;
  bool near = false;
  std::vector<wire::Signal> signals;
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(const auto id, keys::DecodeConversation(entry.key));
    ASSIGN_OR_RETURN(const auto conversation, LoadConversation(reader, access.site, id));
    if (conversation.record.state != wire::ConversationState::kQueued) continue;
    wire::Signal signal;
    signal.type = wire::SignalType::kQueue;
    signal.conversation = id.text();
    ASSIGN_OR_RETURN(signal.position, PlaceInQueue(reader, conversation));
    if (has_moved) {
      const std::string team = conversation.record.team.value_or("");
      ASSIGN_OR_RETURN(const auto waits, LoadOrDefault<WaitsRecord>(reader, keys::Waits(access.site, team)));
      signal.wait_ms = EstimateWaitMs(waits.samples, *signal.position, now_ms);
    }
    near = near || *signal.position <= wire::kQueuePlacesLiveMax;
    signals.push_back(std::move(signal));
  }
  const bool told_now = has_moved && (near || holding == Holding::kMustAnswer || !news.empty());
  if (told_now) {
    for (const wire::Signal& signal : signals) AddSignal(signal, news);
    news.cursor.queue = queue->departures;
  }
  if (near) news.topics.push_back(keys::PositionsTopic(access.site));
  // Who comes near is told by the next run, and by no topic before.
  news.told_by_topics = near || signals.empty();
  return absl::OkStatus();
}

absl::StatusOr<News> CustomerNews(store::Reader& reader, const Request& request, const Cursor& cursor, uint64_t upto,
                                  Holding holding, SharedWork& shared, Context& context) {
  ASSIGN_OR_RETURN(const CustomerAccess access, AccessCustomer(reader, request, context));
  const keys::FeedOwner owner = keys::FeedOwner::Of(access.customer);
  News news;
  news.cursor = cursor;
  news.customer = access;
  news.topics = {keys::Topic(access.site, owner)};
  Events events(reader, access.site, Side::kCustomer);
  RETURN_IF_ERROR(events.Take(owner, news.cursor.own));
  news.more = events.more();
  news.signals = events.Summaries();
  news.summaries = news.signals.size();
  news.events = events.InOrder();
  NewEphemera ephemera(cursor, upto, context);
  ephemera.Take(news.topics.front());
  // Nobody is woken for it, but whoever is answered acknowledges it.
  if (holding == Holding::kMustAnswer || !news.empty() || !ephemera.empty()) {
    ASSIGN_OR_RETURN(const auto site, SharedSite(reader, access.site, shared));
    // Of a large team everybody who comes or goes would be too much to tell everybody; its faces are as of the session.
    if (site->agents <= wire::kTeamLiveAgentsMax) {
      RETURN_IF_ERROR(ephemera.TakeFaces(keys::TeamTopic(access.site)));
    }
  }
  ephemera.AddTo(news, events.bytes());
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  RETURN_IF_ERROR(AddPlaces(reader, access, cursor.queue, holding, now_ms, shared, news));
  return news;
}

absl::StatusOr<News> AgentNews(store::Reader& reader, const Request& request, const Cursor& cursor, uint64_t upto,
                               Holding holding, SharedWork& shared, Context& context) {
  ASSIGN_OR_RETURN(const AgentAccess access, AccessAgent(reader, request, context));
  const keys::FeedOwner own = keys::FeedOwner::Of(access.agent);
  const keys::FeedOwner queue = keys::FeedOwner::QueueOf(access.site);
  const std::string team = keys::TeamTopic(access.site);
  News news;
  news.cursor = cursor;
  news.agent = access;
  news.topics = {keys::Topic(access.site, own), keys::Topic(access.site, queue)};
  Events events(reader, access.site, Side::kAgent);
  RETURN_IF_ERROR(events.TakeFirst(queue, news.cursor.queue, shared));
  const bool queue_changed = !events.empty();
  RETURN_IF_ERROR(events.Take(own, news.cursor.own));
  news.more = events.more();
  news.signals = events.Summaries();
  news.summaries = news.signals.size();
  news.events = events.InOrder();
  if (queue_changed) {
    ASSIGN_OR_RETURN(const auto record, SharedQueue(reader, access.site, shared));
    wire::Signal signal;
    signal.type = wire::SignalType::kQueue;
    signal.length = record->length;
    AddSignal(signal, news);
  }
  ASSIGN_OR_RETURN(const auto site, SharedSite(reader, access.site, shared));
  if (const int64_t revision = site->revision.value_or(0); revision != cursor.revision) {
    wire::Signal signal;
    signal.type = wire::SignalType::kConfiguration;
    AddSignal(signal, news);
    news.cursor.revision = revision;
  }
  news.topics.push_back(keys::ConfigurationTopic(access.site));
  const bool live_team = site->agents <= wire::kTeamLiveAgentsMax;
  NewEphemera ephemera(cursor, upto, context);
  ephemera.Take(news.topics.front());
  // Whatever is answered acknowledges the team's too, so it has to tell them.
  const bool answers = holding == Holding::kMustAnswer || !news.empty() || !ephemera.empty();
  if (live_team || answers) ephemera.Take(team);
  ephemera.AddTo(news, events.bytes());
  if (live_team) news.topics.push_back(team);
  return news;
}

}  // namespace

absl::StatusOr<News> ReadNews(store::Reader& reader, const Request& request, const Cursor& cursor, Holding holding,
                              Context& context) {
  const uint64_t upto = context.ephemera.Version();
  SharedWork own;
  SharedWork& shared = context.shared != nullptr ? *context.shared : own;
  return cursor.side == Side::kCustomer ? CustomerNews(reader, request, cursor, upto, holding, shared, context)
                                        : AgentNews(reader, request, cursor, upto, holding, shared, context);
}

}  // namespace alcove::functions
