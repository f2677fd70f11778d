#include "functions/one_transaction.h"

namespace alcove::functions {

OneTransaction::OneTransaction(store::Transaction& transaction, Context& outer, std::vector<Unpublished>& unpublished)
    : transaction_(transaction),
      outer_(outer),
      unpublished_(unpublished),
      context_(*this, outer.clock, outer.random, *this, outer.assets, outer.config, outer.budgets) {}

void OneTransaction::Publish(std::string_view topic, std::string_view key, std::string_view value,
                             absl::Time expires_at) {
  unpublished_.push_back({std::string(topic), std::string(key), std::string(value), expires_at});
}

void Tell(const std::vector<Unpublished>& unpublished, Context& context) {
  for (const Unpublished& one : unpublished) {
    context.ephemera.Publish(one.topic, one.key, one.value, one.expires_at);
  }
}

}  // namespace alcove::functions
