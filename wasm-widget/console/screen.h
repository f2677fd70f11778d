// The agents' console as data in and requests out. ConsoleApp fills the view
// from the session and acts on the request; tests fill it by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "functions/wire/admin.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/conversation.h"
#include "functions/wire/poll.h"
#include "functions/wire/requests.h"
#include "wasm-widget/console/choosing.h"
#include "wasm-widget/conversation/draw_log.h"
#include "wasm-widget/conversation/log.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::console {

// kWithBot is there while a bot has anything.
enum class ListTab : uint8_t { kMine, kWaiting, kTeam, kClosed, kWithBot };

// One conversation in the list.
struct RowView {
  std::string_view id;
  std::string name;
  std::string time;     // of its last event: "3 min"; of a colleague's "Jonas · 3 min"
  std::string preview;  // "You: I’ve sent the form", "typing…"
  bool typing = false;
  int unread = 0;
  std::span<const std::string> tags = {};
};

// Something that is known of a conversation or of its customer.
struct Fact {
  std::string_view name;
  std::string_view value;                                            // "" where it has none
  const wire::Resource<wire::AttributeFields>* attribute = nullptr;  // that can be set; null: none
};

// A conversation that something was not done with, of several.
struct NotDone {
  std::string name;
  std::string why;
};

// The conversation that is open beside the list.
struct ConversationView {
  const wire::Conversation* conversation = nullptr;
  std::string name = {};
  std::string subtitle = {};  // where the customer is: "northwind.example/mugs · 10:36"
  std::string started = {};
  bool mine = false;         // assigned to the reader: may write and close
  bool joined = false;       // the reader takes part in it: may write
  bool claiming = false;     // asked for, not answered yet
  bool can_whisper = false;  // a colleague has it, whom the reader supervises
  std::span<const conversation::LogEntry> log = {};
  uint64_t log_version = 0;      // see LogOptions
  std::string_view typing = {};  // "Priya is typing"
  std::string_view draft = {};   // what the customer is writing, as far as they are
  bool has_earlier = false;
  std::string_view participants = {};         // who takes part beside who has it: "Jonas, Ada"
  std::span<const Fact> facts = {};           // what the customer answered, and what else is known
  std::span<const std::string> viewers = {};  // the colleagues who look at it, too
  std::string_view also_here = {};            // "Also here: Jonas, Ada"
  std::string_view also_writes = {};          // "Jonas is writing a reply, too"
};

struct ConsoleView {
  bool connected = true;
  bool superseded = false;  // open in another tab
  bool refused = false;     // by the server, which is not asked again until the agent wants it
  bool connecting = false;  // signed in, and nothing has come yet
  bool presence_refused = false;
  wire::AgentSummary agent = {};
  std::span<const wire::AgentSummary> agents = {};  // of the site, the reader among them
  std::string_view notice = {};                     // one line over the conversation: "Mara has it already"
  std::span<const wire::CannedReply> canned = {};
  std::span<const wire::Resource<wire::MacroFields>> macros = {};
  std::span<const wire::Team> teams = {};                      // of the site
  std::span<const wire::Resource<wire::TagFields>> tags = {};  // that the site knows
  const wire::Closing* closing = nullptr;                      // what a close asks for; null: nothing

  ListTab tab = ListTab::kMine;
  int mine_count = 0;
  int waiting_count = 0;
  int with_bot_count = 0;
  int unread_count = 0;
  bool list_loading = false;
  std::span<const RowView> rows = {};
  std::span<const NotDone> not_done = {};  // of what was done with several last
  std::string_view told = {};              // of it, to those who listen
  bool acting_together = false;            // something else is being done with several

  std::optional<ConversationView> open = {};
};

// The menus of an open conversation, and those of the chosen ones.
enum class OpenMenu : uint8_t {
  kNone,
  kMore,
  kTransfer,
  kComment,  // of a transfer, once it is known to whom
  kSnooze,
  kAskIn,
  kReason,  // of a close
  kAttribute,
  kCanned,
  kMacros,
  kMoreForAll,
  kAssignAll,
  kTagAll,
  kSnoozeAll,
  kReasonForAll,
};

// Whom a conversation is given to.
struct Receiver {
  wire::Assignment to;
  std::string name;
};

// What is written: to the customer, for colleagues alone, or for colleagues and told to the one who has it.
enum class Writing : uint8_t { kReply, kNote, kWhisper };

// What outlives a frame.
struct ConsoleState {
  ui::ScrollState list;
  ui::ScrollState not_done;
  ui::ScrollState details;
  ui::TextBoxState composer;
  Writing writing = Writing::kReply;  // what is in the composer
  OpenMenu menu = OpenMenu::kNone;
  OpenMenu menu_button = OpenMenu::kNone;  // the one that opened it
  ui::Rect menu_anchor;
  ui::MenuState menu_state;
  Receiver receiver;       // of the transfer whose comment is asked for
  std::string attribute;   // whose value is asked for
  ui::TextBoxState asked;  // what is written into the menu that asks for something
  ChoosingState choosing;
  std::string told;      // the last ConsoleView::told
  bool tagging = false;  // the box for a tag is open
  bool tagging_ended = false;
  bool left = false;  // the button that did it becomes another
  ui::TextBoxState tag;

  // From one menu to another, or with kNone back to the button.
  void Go(OpenMenu to) {
    menu = to;
    menu_state.moved = true;
    menu_state.scroll = {};
    asked = {};
  }
  void OpenFrom(OpenMenu button, const ui::Rect& place) {
    Go(button);
    menu_button = button;
    menu_anchor = place;
  }
  // What opened a menu has the keyboard back when it closes.
  bool TakesFocusBack(OpenMenu button) {
    if (menu != OpenMenu::kNone || menu_button != button) return false;
    return std::exchange(menu_state.moved, false);
  }
  // What it hangs from moves with banners and with the window.
  void Follow(OpenMenu button, const ui::Rect& place) {
    if (menu_button == button) menu_anchor = place;
  }

  // What is begun in one conversation is not for the next; but see the drafts of ConsoleApp.
  void LeaveConversation() {
    writing = Writing::kReply;
    menu = OpenMenu::kNone;
    menu_state = {};
    tagging = false;
    tagging_ended = false;
    left = false;
    tag = {};
    details = {};
  }
  conversation::LogState log;
};

// What is to be done with all that are chosen.
struct ForAllRequest {
  bool close = false;
  std::string reason = {};  // of the close; "" is none
  bool reopen = false;
  std::optional<wire::Assignment> assign = {};
  int64_t snooze_ms = 0;        // for how long; 0: not
  std::string add_tag = {};     // "" is none
  std::string remove_tag = {};  // "" is none
  friend bool operator==(const ForAllRequest&, const ForAllRequest&) = default;
};

struct ConsoleRequest {
  std::optional<ListTab> tab = {};
  std::optional<wire::Presence> presence = {};
  std::string open = {};  // the id of a row that was pressed; "" is none
  bool back = false;      // to the list, on a narrow screen
  bool claim = false;
  bool take_over = false;  // from whom it is assigned to
  bool close = false;
  std::string reason = {};  // of the close; "" is none
  bool reopen = false;
  bool join = false;
  bool leave = false;
  std::optional<wire::Assignment> assign = {};
  std::string ask_in = {};      // the id of an agent; "" is none
  std::string canned = {};      // the shortcut of a reply to be put in the composer; "" is none
  std::string run_macro = {};   // its id; "" is none
  int64_t snooze_ms = 0;        // for how long; 0: not
  std::string add_tag = {};     // "" is none
  std::string remove_tag = {};  // "" is none
  std::string attribute = {};   // the id of one that is set; "" is none
  std::string value = {};       // of it; "" takes it away
  bool send = false;            // what is in the composer, as what it is
  bool typed = false;
  bool mode_changed = false;  // from one kind of Writing to another
  bool earlier = false;
  bool list_end = false;  // the end of the list is in sight
  ForAllRequest all = {};
  bool dismiss = false;  // that some were refused was read
  bool sign_out = false;
  bool resume = false;       // here instead of in the other tab, or after a refusal
  std::string retry = {};    // the id of a failed message to send again; "" is none
  std::string discard = {};  // the id of a failed message to take away
};

ConsoleRequest DrawConsole(ui::Ui& ui, const ConsoleView& view, ConsoleState& state);

// ---- before signing in

struct SignInView {
  bool busy = false;
  bool asks_code = false;  // of the second factor
  std::string_view error = {};
};
struct SignInState {
  ui::TextBoxState email;
  ui::TextBoxState password;
  ui::TextBoxState code;
};

// True when the person asks to be signed in with what is in `state`.
bool DrawSignIn(ui::Ui& ui, const SignInView& view, SignInState& state);

// Below these widths there is no room for the details, and none for list and conversation side by side.
inline constexpr float kDetailsFrom = 1180;
inline constexpr float kTwoColumnsFrom = 760;

}  // namespace alcove::console
