#include "functions/admin/explain.h"

#include <utility>

#include "functions/admin/access.h"
#include "functions/explain.h"
#include "functions/json_codec.h"
#include "functions/request.h"
#include "functions/wire/admin.h"
#include "functions/wire/ids.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

Outcome ExplainConversation(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(reader, request, Permission::kFollow, context));
    ASSIGN_OR_RETURN(const auto id, ParsePathId<wire::ConversationId>(request, "conversation"));
    ASSIGN_OR_RETURN(auto lines, Explain(reader, access.site, id));
    return Ok(ToJson(wire::Explanation{std::move(lines)}));
  });
}

}  // namespace alcove::functions::admin
