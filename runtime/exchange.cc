#include "runtime/exchange.h"

#include <utility>

namespace alcove::runtime {

Exchange::~Exchange() {
  if (!supersede_key_.empty()) superseder_.Leave(supersede_key_, *this);
  hub_.Unpark(*this);
}

void Exchange::Supersede(std::string supersede_key) {
  supersede_key_ = std::move(supersede_key);
  superseder_.Enter(supersede_key_, arrival_, *this);
}

void Exchange::Signalled() { mailbox_.Post(Woken{key_}); }

void Exchange::Superseded() {
  superseded_.store(true);
  mailbox_.Post(Woken{key_});
}

}  // namespace alcove::runtime
