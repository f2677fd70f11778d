// A value that several places hold at once and none changes: the transaction
// that wrote it, the recent commits, the batch on its way to the disk and what
// is remembered of it. A copy is a count, not an allocation.
//
// Threads: copies may be held by several, as those of a shared_ptr.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace alcove::store {

class SharedValue {
 public:
  // Erased.
  SharedValue() = default;
  SharedValue(std::nullopt_t) {}  // NOLINT(google-explicit-constructor): reads as an optional
  template <class Text>
    requires std::constructible_from<std::string, Text>
  SharedValue(Text&& text)  // NOLINT(google-explicit-constructor): reads as an optional
      : text_(std::make_shared<const std::string>(std::forward<Text>(text))) {}

  explicit operator bool() const { return text_ != nullptr; }
  const std::string& operator*() const { return *text_; }
  const std::string* operator->() const { return text_.get(); }

  // A copy; nullopt where it is erased.
  std::optional<std::string> Copy() const { return text_ ? std::optional<std::string>(*text_) : std::nullopt; }

  friend bool operator==(const SharedValue& one, const SharedValue& other) {
    if (one.text_ == other.text_) return true;
    return one.text_ && other.text_ && *one.text_ == *other.text_;
  }

 private:
  std::shared_ptr<const std::string> text_;
};

}  // namespace alcove::store
