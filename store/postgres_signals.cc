#include "store/postgres_signals.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "functions/wire/limits.h"
#include "store/postgres_codec.h"
#include "store/postgres_news.h"
#include "store/status_macros.h"

namespace alcove::store::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// At most twenty rows a second: each is a commit, and each NOTIFY makes all
// commits of the database wait for each other for a moment.
constexpr milliseconds kPublishPause{50};
constexpr milliseconds kSignOfLifePause{1000};
// How often rows are looked for without having been told of any.
constexpr milliseconds kLookPauseListening{1000};
constexpr milliseconds kLookPauseDeaf{100};
// Five signs of life that did not come.
constexpr milliseconds kSilence{5000};
// By then everyone has read the last row, or has seen the silence.
constexpr milliseconds kForgetAfter{15'000};
// Of own rows. Whoever did not look for so long has lost its connection, and knows.
constexpr milliseconds kRowLifetime{60'000};
constexpr milliseconds kCleanPause{10'000};
constexpr milliseconds kReconnectPause{100};
// What a row tells, in bytes. It is read by every node.
constexpr size_t kRowBytes = 64 * 1024;
// The LIMIT of kSignalsOf.
constexpr size_t kRowsRead = 1000;

// After a commit whose answer was lost, counted from the one before. What is
// under way to the database when a connection is cut is given up within half
// that time in all (tcp_user_timeout, statement_timeout).
constexpr seconds kDoubtPauses[] = {seconds(1), seconds(2), seconds(4), seconds(8), seconds(16), seconds(32)};

}  // namespace

Signals::Signals(Pool& pool, std::string node, Notifications notifications, Listeners listeners)
    : pool_(pool),
      node_(std::move(node)),
      notifications_(notifications),
      listeners_(std::move(listeners)),
      wake_descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      thread_([this] { Loop(); }) {}

Signals::~Signals() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  Wake();
  thread_.join();
  close(wake_descriptor_);
}

void Signals::Wake() const {
  // Fails only where the descriptor is full, and then it is readable.
  [[maybe_unused]] const int ignored = eventfd_write(wake_descriptor_, 1);
}

void Signals::Add(const std::function<void(Pending&)>& add) {
  bool first = false;
  {
    const MutexLock lock(mutex_);
    first = pending_.empty();
    add(pending_);
  }
  if (first) Wake();
}

void Signals::Publish(const std::vector<std::string>& topics) {
  Add([&](Pending& pending) { pending.topics.insert(topics.begin(), topics.end()); });
}

void Signals::PublishInDoubt(const std::vector<std::string>& topics) {
  {
    const MutexLock lock(mutex_);
    doubts_.push_back({steady_clock::now() + kDoubtPauses[0], 0, topics});
  }
  Publish(topics);
  Wake();
}

void Signals::Broadcast(std::string_view message) {
  if (message.size() > wire::kBroadcastBytesMax) return;
  Add([&](Pending& pending) {
    if (pending.message_bytes + message.size() > wire::kBroadcastBacklogBytesMax) return;
    pending.message_bytes += message.size();
    pending.messages.emplace_back(message);
  });
}

bool Signals::HasPending() {
  const MutexLock lock(mutex_);
  return !pending_.empty();
}

Signals::SteadyTime Signals::NextDoubt() {
  const MutexLock lock(mutex_);
  SteadyTime next = SteadyTime::max();
  for (const Doubt& doubt : doubts_) next = std::min(next, doubt.due);
  return next;
}

void Signals::RepeatDoubts() {
  const SteadyTime now = steady_clock::now();
  std::vector<std::string> topics;
  {
    const MutexLock lock(mutex_);
    for (Doubt& doubt : doubts_) {
      if (doubt.due > now) continue;
      topics.insert(topics.end(), doubt.topics.begin(), doubt.topics.end());
      if (++doubt.repeats < std::size(kDoubtPauses)) doubt.due = now + kDoubtPauses[doubt.repeats];
    }
    std::erase_if(doubts_, [](const Doubt& doubt) { return doubt.repeats == std::size(kDoubtPauses); });
  }
  if (topics.empty()) return;
  listeners_.topics_changed(topics);
  Publish(topics);
}

void Signals::Loop() {
  while (true) {
    bool stopping = false;
    bool pending = false;
    {
      const MutexLock lock(mutex_);
      stopping = stopping_;
      pending = !pending_.empty();
    }
    if (stopping) break;
    RepeatDoubts();
    if (!Connected()) {
      std::this_thread::sleep_for(kReconnectPause);
      continue;
    }
    SteadyTime next = std::min({next_sign_of_life_, next_look_, next_cleaning_, NextDoubt()});
    if (pending) next = std::min(next, next_publish_);
    const auto left = std::chrono::ceil<milliseconds>(next - steady_clock::now());
    bool notified = false;
    if (!connection_->AwaitNotification(wake_descriptor_, std::max(left, milliseconds(0)), notified)) continue;
    eventfd_t ignored = 0;
    eventfd_read(wake_descriptor_, &ignored);
    // A failure without a loss is tried again with the next look.
    if (!Work(notified).ok() && !connection_->broken()) std::this_thread::sleep_for(kReconnectPause);
  }
  // In order: what was committed is told, also by a node that ends before it was
  // ever connected, and that this node's silence means nothing.
  const bool connected = connection_ != nullptr && !connection_->broken();
  if ((connected || (HasPending() && Connected())) && Publish().ok()) {
    std::string row;
    AppendGoodbye(row);
    WriteRow(row).IgnoreError();
  }
}

bool Signals::Connected() {
  if (connection_ != nullptr && !connection_->broken() && !pool_.HasOvertaken(*connection_)) return true;
  auto made = pool_.Connect();
  if (!made.ok()) return false;
  connection_ = *std::move(made);
  // Refused where it is not known; then its commits wait for the disk.
  connection_->Run(kSignalsNeedNoSync).status().IgnoreError();
  listening_ = notifications_ == Notifications::kOn && connection_->Run(kListen).ok();
  next_publish_ = next_sign_of_life_ = next_look_ = next_cleaning_ = steady_clock::now();
  for (auto& [node, peer] : peers_) peer.grown_at = steady_clock::now();
  listeners_.anything_may_have_changed();
  return !connection_->broken();
}

absl::Status Signals::Work(bool notified) {
  const SteadyTime now = steady_clock::now();
  if (now >= next_publish_) RETURN_IF_ERROR(Publish());
  if (now >= next_sign_of_life_) RETURN_IF_ERROR(WriteRow({}));
  if (notified || now >= next_look_) {
    RETURN_IF_ERROR(ReadPeers());
    next_look_ = steady_clock::now() + (listening_ ? kLookPauseListening : kLookPauseDeaf);
  }
  if (now >= next_cleaning_) RETURN_IF_ERROR(Clean());
  return absl::OkStatus();
}

absl::Status Signals::Publish() {
  Pending taken;
  {
    const MutexLock lock(mutex_);
    std::swap(taken, pending_);
  }
  if (taken.empty()) return absl::OkStatus();
  next_publish_ = steady_clock::now() + kPublishPause;
  auto message = taken.messages.begin();
  while (!taken.topics.empty() || message != taken.messages.end()) {
    std::string row;
    auto topic = taken.topics.begin();
    for (; topic != taken.topics.end() && row.size() < kRowBytes; ++topic) AppendTopic(row, *topic);
    for (; message != taken.messages.end() && row.size() < kRowBytes; ++message) AppendMessage(row, *message);
    if (const absl::Status status = WriteRow(row); !status.ok()) {
      // Messages are not worth a second try: what they say is of this moment.
      const MutexLock lock(mutex_);
      pending_.topics.merge(taken.topics);
      return status;
    }
    taken.topics.erase(taken.topics.begin(), topic);
  }
  return absl::OkStatus();
}

absl::Status Signals::WriteRow(const std::string& row) {
  const std::string number = EncodeNumber(number_ + 1);
  connection_->Send(kPublish, {node_, number, row});
  // One transaction with the row.
  if (listening_ && !row.empty()) connection_->Send(kNotify);
  const auto written = connection_->Exchange();
  // A row whose fate is unknown leaves its number taken: the next is a gap, or the row itself.
  if (written.ok() || connection_->broken() || connection_->failure_code() == "23505") ++number_;
  RETURN_IF_ERROR(written.status());
  const SteadyTime now = steady_clock::now();
  next_sign_of_life_ = now + kSignOfLifePause;
  written_.emplace_back(now, number_);
  return absl::OkStatus();
}

absl::Status Signals::ReadPeers() {
  ASSIGN_OR_RETURN(const Rows nodes, connection_->Run(kNodes));
  const SteadyTime now = steady_clock::now();
  std::set<std::string> there;
  for (size_t row = 0; row < nodes.size(); ++row) {
    const std::string node(nodes.At(row, 0));
    if (node == node_) continue;
    there.insert(node);
    const auto [entry, is_new] = peers_.try_emplace(node, Peer{0, now, Peer::kAlive});
    if (DecodeNumber(nodes.At(row, 1)) > entry->second.last) RETURN_IF_ERROR(ReadRows(node, entry->second, is_new));
  }
  bool missed = false;
  for (auto entry = peers_.begin(); entry != peers_.end();) {
    Peer& peer = entry->second;
    const bool gone = !there.contains(entry->first);
    if (peer.state == Peer::kAlive && (gone || now - peer.grown_at > kSilence)) {
      peer.state = Peer::kSilent;
      missed = true;
    }
    entry = gone ? peers_.erase(entry) : std::next(entry);
  }
  if (missed) listeners_.anything_may_have_changed();
  return absl::OkStatus();
}

absl::Status Signals::ReadRows(const std::string& node, Peer& peer, bool is_new) {
  News news;
  bool missed = false;
  for (size_t count = kRowsRead; count == kRowsRead;) {
    const std::string last = EncodeNumber(peer.last);
    ASSIGN_OR_RETURN(const Rows rows, connection_->Run(kSignalsOf, {node, last}));
    count = rows.size();
    for (size_t row = 0; row < count; ++row) {
      const int64_t number = DecodeNumber(rows.At(row, 0));
      // The first rows of a node that was here before us may be gone: all was looked at since.
      if (number != peer.last + 1 && !(is_new && peer.last == 0)) missed = true;
      peer.last = number;
      News told = DecodeNews(rows.At(row, 1));
      peer.state = told.goodbye ? Peer::kEnded : Peer::kAlive;
      std::move(told.topics.begin(), told.topics.end(), std::back_inserter(news.topics));
      std::move(told.messages.begin(), told.messages.end(), std::back_inserter(news.messages));
    }
  }
  peer.grown_at = steady_clock::now();
  if (missed) listeners_.anything_may_have_changed();
  for (const std::string& message : news.messages) listeners_.message_heard(message);
  if (news.topics.empty()) return absl::OkStatus();
  std::sort(news.topics.begin(), news.topics.end());
  news.topics.erase(std::unique(news.topics.begin(), news.topics.end()), news.topics.end());
  listeners_.topics_changed(news.topics);
  return absl::OkStatus();
}

absl::Status Signals::Clean() {
  const SteadyTime now = steady_clock::now();
  next_cleaning_ = now + kCleanPause;
  for (const auto& [node, peer] : peers_) {
    if (peer.state == Peer::kAlive || now - peer.grown_at < kForgetAfter) continue;
    const std::string last = EncodeNumber(peer.last);
    RETURN_IF_ERROR(connection_->Run(kForgetSignals, {node, last}).status());
  }
  int64_t old = 0;
  while (!written_.empty() && now - written_.front().first > kRowLifetime) {
    old = written_.front().second;
    written_.pop_front();
  }
  if (old == 0) return absl::OkStatus();
  const std::string last = EncodeNumber(old);
  return connection_->Run(kForgetSignals, {node_, last}).status();
}

}  // namespace alcove::store::postgres
