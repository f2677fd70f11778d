// The customer's face as data in and requests out: what is shown, what the
// person has typed, what was asked for. CustomerApp fills the view from the
// session and acts on the request; tests fill it by hand.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "functions/wire/admin.h"
#include "functions/wire/poll.h"
#include "wasm-widget/conversation/draw_log.h"
#include "wasm-widget/conversation/log.h"
#include "wasm-widget/customer/form.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::customer {

enum class Phase : uint8_t {
  kConnecting,  // no session yet
  kRefused,     // the site will not have us: `notice` says so
  kFresh,       // nothing written yet
  kWaiting,     // in the queue
  kTalking,     // an agent has it, or a bot
  kEnded,
};

struct CustomerView {
  Phase phase = Phase::kConnecting;
  bool connected = true;    // false: trying again, and saying so
  bool superseded = false;  // the conversation is open in another tab
  bool framed = true;       // in the loader's panel, which can be closed

  std::string_view site_name = {};
  std::string_view greeting = {};
  bool team_online = false;
  std::string_view team_promise = {};  // "Online now · usually replies in 2 min"; "": nothing is known but whether
  std::span<const wire::AgentSummary> team = {};

  std::span<const wire::FormField> form = {};  // kFresh: asked first, and nothing can be written before

  std::string_view agent_name = {};  // the assignee, or who closed it
  bool agent_online = false;
  bool with_bot = false;        // who is called `agent_name` is a bot
  bool handing_over = false;    // a person was asked for instead, not answered yet
  int64_t position = 0;         // in the queue, from 1; 0 is not known
  bool offline = false;         // a message to whom was not there: it waits, and the person need not
  bool can_end = false;         // there is something to end
  bool ending = false;          // asked for, not answered yet
  bool started_over = false;    // what was said before is no longer here
  std::string_view ended = {};  // "Mara closed it at 10:58"
  std::string_view notice = {};

  std::span<const conversation::LogEntry> log = {};
  uint64_t log_version = 0;      // see LogOptions
  std::string_view typing = {};  // "Mara is typing"
  bool has_earlier = false;
  std::span<const std::string> quick_replies = {};  // to the last message, until it is answered
};

// The menu at the top: closed, open, asking whether the conversation is really to end.
enum class Menu : uint8_t { kClosed, kOpen, kAsks };

// What outlives a frame.
struct CustomerState {
  ui::TextBoxState composer;
  FormState form;
  conversation::LogState log;
  Menu menu = Menu::kClosed;
  ui::MenuState menu_state = {};
  bool ended_here = false;  // by the person, who is led on from there
  bool writes = false;      // the composer has the keyboard
};

struct CustomerRequest {
  bool close_panel = false;
  bool send = false;   // CustomerState::composer.Take()
  bool typed = false;  // what stands in the composer or in the form changed
  bool begin = false;  // the form is filled in: CustomerState::form.Answers()
  bool start_new = false;
  bool earlier = false;
  bool take_over = false;   // from the other tab
  bool try_again = false;   // after a refusal
  bool end = false;         // the conversation
  bool hand_over = false;   // from the bot to a person
  std::string quick_reply;  // to send; "" is none
  std::string retry;        // the id of a failed message to send again; "" is none
  std::string discard;      // the id of a failed message to take away
};

CustomerRequest DrawCustomer(ui::Ui& ui, const CustomerView& view, CustomerState& state);

}  // namespace alcove::customer
