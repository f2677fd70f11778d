// The pass that Verify() makes over a store: what it asks of an entry, by the family of its key. Its parts are in
// verify.cc (what belongs to no site), verify_sites.cc and verify_conversations.cc.
//
// Threads: one object belongs to one caller.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "functions/endings.h"
#include "functions/records.h"
#include "functions/routing.h"
#include "functions/verify.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"
#include "store/store.h"

namespace alcove::functions {

class VerifyPass {
 public:
  VerifyPass(store::Reader& reader, const VerifyListener& listener) : reader_(reader), listener_(listener) {}

  absl::StatusOr<VerifyReport> Run();

 private:
  using Handler = absl::Status (VerifyPass::*)(const store::Entry&);
  struct Family {
    std::string_view name;
    Handler check;
  };

  template <class... Parts>
  void Found(std::string_view key, const Parts&... what) {
    ++report_.findings;
    if (listener_.found) listener_.found({std::string(key), absl::StrCat(what...)});
  }

  // The record at a key that another one names. nullopt where it is not there or
  // cannot be read: the latter is found at the key itself.
  template <class T>
  absl::StatusOr<std::optional<T>> Peek(const std::string& key) {
    ASSIGN_OR_RETURN(const auto value, reader_.Get(key));
    if (!value) return std::optional<T>();
    auto record = DecodeRecord<T>(*value);
    return record.ok() ? std::optional<T>(*std::move(record)) : std::nullopt;
  }
  // The record of an entry, or nullopt after a finding.
  template <class T>
  std::optional<T> Own(const store::Entry& entry) {
    auto record = DecodeRecord<T>(entry.value);
    if (record.ok()) return *std::move(record);
    Found(entry.key, "cannot be read: ", std::string(record.status().message()));
    return std::nullopt;
  }
  absl::StatusOr<bool> IsThere(const std::string& key) {
    ASSIGN_OR_RETURN(const auto value, reader_.Get(key));
    return value.has_value();
  }
  absl::Status ExpectIndex(std::string_view key, const std::vector<std::string>& index) {
    for (const std::string& entry : index) {
      ASSIGN_OR_RETURN(const bool there, IsThere(entry));
      if (!there) Found(key, "is missing from the index: there is no ", entry);
    }
    return absl::OkStatus();
  }
  static bool Holds(const std::vector<std::string>& index, std::string_view key) {
    return std::find(index.begin(), index.end(), key) != index.end();
  }
  void ExpectNumber(std::string_view key, std::string_view name, int64_t said, int64_t counted) {
    if (said != counted) Found(key, "says ", std::string(name), " ", said, ", and there are ", counted);
  }
  absl::Status ExpectCount(std::string_view key, std::string_view name, int64_t said, const store::Range& counted) {
    int64_t count = 0;
    RETURN_IF_ERROR(store::EachPage(reader_, counted, [&](const std::vector<store::Entry>& page) {
      count += static_cast<int64_t>(page.size());
      return absl::OkStatus();
    }));
    ExpectNumber(key, name, said, count);
    return absl::OkStatus();
  }

  // The heads that an index leads to; where it leads nowhere is found at the index.
  template <class Take>
  absl::Status EachConversation(const store::Range& index, const Take& take) {
    return store::EachEntry(reader_, index, [&](const store::Entry& entry) -> absl::Status {
      const auto id = store::keys::DecodeConversation(entry.key);
      if (!id.ok()) return absl::OkStatus();
      ASSIGN_OR_RETURN(const auto head, Peek<ConversationRecord>(store::keys::Conversation(site_, *id)));
      if (head) take(*head);
      return absl::OkStatus();
    });
  }

  absl::Status Check(const store::Entry& entry);
  absl::Status EnterSite(std::string_view site, std::string_view key);
  absl::Status CheckMeta();
  absl::Status CheckNothing(const store::Entry&) { return absl::OkStatus(); }
  absl::Status CheckToken(const store::Entry& entry);
  absl::Status CheckTokenIndex(const store::Entry& entry);
  absl::Status CheckEmail(const store::Entry& entry);
  absl::Status CheckDeferred(const store::Entry& entry);
  absl::Status CheckDeferredKey(const store::Entry& entry);
  absl::Status CheckDeadLetter(const store::Entry& entry);
  absl::Status CheckSite(const store::Entry& entry);
  absl::Status CheckAgent(const store::Entry& entry);
  absl::Status CheckAgentState(const store::Entry& entry);
  absl::Status CheckAgentIndex(const store::Entry& entry);
  absl::Status CheckCustomer(const store::Entry& entry);
  absl::Status CheckSubject(const store::Entry& entry);
  absl::Status CheckCanned(const store::Entry& entry);
  absl::Status CheckTotp(const store::Entry& entry);
  absl::Status CheckSettings(const store::Entry& entry);
  absl::Status CheckTeam(const store::Entry& entry);
  absl::Status CheckTeamMember(const store::Entry& entry);
  absl::Status CheckTeamState(const store::Entry& entry);
  absl::Status CheckRule(const store::Entry& entry);
  absl::Status CheckMacro(const store::Entry& entry);
  absl::Status CheckMacroRun(const store::Entry& entry);
  absl::Status CheckKey(const store::Entry& entry);
  absl::Status CheckAudit(const store::Entry& entry);
  // What refers to nothing.
  template <class Record>
  absl::Status CheckAlone(const store::Entry& entry) {
    Own<Record>(entry);
    return absl::OkStatus();
  }
  absl::Status ExpectReference(std::string_view key, std::string_view named, const std::string& other);
  absl::Status ExpectTeam(std::string_view key, const std::optional<std::string>& team);
  absl::Status ExpectHours(std::string_view key, const std::optional<std::string>& hours);
  absl::Status ExpectBot(std::string_view key, const std::optional<std::string>& bot);
  absl::Status CheckConversation(const store::Entry& entry);
  absl::Status CheckParticipants(std::string_view key, const ConversationRecord& head);
  absl::Status CheckConversationIndex(const store::Entry& entry);
  absl::Status CheckEnding(const store::Entry& entry);
  absl::Status CheckQueueState(const store::Entry& entry);
  absl::Status CheckEvent(const store::Entry& entry);
  absl::Status CheckAmended(std::string_view key, const wire::Event& event);
  absl::Status EndEvents();
  absl::Status CheckSent(const store::Entry& entry);
  absl::Status CheckStarted(const store::Entry& entry);
  absl::Status CheckFeed(const store::Entry& entry);
  absl::Status EndFeed();
  absl::Status CheckFeedHead(const store::Entry& entry);

  inline static constexpr Family kOfNoSite[] = {
      {"meta", &VerifyPass::CheckNothing},
      {"token", &VerifyPass::CheckToken},
      {"token_expiry", &VerifyPass::CheckTokenIndex},
      {"agent_by_email", &VerifyPass::CheckEmail},
      {"defer", &VerifyPass::CheckDeferred},
      {"defer_key", &VerifyPass::CheckDeferredKey},
      {"defer_dead", &VerifyPass::CheckDeadLetter},
  };
  static constexpr Family kOfSites[] = {
      {"site", &VerifyPass::CheckSite},
      {"agent", &VerifyPass::CheckAgent},
      {"agent_state", &VerifyPass::CheckAgentState},
      {"agent_session", &VerifyPass::CheckTokenIndex},
      {"online", &VerifyPass::CheckAgentIndex},
      {"available", &VerifyPass::CheckAgentIndex},
      {"free", &VerifyPass::CheckAgentIndex},
      {"team_state", &VerifyPass::CheckTeamState},
      {"waits", &VerifyPass::CheckAlone<WaitsRecord>},
      {"replies", &VerifyPass::CheckAlone<WaitsRecord>},
      {"ending", &VerifyPass::CheckEnding},
      {"customer", &VerifyPass::CheckCustomer},
      {"subject", &VerifyPass::CheckSubject},
      {"identity_secret", &VerifyPass::CheckAlone<IdentitySecretRecord>},
      {"canned", &VerifyPass::CheckCanned},
      {"agent_totp", &VerifyPass::CheckTotp},
      {"settings", &VerifyPass::CheckSettings},
      {"team", &VerifyPass::CheckTeam},
      {"of_team", &VerifyPass::CheckTeamMember},
      {"skill", &VerifyPass::CheckAlone<SkillRecord>},
      {"hours", &VerifyPass::CheckAlone<HoursRecord>},
      {"rule", &VerifyPass::CheckRule},
      {"macro", &VerifyPass::CheckMacro},
      {"macro_run", &VerifyPass::CheckMacroRun},
      {"bot", &VerifyPass::CheckAlone<BotRecord>},
      {"tag", &VerifyPass::CheckAlone<TagRecord>},
      {"attribute", &VerifyPass::CheckAlone<AttributeRecord>},
      {"key", &VerifyPass::CheckKey},
      {"audit", &VerifyPass::CheckAudit},
      {"conversation", &VerifyPass::CheckConversation},
      {"of_customer", &VerifyPass::CheckConversationIndex},
      {"of_agent", &VerifyPass::CheckConversationIndex},
      {"joined", &VerifyPass::CheckConversationIndex},
      {"queue", &VerifyPass::CheckConversationIndex},
      {"lane", &VerifyPass::CheckConversationIndex},
      {"open", &VerifyPass::CheckConversationIndex},
      {"with_bot", &VerifyPass::CheckConversationIndex},
      {"closed", &VerifyPass::CheckConversationIndex},
      {"archived", &VerifyPass::CheckConversationIndex},
      {"queue_state", &VerifyPass::CheckQueueState},
      {"event", &VerifyPass::CheckEvent},
      {"sent", &VerifyPass::CheckSent},
      {"started", &VerifyPass::CheckStarted},
      {"feed", &VerifyPass::CheckFeed},
      {"feed_head", &VerifyPass::CheckFeedHead},
  };

  store::Reader& reader_;
  const VerifyListener& listener_;
  VerifyReport report_;

  wire::SiteId site_;  // whose keys are passed
  std::optional<SiteRouting> routing_;
  std::map<std::string, int64_t> team_loads_;      // by what the heads say, which are passed before
  std::map<int64_t, wire::EndingCounts> endings_;  // by day, likewise
  std::vector<std::string> parts_;                 // of the key at hand, behind its family

  // The conversation whose events are passed.
  struct Events {
    std::string of;  // empty: none
    std::string key;
    ConversationRecord head;
    bool has_head = false;
    int64_t last = 0;
    int64_t for_agent = 0;  // messages above what each has read
    int64_t for_customer = 0;
  } events_;

  // The conversation whose puts are passed.
  struct Puts {
    std::string of;  // empty: none
    std::optional<ConversationRecord> head;
  } puts_;

  // The feed whose entries are passed.
  struct Feed {
    std::string of;  // empty: none
    std::string key;
    int64_t last = 0;
  } feed_;
};

}  // namespace alcove::functions
