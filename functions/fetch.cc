#include "functions/fetch.h"

namespace alcove::functions {

std::string_view NameOf(FetchResult result) {
  switch (result) {
    case FetchResult::kAnswered:
      return "answered";
    case FetchResult::kForbidden:
      return "forbidden";
    case FetchResult::kUnreachable:
      return "unreachable";
    case FetchResult::kBroken:
      return "broken";
    case FetchResult::kTimedOut:
      return "timed_out";
    case FetchResult::kTooLarge:
      return "too_large";
    case FetchResult::kBusy:
      return "busy";
    case FetchResult::kStopped:
      break;
  }
  return "stopped";
}

std::string_view Fetched::Header(std::string_view name_of_header) const {
  for (const auto& [header, value] : headers) {
    if (header == name_of_header) return value;
  }
  return {};
}

const Fetched* Fetches::Find(std::string_view name) const {
  for (const Fetched& fetched : fetched_) {
    if (fetched.name == name) return &fetched;
  }
  return nullptr;
}

}  // namespace alcove::functions
