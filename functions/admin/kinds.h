// The kinds of resources that need nothing beyond what resource.h does, one a
// family of store/keys.h.
//
// Threads: the kinds are constant.
#pragma once

#include "functions/admin/resource.h"

namespace alcove::functions::admin {

extern const ResourceKind kTeams;
extern const ResourceKind kSkills;
extern const ResourceKind kHours;
extern const ResourceKind kRules;
extern const ResourceKind kCanned;
extern const ResourceKind kMacros;
extern const ResourceKind kBots;
extern const ResourceKind kTags;
extern const ResourceKind kAttributes;
// Two at once, so that one may take the place of the other without a customer who is not let in.
extern const ResourceKind kIdentitySecrets;
// One of a site, and there from its beginning.
extern const ResourceKind kSettings;

// As functions of the route table.
template <const ResourceKind& kind>
Outcome List(const Request& request, Context& context) {
  return ListResources(kind, request, context);
}
template <const ResourceKind& kind>
Outcome Get(const Request& request, Context& context) {
  return GetResource(kind, request, context);
}
template <const ResourceKind& kind>
Outcome Put(const Request& request, Context& context) {
  return PutResource(kind, request, context);
}
template <const ResourceKind& kind>
Outcome Delete(const Request& request, Context& context) {
  return DeleteResource(kind, request, context);
}

}  // namespace alcove::functions::admin
