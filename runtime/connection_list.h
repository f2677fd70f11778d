// Connections of one reactor in the order in which they came to be something,
// the oldest first: O(1) to add and remove. A connection is in one list at most.
//
// Threads: one list belongs to one reactor.
#pragma once

#include <cstddef>

namespace alcove::runtime {

class ConnectionList {
 public:
  // What can be listed derives from it. REQUIRES: removed before it dies.
  class Member {
   private:
    friend class ConnectionList;
    ConnectionList* list_ = nullptr;
    Member* previous_ = nullptr;
    Member* next_ = nullptr;
  };

  Member* oldest() const { return oldest_; }
  static Member* Next(const Member& member) { return member.next_; }

  // Adds it as the youngest; where it is in this list already, it keeps its place.
  void Add(Member& member) {
    if (member.list_ == this) return;
    Remove(member);
    member.list_ = this;
    member.previous_ = youngest_;
    (youngest_ != nullptr ? youngest_->next_ : oldest_) = &member;
    youngest_ = &member;
  }

  // From whichever list it is in.
  static void Remove(Member& member) {
    ConnectionList* const list = member.list_;
    if (list == nullptr) return;
    (member.previous_ != nullptr ? member.previous_->next_ : list->oldest_) = member.next_;
    (member.next_ != nullptr ? member.next_->previous_ : list->youngest_) = member.previous_;
    member = Member();
  }

 private:
  Member* oldest_ = nullptr;
  Member* youngest_ = nullptr;
};

}  // namespace alcove::runtime
