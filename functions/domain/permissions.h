// Who may do what: the one table of roles and permissions.
//
// A permission is asked for where an object is taken (access.h, admin/access.h),
// in the snapshot that is read or the transaction that writes. The route table
// names it too, so that a test can hold the two together.
//
// Pure: no store, no clock. Threads: free functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "functions/wire/admin.h"

namespace alcove::functions {

// In the order of the least role that has it.
enum class Permission {
  kFollow,         // sees conversations, colleagues and what was configured for them
  kSeePeople,      // sees agents with their addresses, roles and sessions
  kConverse,       // is online, writes, takes, closes
  kSupervise,      // whispers to agents, asks them into any conversation, deletes what they wrote
  kChangeReplies,  // canned replies and tags
  kChangeHours,    // business hours
  kChangeRouting,  // teams, skills, rules, bots, attributes, settings, the site
  kChangePeople,   // agents, their passwords and sessions; not owners
  kChangeKeys,     // keys of the administration API, secrets that sign identities
  kSeeAudit,       // who changed what
  kErase,          // what was written, for good
  kMakeOwners,     // owners: who is one, and all that is done to one
};

struct PermissionRow {
  Permission permission;
  bool read_only, agent, supervisor, admin, owner;
};

inline constexpr std::array kPermissions = {
    PermissionRow{Permission::kFollow, true, true, true, true, true},
    PermissionRow{Permission::kSeePeople, true, false, true, true, true},
    PermissionRow{Permission::kConverse, false, true, true, true, true},
    PermissionRow{Permission::kSupervise, false, false, true, true, true},
    PermissionRow{Permission::kChangeReplies, false, false, true, true, true},
    PermissionRow{Permission::kChangeHours, false, false, true, true, true},
    PermissionRow{Permission::kChangeRouting, false, false, false, true, true},
    PermissionRow{Permission::kChangePeople, false, false, false, true, true},
    PermissionRow{Permission::kChangeKeys, false, false, false, true, true},
    PermissionRow{Permission::kSeeAudit, false, false, false, true, true},
    PermissionRow{Permission::kErase, false, false, false, true, true},
    PermissionRow{Permission::kMakeOwners, false, false, false, false, true},
};

constexpr bool PermissionsAreInOrder() {
  for (size_t i = 0; i < kPermissions.size(); ++i) {
    if (static_cast<size_t>(kPermissions[i].permission) != i) return false;
  }
  return true;
}
static_assert(PermissionsAreInOrder(), "the table is indexed by the enum");

// A role that is not known may nothing.
constexpr bool May(wire::Role role, Permission permission) {
  const PermissionRow& row = kPermissions[static_cast<size_t>(permission)];
  switch (role) {
    case wire::Role::kUnknown:
      return false;
    case wire::Role::kReadOnly:
      return row.read_only;
    case wire::Role::kAgent:
      return row.agent;
    case wire::Role::kSupervisor:
      return row.supervisor;
    case wire::Role::kAdmin:
      return row.admin;
    case wire::Role::kOwner:
      return row.owner;
  }
  return false;
}

}  // namespace alcove::functions
