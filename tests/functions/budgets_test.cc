// Which budgets the functions take from, and what they answer where one is spent.
#include "functions/budgets.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "functions/seed.h"
#include "functions/wire/requests.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

// Notes what is taken, and has nothing left of `spent`.
class FakeBudgets final : public Budgets {
 public:
  absl::Duration Take(Budget budget, std::string_view key) override {
    taken.emplace_back(budget, key);
    return budget == spent ? absl::Seconds(7) : absl::ZeroDuration();
  }
  absl::Duration TakeSignIn(std::string_view email, std::string_view address) override {
    tried.push_back(std::string(email) + " " + std::string(address));
    return spent == Budget::kSignInsByPair ? absl::Seconds(7) : absl::ZeroDuration();
  }
  void NoteSignIn(std::string_view email, std::string_view address) override {
    noted.push_back(std::string(email) + " " + std::string(address));
  }

  std::optional<Budget> spent;
  std::vector<std::pair<Budget, std::string>> taken;
  std::vector<std::string> tried;
  std::vector<std::string> noted;
};

using Taken = std::vector<std::pair<Budget, std::string>>;

class BudgetsTest : public testing::Test {
 protected:
  BudgetsTest() { world_.budgets = &budgets_; }

  Result CallFrom(const std::string& address, Method method, std::string_view target, const std::string& token,
                  const std::string& body) {
    Request request = world_.MakeRequest(method, target, token, body);
    request.client_address = address;
    return world_.Run(std::move(request));
  }
  static void ExpectPutOff(const Result& result) {
    EXPECT_EQ(result.status, 429) << result.body;
    EXPECT_EQ(result.code(), "too_many_requests");
    EXPECT_EQ(result.header("Retry-After"), "7");
  }

  FakeBudgets budgets_;
  World world_;
};

TEST_F(BudgetsTest, ANewCustomerTakesFromTheirAddressAndOneWhoComesBackDoesNot) {
  const auto session = [&](const std::string& body) {
    return CallFrom("192.0.2.1", Method::kPost, "/v1/customer/session", "", body);
  };
  const auto first = session(R"({"site":"sit_demo"})").As<wire::CustomerSession>();
  EXPECT_EQ(budgets_.taken, (Taken{{Budget::kNewCustomersByAddress, "192.0.2.1"}}));
  budgets_.spent = Budget::kNewCustomersByAddress;
  const size_t stored = world_.Everything().size();
  ExpectPutOff(session(R"({"site":"sit_demo"})"));
  EXPECT_EQ(world_.Everything().size(), stored) << "nobody was made";
  EXPECT_EQ(session(R"({"site":"sit_demo","token":")" + first.token + R"("})").status, 200)
      << "who comes back is let in";
}

TEST_F(BudgetsTest, AStartTakesFromItsSiteAndARepeatDoesNot) {
  const Person customer = world_.AddCustomer();
  budgets_.taken.clear();
  const std::string id = world_.NewId<wire::ConversationId>().text();
  const std::string message = world_.NewId<wire::MessageId>().text();
  EXPECT_EQ(world_.StartAs(customer, id, message, "a").status, 201);
  EXPECT_EQ(budgets_.taken, (Taken{{Budget::kConversationsBySite, "sit_demo"}}));
  budgets_.spent = Budget::kConversationsBySite;
  EXPECT_EQ(world_.StartAs(customer, id, message, "a").status, 200) << "it has begun";
  const std::string next = world_.NewId<wire::ConversationId>().text();
  ExpectPutOff(world_.StartAs(customer, next, world_.NewId<wire::MessageId>().text(), "b"));
  budgets_.spent.reset();
  EXPECT_EQ(world_.Get(World::PathOf("customer", next) + "/events", customer).status, 404) << "nothing was written";
}

TEST_F(BudgetsTest, APageTakesFromItsCustomerAndTheSameOneDoesNot) {
  const Person customer = world_.AddCustomer();
  const std::string id = world_.Start(customer);
  budgets_.taken.clear();
  const auto look = [&](const std::string& url) {
    return world_.Post(World::PathOf("customer", id) + "/page", customer, R"({"url":")" + url + "\"}");
  };
  EXPECT_EQ(look("https://shop.example/a").status, 200);
  EXPECT_EQ(budgets_.taken, (Taken{{Budget::kPagesByCustomer, customer.id}}));
  budgets_.spent = Budget::kPagesByCustomer;
  EXPECT_EQ(look("https://shop.example/a").status, 200) << "it is no news";
  const auto before = world_.Everything();
  ExpectPutOff(look("https://shop.example/b"));
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(BudgetsTest, ATryToSignInIsCountedBeforeThePasswordIsChecked) {
  Context context = world_.MakeContext();
  const auto sign_ins = SeedDemo(context, 1);
  ASSERT_TRUE(sign_ins.ok()) << sign_ins.status();
  const SignIn mara = sign_ins->at(0);
  const auto sign_in = [&](const std::string& email, const std::string& password) {
    return CallFrom("192.0.2.1", Method::kPost, "/v1/agent/session", "",
                    ToJson(wire::AgentSessionRequest{email, password}));
  };
  EXPECT_EQ(sign_in("MARA@demo.alcove.example", "wrong").status, 401);
  EXPECT_EQ(budgets_.tried, std::vector<std::string>{"mara@demo.alcove.example 192.0.2.1"}) << "in any spelling";
  EXPECT_TRUE(budgets_.noted.empty());
  EXPECT_EQ(sign_in(mara.email, mara.password).status, 200);
  EXPECT_EQ(budgets_.noted, std::vector<std::string>{"mara@demo.alcove.example 192.0.2.1"});
  budgets_.spent = Budget::kSignInsByPair;
  ExpectPutOff(sign_in(mara.email, mara.password));
}

}  // namespace
}  // namespace alcove::functions
