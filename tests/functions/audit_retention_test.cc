// The audit log is kept as long as the settings say.
#include "functions/audit_retention.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/functions/admin_world.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;

class AuditRetention : public testing::Test {
 protected:
  ~AuditRetention() override { CheckInvariants(world_); }

  Result Keep(int64_t retention_ms) {
    return world_.Put("/v1/admin/settings", world_.owner,
                      R"({"audit_retention_ms":)" + std::to_string(retention_ms) + "}");
  }
  size_t Kept() {
    const auto entries = world_.store->Read([](store::Reader& reader) { return reader.Scan(keys::AllAudits(kSite)); });
    return entries->size();
  }
  void Change() {
    const Result put = world_.Put(skill_, world_.owner, R"({"name":"Skill )" + std::to_string(++changes_) + "\"}");
    EXPECT_LT(put.status, 300) << put.body;
  }
  void Pass(int64_t passes_ms) {
    world_.clock.Advance(absl::Milliseconds(passes_ms));
    // No session lasts that long.
    world_.AddToken(world_.owner.token, TokenKind::kAgent, kSite.text(), world_.owner.id);
  }

  AdminWorld world_;
  const std::string skill_ = world_.PathOf<wire::SkillId>("skills");
  int changes_ = 0;
};

constexpr int64_t kDay = wire::kAuditRetentionMsMin;

TEST_F(AuditRetention, ErasesWhatIsOlderAndNothingElse) {
  Change();
  Pass(kDay);
  Change();
  ASSERT_EQ(Kept(), 2U);
  ASSERT_EQ(Keep(kDay).status, 200);
  RunDueCalls(world_);
  EXPECT_EQ(Kept(), 3U) << "the first is just a day old";
  Pass(wire::kAuditPauseMs);
  RunDueCalls(world_);
  EXPECT_EQ(Kept(), 2U);
  Pass(kDay);
  RunDueCalls(world_);
  EXPECT_EQ(Kept(), 0U);
}

TEST_F(AuditRetention, ErasesManyInSmallSteps) {
  for (size_t i = 0; i <= wire::kAuditsErasedMax; ++i) Change();
  ASSERT_EQ(Keep(kDay).status, 200);
  Pass(kDay + 1);
  RunDueCalls(world_);
  EXPECT_EQ(Kept(), 2U);
  RunDueCalls(world_);
  EXPECT_EQ(Kept(), 0U);
}

TEST_F(AuditRetention, EndsWithTheSetting) {
  Change();
  ASSERT_EQ(Keep(kDay).status, 200);
  world_.PutSettings("{}");
  Pass(10 * kDay);
  RunDueCalls(world_);
  EXPECT_EQ(Kept(), 3U);
  Pass(10 * kDay);
  RunDueCalls(world_);
  EXPECT_EQ(Kept(), 3U);
}

TEST_F(AuditRetention, IsBounded) {
  EXPECT_EQ(Keep(wire::kAuditRetentionMsMin - 1).status, 422);
  EXPECT_EQ(Keep(wire::kAuditRetentionMsMax + 1).status, 422);
  EXPECT_EQ(Keep(wire::kAuditRetentionMsMax).status, 200);
}

}  // namespace
}  // namespace alcove::functions
