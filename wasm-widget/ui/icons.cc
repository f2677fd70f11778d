#include "wasm-widget/ui/icons.h"

namespace alcove::ui {

bool PointsAlong(Icon icon) { return icon == Icon::kBack || icon == Icon::kChevronRight || icon == Icon::kSignOut; }

const char* PathOf(Icon icon) {
  switch (icon) {
    case Icon::kNone:
      return "";
    case Icon::kBack:
      return "M12 4 6 10l6 6";
    case Icon::kMore:
      return "M4 9.2a.8.8 0 1 1 0 1.6.8.8 0 0 1 0-1.6ZM10 9.2a.8.8 0 1 1 0 1.6.8.8 0 0 1 0-1.6ZM16 9.2a.8.8 0 1 1 0 "
             "1.6.8.8 0 0 1 0-1.6Z";
    case Icon::kClose:
      return "m5 5 10 10M15 5 5 15";
    case Icon::kAttach:
      return "m16 9-6.5 6.5a4 4 0 0 1-5.6-5.6L11 3a2.6 2.6 0 0 1 3.7 3.7L8 13.4a1.2 1.2 0 0 1-1.7-1.7L12 6";
    case Icon::kVoice:
      return "M10 2.5A2.5 2.5 0 0 1 12.5 5v4a2.5 2.5 0 0 1-5 0V5A2.5 2.5 0 0 1 10 2.5ZM4.5 9.5a5.5 5.5 0 0 0 11 0M10 "
             "15v3";
    case Icon::kSend:
      return "M10 16V4M5 9l5-5 5 5";
    case Icon::kRetry:
      return "M15.5 6.5A6.5 6.5 0 1 0 16.5 10M16 3v4h-4";
    case Icon::kCheck:
      return "m4 10.5 4 4 8-9";
    case Icon::kCheckDouble:
      return "m1.5 10.5 4 4 7-8.5M9 13.5l1 1 8-9";
    case Icon::kClock:
      return "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM10 6.5V10l2.5 1.5";
    case Icon::kAlert:
      return "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM10 6.5v4M10 13.5v.01";
    case Icon::kInbox:
      return "M3 11h4l1 2h4l1-2h4M3 11l2-7h10l2 7v5H3z";
    case Icon::kPerson:
      return "M10 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM4 17c0-3 3-5 6-5s6 2 6 5";
    case Icon::kReports:
      return "M4 16V9M10 16V4M16 16v-5";
    case Icon::kBook:
      return "M4 4h5a2 2 0 0 1 2 2v11a2 2 0 0 0-2-2H4zM16 4h-3a2 2 0 0 0-2 2";
    case Icon::kSettings:
      return "M10 7.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM10 2v3M10 15v3M2 10h3M15 10h3M4.5 4.5l2 2M13.5 "
             "13.5l2 2M15.5 4.5l-2 2M6.5 13.5l-2 2";
    case Icon::kSearch:
      return "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM13 13l4 4";
    case Icon::kChevronDown:
      return "m5 8 5 5 5-5";
    case Icon::kChevronRight:
      return "m8 5 5 5-5 5";
    case Icon::kSignOut:
      return "M8 4H4v12h4M13 6l4 4-4 4M17 10H8";
    case Icon::kPlus:
      return "M10 4v12M4 10h12";
    case Icon::kLogo:
      return "M4 17V9a6 6 0 0 1 12 0v8";
    case Icon::kArrowDown:
      return "M10 4v12M5 11l5 5 5-5";
    case Icon::kBolt:
      return "M11 2.5 4.5 11.5H9l-1 6 6.5-9H10z";
  }
  return "";
}

}  // namespace alcove::ui
