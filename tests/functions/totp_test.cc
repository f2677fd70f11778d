#include "functions/totp.h"

#include <string>

#include "absl/strings/ascii.h"
#include "functions/secrets.h"
#include "functions/wire/limits.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

constexpr int64_t kTotpNow = 1'790'000'000'000;
constexpr int64_t kTotpStep = kTotpNow / wire::kTotpStepMs;

// RFC 6238, appendix B, the last six digits of each.
TEST(Totp, CodesAreThoseOfTheRfc) {
  const struct {
    int64_t seconds;
    const char* code;
  } kCases[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.seconds);
    EXPECT_EQ(TotpCodeOf("12345678901234567890", c.seconds / 30), c.code);
  }
}

TEST(Totp, Base32ComesBack) {
  SeededRandom random(7);
  for (size_t size = 0; size < 40; ++size) {
    const std::string bytes = RandomBytes(random, size);
    EXPECT_EQ(DecodeBase32(Base32(bytes)), bytes) << size;
  }
  EXPECT_EQ(DecodeBase32("MZXW 6YTB-oi"), "foobar");
}

class TotpUse : public testing::Test {
 protected:
  TotpUse() { ConfirmTotp(totp_); }
  std::string CodeOf(int64_t step) { return TotpCodeOf(DecodeBase32(totp_.secret), step); }

  SeededRandom random_{11};
  TotpRecord totp_ = MakeTotp(random_);
  const std::vector<std::string> recovery_ = MakeTotpAgain().recovery;

 private:
  static TotpRecord MakeTotpAgain() {
    SeededRandom random(11);
    return MakeTotp(random);
  }
};

TEST_F(TotpUse, TakesTheStepsOfNowAndBesideIt) {
  for (int64_t beside = -3; beside <= 3; ++beside) {
    SCOPED_TRACE(beside);
    TotpRecord totp = totp_;
    const bool is_near = beside >= -wire::kTotpStepsBeside && beside <= wire::kTotpStepsBeside;
    EXPECT_EQ(UseTotp(totp, CodeOf(kTotpStep + beside), kTotpNow), is_near ? TotpVerdict::kRight : TotpVerdict::kWrong);
  }
}

TEST_F(TotpUse, TakesACodeOnceAndNoneBeforeIt) {
  EXPECT_EQ(UseTotp(totp_, CodeOf(kTotpStep), kTotpNow), TotpVerdict::kRight);
  EXPECT_EQ(UseTotp(totp_, CodeOf(kTotpStep), kTotpNow), TotpVerdict::kWrong);
  EXPECT_EQ(UseTotp(totp_, CodeOf(kTotpStep - 1), kTotpNow), TotpVerdict::kWrong);
  EXPECT_EQ(UseTotp(totp_, CodeOf(kTotpStep + 1), kTotpNow), TotpVerdict::kRight);
}

TEST_F(TotpUse, TakesARecoveryCodeOnceHoweverItIsWritten) {
  ASSERT_EQ(recovery_.size(), wire::kRecoveryCodes);
  std::string written = absl::AsciiStrToUpper(recovery_[3]);
  written.insert(5, "-");
  EXPECT_EQ(UseTotp(totp_, written, kTotpNow), TotpVerdict::kRight);
  EXPECT_EQ(totp_.recovery.size(), wire::kRecoveryCodes - 1);
  EXPECT_EQ(UseTotp(totp_, written, kTotpNow), TotpVerdict::kWrong);
  EXPECT_EQ(UseTotp(totp_, recovery_[4], kTotpNow), TotpVerdict::kRight);
  for (const std::string& kept : totp_.recovery) EXPECT_EQ(kept.size(), 64U) << "only digests are kept";
}

TEST_F(TotpUse, WaitsAfterTooManyWrongOnes) {
  for (int64_t i = 1; i < wire::kTotpFailuresMax; ++i) {
    EXPECT_EQ(UseTotp(totp_, "000000", kTotpNow), TotpVerdict::kWrong);
    EXPECT_EQ(totp_.locked_until, 0) << i;
  }
  EXPECT_EQ(UseTotp(totp_, "", kTotpNow), TotpVerdict::kWrong);
  EXPECT_EQ(totp_.locked_until, kTotpNow + wire::kTotpLockMs);
  // Not even the right one, nor a recovery code; and none is used up.
  EXPECT_EQ(UseTotp(totp_, CodeOf(kTotpStep), kTotpNow), TotpVerdict::kLocked);
  EXPECT_EQ(UseTotp(totp_, recovery_[0], kTotpNow + wire::kTotpLockMs - 1), TotpVerdict::kLocked);
  // One try, and then it waits again.
  const int64_t later = kTotpNow + wire::kTotpLockMs;
  TotpRecord other = totp_;
  EXPECT_EQ(UseTotp(other, "000000", later), TotpVerdict::kWrong);
  EXPECT_EQ(UseTotp(other, CodeOf(later / wire::kTotpStepMs), later), TotpVerdict::kLocked);
  EXPECT_EQ(UseTotp(totp_, CodeOf(later / wire::kTotpStepMs), later), TotpVerdict::kRight);
  EXPECT_EQ(totp_.failures, 0);
}

TEST(Totp, IsNotUsedUpByRecoveryBeforeItIsConfirmed) {
  SeededRandom random(11);
  TotpRecord totp = MakeTotp(random);
  EXPECT_EQ(UseTotp(totp, totp.recovery[0], kTotpNow), TotpVerdict::kWrong);
}

TEST(Totp, UriIsWhatAuthenticatorsRead) {
  TotpRecord totp;
  totp.secret = "ABC234";
  EXPECT_EQ(TotpUri(totp, "m r+a@x.example"), "otpauth://totp/Alcove:m%20r%2Ba@x.example?secret=ABC234&issuer=Alcove");
}

}  // namespace
}  // namespace alcove::functions
