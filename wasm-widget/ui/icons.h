// The icons: strokes on a 20 by 20 grid, drawn by the browser once per size
// into the atlas and tinted when drawn.
#pragma once

namespace alcove::ui {

enum class Icon {
  kNone,
  kBack,
  kMore,
  kClose,
  kAttach,
  kVoice,
  kSend,
  kRetry,
  kCheck,
  kCheckDouble,
  kClock,
  kAlert,
  kInbox,
  kPerson,
  kReports,
  kBook,
  kSettings,
  kSearch,
  kChevronDown,
  kChevronRight,
  kSignOut,
  kPlus,
  kLogo,
  kArrowDown,
  kBolt,
};

// The SVG path of an icon; "" for kNone.
const char* PathOf(Icon icon);
// Whether it points where reading goes or comes from: it is mirrored with the screen.
bool PointsAlong(Icon icon);

inline constexpr float kIconGrid = 20;
inline constexpr float kIconStroke = 1.8f;

}  // namespace alcove::ui
