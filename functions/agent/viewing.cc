#include "functions/agent/viewing.h"

#include <utility>

#include "functions/access.h"
#include "functions/problem.h"
#include "functions/records.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "functions/viewers.h"
#include "functions/wire/collaboration.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

Outcome Viewing(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto viewing, ParseBody<wire::Viewing>(request));
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AgentAccess access, AccessAgent(reader, request, context));
    ASSIGN_OR_RETURN(const auto agent, Load<AgentRecord>(reader, store::keys::Agent(access.site, access.agent)));
    RETURN_IF_ERROR(CheckRole(RoleOf(agent), Permission::kFollow));
    ASSIGN_OR_RETURN(const Conversation conversation, AccessConversation(reader, request, access));
    const wire::Actor actor{wire::ActorKind::kAgent, access.agent.text(), agent.name};
    NoteViewing(conversation, actor, Sha256Hex(request.token),
                viewing.gone.value_or(false) ? Looks::kIsGone : Looks::kLooks, context);
    return Ok(ToJson(wire::ViewersAnswer{ViewersOf(conversation, actor.id, context)}));
  });
}

}  // namespace alcove::functions::agent
