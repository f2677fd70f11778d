#include "store/remembered_values.h"

#include <utility>

namespace alcove::store {
namespace {

constexpr size_t kRememberedValueBytes = 160;  // its place in the table, which is up to half empty, and a shared string

size_t Bytes(std::string_view key, const SharedValue& value) {
  return kRememberedValueBytes + key.size() + (value ? value->size() : 0);
}

}  // namespace

RememberedValues::Value* RememberedValues::Find(std::string_view key, size_t hash) {
  if (const auto found = recent_.find(key, hash); found != recent_.end()) return &found->second;
  const auto found = older_.find(key, hash);
  if (found == older_.end()) return nullptr;
  recent_bytes_ += Bytes(key, found->second.text);
  return &recent_.insert(older_.extract(found)).position->second;
}

void RememberedValues::Put(std::string_view key, Value* known, Value value) {
  recent_bytes_ += Bytes(key, value.text);
  if (known == nullptr) {
    recent_.emplace(key, std::move(value));
    return;
  }
  recent_bytes_ -= Bytes(key, known->text);
  *known = std::move(value);
}

void RememberedValues::Erase(std::string_view key, Value& known) {
  recent_bytes_ -= Bytes(key, known.text);
  recent_.erase(key);
}

RememberedValues::Values RememberedValues::Age() {
  if (recent_bytes_ <= bytes_max_ / 2) return {};
  recent_bytes_ = 0;
  Values gone = std::exchange(older_, std::exchange(recent_, {}));
  recent_.reserve(older_.size());  // it will grow as large
  return gone;
}

void RememberedValues::Clear() {
  recent_.clear();
  older_.clear();
  recent_bytes_ = 0;
}

}  // namespace alcove::store
