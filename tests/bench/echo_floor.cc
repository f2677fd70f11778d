// echo_floor: little more than a chat by long polling has to do, to see what all above it costs. It has no sessions, no
// rules and no history that could be asked for: one thread that reads and writes sockets, and one that commits, all at
// once that came meanwhile, with LevelDB and a sync.
//
//   alcove_echo_floor PORT FOLDER [KEYS BYTES]
//
//   POST /send {"conv","role","text"}   -> {"id":N}, once stored
//   GET  /poll?conv=C&role=R&cursor=K   -> {"messages":[{"id":N,"text":T}]} to R with id > K, once there are any
//
// FOLDER `-`: nothing is stored. A message is KEYS keys (1, of itself) of BYTES bytes together, or of its text where
// that is more: all but the first are written over with each message of a conversation, as heads are. Loopback only,
// one poll at a time for each role, which is held for ever; what a socket does not take at once is lost. Serves until
// it is killed.
#include <arpa/inet.h>
#include <leveldb/db.h>
#include <leveldb/write_batch.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/bench/echo_json.h"

namespace alcove::bench {
namespace {

// What a conversation's side remembers for a poll that comes late; so many as the servers it stands beside.
constexpr size_t kRecentMax = 100;

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::exit(2);
}

struct Message {
  int64_t id = 0;
  std::string inbox;  // CONVERSATION.ROLE of who is to hear of it
  std::string text;   // a JSON string
  int from = -1;
};

// Commits what it is given in the order in which it came.
class Committer {
 public:
  Committer(const std::string& folder, size_t keys, size_t bytes) : keys_(keys), bytes_(bytes) {
    leveldb::Options options;
    options.create_if_missing = true;
    options.write_buffer_size = size_t{8} << 20;
    leveldb::DB* db = nullptr;
    Check(leveldb::DB::Open(options, folder, &db));
    db_.reset(db);
    // Until the process ends, as this object lives.
    std::thread([this] { Run(); }).detach();
  }

  // Readable where there is something to take.
  int event_descriptor() const { return event_; }

  void Give(std::vector<Message> messages) {
    {
      const std::lock_guard lock(mutex_);
      std::move(messages.begin(), messages.end(), std::back_inserter(given_));
    }
    changed_.notify_one();
  }
  std::vector<Message> Take() {
    uint64_t count = 0;
    (void)!read(event_, &count, sizeof count);
    const std::lock_guard lock(mutex_);
    return std::exchange(stored_, {});
  }

 private:
  static void Check(const leveldb::Status& status) {
    if (status.ok()) return;
    std::fprintf(stderr, "echo_floor: %s\n", status.ToString().c_str());
    std::exit(2);
  }

  void Run() {
    while (true) {
      std::vector<Message> messages;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !given_.empty(); });
        messages.swap(given_);
      }
      leveldb::WriteBatch batch;
      for (const Message& message : messages) Put(message, batch);
      leveldb::WriteOptions options;
      options.sync = true;
      Check(db_->Write(options, &batch));
      const std::lock_guard lock(mutex_);
      std::move(messages.begin(), messages.end(), std::back_inserter(stored_));
      const uint64_t one = 1;
      (void)!write(event_, &one, sizeof one);
    }
  }

  void Put(const Message& message, leveldb::WriteBatch& batch) const {
    char number[20];
    std::snprintf(number, sizeof number, "%016llx", static_cast<unsigned long long>(message.id));
    const std::string key = message.inbox + "/" + number;
    std::string value = message.text;
    value.resize(std::max(value.size() + key.size(), bytes_ / keys_) - key.size(), '.');
    batch.Put(key, value);
    for (size_t i = 1; i < keys_; ++i) batch.Put(message.inbox + "/head" + std::to_string(i), value);
  }

  const size_t keys_;
  const size_t bytes_;
  const int event_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  std::unique_ptr<leveldb::DB> db_;
  std::mutex mutex_;  // of what is below
  std::condition_variable changed_;
  std::vector<Message> given_;
  std::vector<Message> stored_;
};

std::string_view Parameter(std::string_view head, std::string_view name) {
  size_t begin = head.find(std::string(name) + "=");
  if (begin == head.npos) return {};
  begin += name.size() + 1;
  return head.substr(begin, head.find_first_of("& ", begin) - begin);
}

class Server {
 public:
  // Null: nothing is stored.
  Server(uint16_t port, Committer* committer) : committer_(committer) {
    const int on = 1;
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) Die("echo_floor: the port");
    if (listen(listener_, SOMAXCONN) != 0) Die("echo_floor: the port");
    Watch(listener_);
    if (committer_ != nullptr) Watch(committer_->event_descriptor());
  }

  [[noreturn]] void Run() {
    epoll_event events[64];
    while (true) {
      const int count = epoll_wait(epoll_, events, std::size(events), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[i].data.fd;
        if (fd == listener_) {
          Accept();
        } else if (committer_ != nullptr && fd == committer_->event_descriptor()) {
          for (Message& message : committer_->Take()) Deliver(std::move(message));
        } else {
          Read(fd);
        }
      }
      if (!sent_.empty()) committer_->Give(std::exchange(sent_, {}));
    }
  }

 private:
  struct Inbox {
    std::deque<std::pair<int64_t, std::string>> recent;
    int waiter = -1;
  };

  void Watch(int fd) {
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) Die("echo_floor: epoll");
  }

  void Accept() {
    const int on = 1;
    for (int fd; (fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      Watch(fd);
    }
  }

  void Read(int fd) {
    char bytes[16384];
    const ssize_t count = recv(fd, bytes, sizeof bytes, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
      for (auto& [name, inbox] : inboxes_) {
        if (inbox.waiter == fd) inbox.waiter = -1;
      }
      unread_.erase(fd);
      close(fd);
      return;
    }
    std::string& text = unread_[fd];
    text.append(bytes, static_cast<size_t>(count));
    while (true) {
      const size_t head = text.find("\r\n\r\n");
      if (head == text.npos) return;
      const char* const length = strcasestr(text.c_str(), "\r\ncontent-length:");
      const size_t body = length != nullptr && length < text.data() + head ? std::strtoul(length + 17, nullptr, 10) : 0;
      if (text.size() < head + 4 + body) return;
      Answer(fd, std::string_view(text).substr(0, head), std::string_view(text).substr(head + 4, body));
      text.erase(0, head + 4 + body);
    }
  }

  void Answer(int fd, std::string_view head, std::string_view body) {
    if (head.starts_with("GET ")) {
      Inbox& inbox = inboxes_[std::string(Parameter(head, "conv")) + "." + std::string(Parameter(head, "role"))];
      const int64_t cursor = std::strtoll(std::string(Parameter(head, "cursor")).c_str(), nullptr, 10);
      inbox.waiter = fd;
      if (!inbox.recent.empty() && inbox.recent.back().first > cursor) Release(inbox, cursor);
      return;
    }
    Message message;
    message.id = ++newest_;
    message.inbox = Unquote(Member(body, "conv"));
    message.inbox += Member(body, "role") == R"("agent")" ? ".customer" : ".agent";
    message.text = Member(body, "text");
    message.from = fd;
    if (committer_ == nullptr) return Deliver(std::move(message));
    sent_.push_back(std::move(message));
  }

  void Deliver(Message message) {
    Send(message.from, "{\"id\":" + std::to_string(message.id) + "}");
    Inbox& inbox = inboxes_[message.inbox];
    inbox.recent.emplace_back(message.id, std::move(message.text));
    if (inbox.recent.size() > kRecentMax) inbox.recent.pop_front();
    if (inbox.waiter >= 0) Release(inbox, message.id - 1);
  }

  static void Release(Inbox& inbox, int64_t cursor) {
    std::string body = "{\"messages\":[";
    for (const auto& [id, text] : inbox.recent) {
      if (id <= cursor) continue;
      if (body.back() == '}') body += ',';
      body += "{\"id\":" + std::to_string(id) + ",\"text\":" + text + "}";
    }
    Send(std::exchange(inbox.waiter, -1), body + "]}");
  }

  static void Send(int fd, const std::string& body) {
    const std::string answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    (void)!send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
  }

  Committer* const committer_;
  const int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::unordered_map<int, std::string> unread_;
  std::unordered_map<std::string, Inbox> inboxes_;
  std::vector<Message> sent_;
  int64_t newest_ = 0;
};

}  // namespace
}  // namespace alcove::bench

int main(int argc, char** argv) {
  if (argc != 3 && argc != 5) {
    std::fprintf(stderr, "usage: alcove_echo_floor PORT FOLDER [KEYS BYTES]\n");
    return 2;
  }
  const size_t keys = argc == 5 ? std::max(1UL, std::strtoul(argv[3], nullptr, 10)) : 1;
  const size_t bytes = argc == 5 ? std::strtoul(argv[4], nullptr, 10) : 0;
  std::unique_ptr<alcove::bench::Committer> committer;
  if (std::string_view(argv[2]) != "-") committer = std::make_unique<alcove::bench::Committer>(argv[2], keys, bytes);
  alcove::bench::Server(static_cast<uint16_t>(std::strtoul(argv[1], nullptr, 10)), committer.get()).Run();
}
