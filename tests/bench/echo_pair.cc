#include "tests/bench/echo_pair.h"

#include <cstdio>
#include <utility>

#include "tests/bench/echo_json.h"

namespace alcove::bench {
namespace {

// Holds what every layer must carry through: markup, quotes, a backslash, non-ASCII; 100 bytes long.
std::string MakeText(std::string_view name, std::string_view kind, uint64_t count) {
  std::string text(name);
  text.append(" ").append(kind).append(" ").append(std::to_string(count));
  text.append(" <b>\"caf\xc3\xa9\" & 'th\xc3\xa9' \\ \xe2\x9c\x93</b> ");
  while (text.size() < 100) text += static_cast<char>('a' + text.size() % 26);
  return text;
}

}  // namespace

void Tally::Bad(std::string_view what, const Answer& answer) {
  constexpr uint64_t kPrintedMax = 5;
  if (++bad_answers > kPrintedMax) return;
  std::fprintf(stderr, "echo_bench: %.*s was answered %d: %.300s\n", static_cast<int>(what.size()), what.data(),
               answer.status, std::string(answer.body).c_str());
}

Pair::Pair(Loop& loop, int number, const Account& account, Tally& tally)
    : account_(account),
      tally_(tally),
      customer_(loop, "customer"),
      agent_(loop, "agent"),
      name_("pair " + std::to_string(number)),
      conversation_("cnv_" + MakeUlid()) {}

std::string Pair::PathOf(const Side& side) const { return "/v1/" + side.kind + "/conversations/" + conversation_; }

void Pair::Step(Side& side, std::string_view method, const std::string& target, std::string_view body, Next next) {
  side.send.Send(method, target, side.token, body, [this, target, next = std::move(next)](const Answer& answer) {
    if (answer.status / 100 == 2) return next(answer);
    tally_.Bad(target, answer);
    opened_(false);
  });
}

void Pair::Open(std::function<void(bool ok)> done) {
  opened_ = std::move(done);
  const auto claim = [this](const Answer& snapshot) {
    agent_.cursor = Unquote(Member(snapshot.body, "cursor"));
    Step(agent_, "POST", PathOf(agent_) + "/claim", "{}", [this](const Answer&) {
      Poll(customer_, agent_);
      Poll(agent_, customer_);
      opened_(true);
    });
  };
  const auto sign_in = [this, claim](const Answer&) {
    const std::string body = "{\"email\":" + Quote(account_.email) + ",\"password\":" + Quote(account_.password) + "}";
    Step(agent_, "POST", "/v1/agent/session", body, [this, claim](const Answer& session) {
      agent_.token = Unquote(Member(session.body, "token"));
      Step(agent_, "GET", "/v1/agent/snapshot", {}, claim);
    });
  };
  Step(customer_, "POST", "/v1/customer/session", R"({"site":"sit_demo","consent":true})",
       [this, sign_in](const Answer& session) {
         customer_.token = Unquote(Member(session.body, "token"));
         customer_.cursor = Unquote(Member(session.body, "cursor"));
         Step(customer_, "PUT", PathOf(customer_), "{}", sign_in);
       });
}

void Pair::Say(Side& from, Side& to) {
  expected_ = MakeText(name_, from.kind, ++count_);
  to_ = &to;
  sent_us_ = NowUs();
  from.send.Send("PUT", PathOf(from) + "/messages/msg_" + MakeUlid(), from.token, "{\"text\":" + Quote(expected_) + "}",
                 [this, &from, &to](const Answer& answer) {
                   // 200: the first attempt was stored, but the connection ended before its answer.
                   if (answer.status != 201 && answer.status != 200) tally_.Bad("PUT of a message", answer);
                   if (std::exchange(from.owes, false) && !stopping_) Say(from, to);
                 });
}

void Pair::Poll(Side& side, Side& other) {
  side.failed = false;
  side.poll.Send("GET", "/v1/" + side.kind + "/poll?wait=25&cursor=" + side.cursor, side.token, {},
                 [this, &side, &other](const Answer& answer) {
                   if (answer.status == 200) return Take(side, other, answer.body);
                   tally_.Bad("a poll", answer);
                   side.failed = true;
                 });
}

void Pair::Take(Side& side, Side& other, std::string_view answer) {
  side.cursor = Unquote(Member(answer, "cursor"));
  // The next poll goes out before the texts are looked at, as a face does it.
  std::vector<std::string> texts;
  for (const std::string_view event : Elements(Member(answer, "events"))) {
    const bool from_other = Unquote(Member(Member(event, "actor"), "kind")) == other.kind;
    if (!from_other || Member(event, "type") != "\"message\"") continue;
    if (Unquote(Member(event, "conversation")) == conversation_) texts.push_back(Unquote(Member(event, "text")));
  }
  Poll(side, other);
  if (texts.empty()) ++tally_.empty_polls;
  for (const std::string& text : texts) {
    if (to_ != &side || text != expected_) {
      if (++tally_.wrong <= 3) std::fprintf(stderr, "echo_bench: unexpected text: %.200s\n", text.c_str());
      continue;
    }
    if (tally_.recording) {
      ++tally_.received;
      tally_.latency_us.push_back(static_cast<uint32_t>(NowUs() - sent_us_));
    }
    expected_.clear();
    to_ = nullptr;
    // A poll may overtake the answer to this side's own last message: one request in flight a connection.
    side.owes = side.send.busy();
    if (!stopping_ && !side.owes) Say(side, other);
  }
}

void Pair::Tick() {
  if (customer_.failed) Poll(customer_, agent_);
  if (agent_.failed) Poll(agent_, customer_);
}

}  // namespace alcove::bench
