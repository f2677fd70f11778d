// Who a customer is by the owner's word: which tokens count, and what a session makes of them.
#include "functions/identity.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "functions/secrets.h"
#include "functions/wire/limits.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/invariants.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kNow = 1'790'000'000;
const std::string kSecret = "0123456789abcdef0123456789abcdef";
const std::string kOtherSecret = "fedcba9876543210fedcba9876543210";
constexpr const char* kHeader = R"({"alg":"HS256","typ":"JWT"})";

std::string Signed(const std::string& claims, const std::string& header = kHeader,
                   const std::string& secret = kSecret) {
  const std::string text = Base64Url(header) + "." + Base64Url(claims);
  return text + "." + Base64Url(HmacSha256(secret, text));
}
// Of 42, from now for a minute, with what else is said.
std::string Claims(const std::string& more = "", int64_t now = kNow) {
  return R"({"sub":"42","iat":)" + std::to_string(now) + R"(,"exp":)" + std::to_string(now + 60) + more + "}";
}
std::string WithTimes(int64_t iat, int64_t exp) {
  return R"({"sub":"42","iat":)" + std::to_string(iat) + R"(,"exp":)" + std::to_string(exp) + "}";
}

absl::StatusOr<Identity> Verify(const std::string& token, std::vector<std::string> secrets = {kSecret}) {
  return VerifyIdentity(token, secrets, kSite, absl::FromUnixSeconds(kNow));
}

TEST(Identity, SaysWhoItIs) {
  const auto identity =
      Verify(Signed(Claims(R"(,"name":"Ada","email":"ada@shop.example","aud":"sit_demo","nbf":1790000000,)"
                           R"("attributes":[{"name":"plan","value":"paid"}],"iss":"shop","more":{"a":[1]})")));
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->subject, "42");
  EXPECT_EQ(identity->name, "Ada");
  EXPECT_EQ(identity->email, "ada@shop.example");
  EXPECT_THAT(identity->attributes, ElementsAre(wire::Field{"plan", "paid"}));
  const auto bare = Verify(Signed(Claims(R"(,"name":"","email":null)"), R"({"alg":"HS256"})"));
  ASSERT_TRUE(bare.ok()) << bare.status();
  EXPECT_FALSE(bare->name || bare->email);
}

// The example of RFC 7515, appendix A.1, of another hand than ours: signed with bytes that are no text.
TEST(Identity, ASignatureIsThatOfTheStandard) {
  const std::string example =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
      "LmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const unsigned char key[] = {3,   35,  53, 75,  43,  15, 165, 188, 131, 126, 6,   101, 119, 123, 166, 143,
                               90,  179, 40, 230, 240, 84, 201, 40,  169, 15,  132, 178, 210, 80,  46,  191,
                               211, 251, 90, 146, 210, 6,  71,  239, 150, 138, 180, 195, 119, 98,  61,  34,
                               61,  46,  33, 114, 5,   46, 79,  8,   192, 205, 154, 245, 103, 208, 128, 163};
  // What is wrong with it is its claims alone.
  EXPECT_THAT(Verify(example, {std::string(reinterpret_cast<const char*>(key), sizeof(key))}).status().message(),
              HasSubstr("has claims that are none"));
  EXPECT_THAT(Verify(example).status().message(), HasSubstr("none of the site's secrets"));
}

TEST(Identity, AnythingElseIsRefused) {
  const std::string good = Signed(Claims());
  const std::string signature = good.substr(good.rfind('.') + 1);
  std::string other_signature = good;
  other_signature[good.size() - 2] = other_signature[good.size() - 2] == 'A' ? 'B' : 'A';
  std::string other_claims = good;
  other_claims.replace(good.find('.') + 1, Base64Url(Claims()).size(), Base64Url(Claims(R"(,"name":"Eve")")));
  const std::string unsigned_text = Base64Url(R"({"alg":"none"})") + "." + Base64Url(Claims());
  const struct {
    const char* name;
    std::string token;
    const char* why;
  } kCases[] = {
      // Not even a token.
      {"nothing", "", "no JWT of three parts"},
      {"a word", "x", "no JWT of three parts"},
      {"two parts", good.substr(0, good.rfind('.')), "no JWT of three parts"},
      {"four parts", good + ".x", "no JWT of three parts"},
      {"too long", Signed(Claims(",\"x\":\"" + std::string(wire::kIdentityBytesMax, 'x') + "\"")), "is longer than"},
      {"padding", good + "=", "signature that is not base64url"},
      {"another alphabet", good.substr(0, good.rfind('.') + 1) + "+/" + signature.substr(2),
       "signature that is not base64url"},
      {"a line break", good + "\n", "signature that is not base64url"},
      {"a header of no base64", "?." + good.substr(good.find('.') + 1), "header that is not base64url"},
      {"a header of no JSON", Signed(Claims(), "alg=HS256"), "header that is none"},
      {"a header with a key twice", Signed(Claims(), R"({"alg":"none","alg":"HS256"})"), "header that is none"},
      {"a header without an algorithm", Signed(Claims(), R"({"typ":"JWT"})"), "header that is none"},
      // Algorithms that are asked for.
      {"none", unsigned_text + ".", "not signed with HS256"},
      {"none, in capitals", Base64Url(R"({"alg":"NONE"})") + "." + Base64Url(Claims()) + ".", "not signed with HS256"},
      {"no signature", good.substr(0, good.rfind('.') + 1), "none of the site's secrets"},
      {"RS256, signed with the secret", Signed(Claims(), R"({"alg":"RS256"})"), "not signed with HS256"},
      {"another digest", Signed(Claims(), R"({"alg":"HS512"})"), "not signed with HS256"},
      {"small letters", Signed(Claims(), R"({"alg":"hs256"})"), "not signed with HS256"},
      {"an algorithm that is a number", Signed(Claims(), R"({"alg":256})"), "header that is none"},
      {"another type", Signed(Claims(), R"({"alg":"HS256","typ":"JWE"})"), "another type"},
      {"what must be understood", Signed(Claims(), R"({"alg":"HS256","crit":["b64"],"b64":false})"), "`crit`"},
      // Signatures.
      {"another secret", Signed(Claims(), kHeader, kOtherSecret), "none of the site's secrets"},
      {"no secret at all", Signed(Claims(), kHeader, ""), "none of the site's secrets"},
      {"another signature", other_signature, "the site's secrets"},
      {"cut off", good.substr(0, good.size() - 3), "the site's secrets"},
      {"other claims", other_claims, "none of the site's secrets"},
      // Claims.
      {"claims of no JSON", Signed("sub=42"), "claims that are none"},
      {"claims that are a list", Signed("[]"), "claims that are none"},
      {"a key twice", Signed(Claims(R"(,"sub":"43")")), "claims that are none"},
      {"without a subject", Signed(R"({"iat":1790000000,"exp":1790000060})"), "claims that are none: `sub`"},
      {"a subject that is a number", Signed(R"({"sub":42,"iat":1790000000,"exp":1790000060})"),
       "claims that are none: `sub`"},
      {"an empty subject", Signed(R"({"sub":"","iat":1790000000,"exp":1790000060})"), "identity.sub"},
      {"a blank subject", Signed(R"({"sub":" ","iat":1790000000,"exp":1790000060})"), "identity.sub"},
      {"a long subject",
       Signed(R"({"sub":")" + std::string(wire::kIdentitySubjectBytesMax + 1, 'x') +
              R"(","iat":1790000000,"exp":1790000060})"),
       "identity.sub"},
      {"a subject with a NUL", Signed(R"({"sub":"4\u0000","iat":1790000000,"exp":1790000060})"), "identity.sub"},
      {"a long name", Signed(Claims(",\"name\":\"" + std::string(wire::kNameBytesMax + 1, 'x') + "\"")),
       "identity.name"},
      {"a blank name", Signed(Claims(R"(,"name":" ")")), "identity.name"},
      {"no address", Signed(Claims(R"(,"email":"ada")")), "no address"},
      {"for somebody else", Signed(Claims(R"(,"aud":"sit_other")")), "aud"},
      {"for several", Signed(Claims(R"(,"aud":["sit_demo"])")), "claims that are none: `aud`"},
      {"attributes that are an object", Signed(Claims(R"(,"attributes":{"plan":"paid"})")),
       "claims that are none: `attributes`"},
      {"an attribute without a name", Signed(Claims(R"(,"attributes":[{"name":"","value":"x"}])")),
       "identity.attributes.name"},
      // Times.
      {"without an end", Signed(R"({"sub":"42","iat":1790000000})"), "claims that are none: `exp`"},
      {"without a beginning", Signed(R"({"sub":"42","exp":1790000060})"), "claims that are none: `iat`"},
      {"a fraction", Signed(R"({"sub":"42","iat":1790000000,"exp":1790000060.5})"), "claims that are none: `exp`"},
      {"a text", Signed(R"({"sub":"42","iat":1790000000,"exp":"1790000060"})"), "claims that are none: `exp`"},
      {"over", Signed(WithTimes(kNow - 120, kNow - 60)), "exp is past"},
      {"to come", Signed(WithTimes(kNow + 61, kNow + 120)), "iat"},
      {"not yet", Signed(Claims(R"(,"nbf":1790000061)")), "nbf"},
      {"over before it begins", Signed(WithTimes(kNow + 1, kNow)), "exp is not behind iat"},
      {"for ever", Signed(WithTimes(kNow, kNow + wire::kIdentityLifeMsMax / 1000 + 1)), "exp is too far"},
      {"milliseconds", Signed(WithTimes(kNow * 1000, kNow * 1000 + 60'000)), "none in seconds"},
      {"below zero", Signed(WithTimes(-1, kNow + 60)), "none in seconds"},
      {"as large as can be", Signed(WithTimes(kNow, INT64_MAX)), "none in seconds"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const auto identity = Verify(c.token);
    EXPECT_FALSE(identity.ok());
    EXPECT_THAT(std::string(identity.status().message()), HasSubstr(c.why));
  }
}

TEST(Identity, TheEdgeOfEachBoundIsGood) {
  const int64_t life = wire::kIdentityLifeMsMax / 1000;
  const int64_t skew = wire::kIdentitySkewMs / 1000;
  std::string longest = Signed(Claims(",\"x\":\"\""));
  for (size_t fill = 0; longest.size() < wire::kIdentityBytesMax; ++fill) {
    const std::string longer = Signed(Claims(",\"x\":\"" + std::string(2900 + fill, 'x') + "\""));
    if (longer.size() > wire::kIdentityBytesMax) break;
    longest = longer;
  }
  EXPECT_GT(longest.size(), wire::kIdentityBytesMax - 4);
  const std::string cases[] = {
      longest,
      Signed(R"({"sub":")" + std::string(wire::kIdentitySubjectBytesMax, 'x') +
             R"(","iat":1790000000,"exp":1790000060})"),
      Signed(Claims(",\"name\":\"" + std::string(wire::kNameBytesMax, 'x') + "\"")),
      Signed(WithTimes(kNow - 120, kNow - skew + 1)),
      Signed(WithTimes(kNow + skew, kNow + skew + 60)),
      Signed(WithTimes(kNow - life, kNow)),
      Signed(WithTimes(kNow, kNow + life)),
  };
  for (const std::string& token : cases) EXPECT_TRUE(Verify(token).ok()) << Verify(token).status();
}

TEST(Identity, EitherOfTwoSecretsIsGood) {
  const std::string old_one = Signed(Claims());
  const std::string new_one = Signed(Claims(), kHeader, kOtherSecret);
  for (const std::string& token : {old_one, new_one}) {
    EXPECT_TRUE(Verify(token, {kSecret, kOtherSecret}).ok());
    EXPECT_TRUE(Verify(token, {kOtherSecret, kSecret}).ok());
    EXPECT_FALSE(Verify(token, {}).ok()) << "a site that has none vouches for nobody";
  }
  EXPECT_FALSE(Verify(old_one, {kOtherSecret}).ok());
}

// --- Sessions ---------------------------------------------------------------------

class IdentitySession : public testing::Test {
 protected:
  IdentitySession() { PutSecret(secret_path_, kSecret); }
  ~IdentitySession() override { CheckInvariants(world_); }

  void PutSecret(const std::string& path, const std::string& secret) {
    const Result put = world_.Put(path, world_.owner, R"({"name":"Shop","secret":")" + secret + "\"}");
    ASSERT_EQ(put.status, 201) << put.body;
    EXPECT_THAT(put.body, testing::Not(HasSubstr(secret)));
  }
  Result Ask(const std::string& token, const std::string& identity, const std::string& more = "") {
    wire::CustomerSessionRequest ask;
    ask.site = kSite.text();
    if (!token.empty()) ask.token = token;
    if (!identity.empty()) ask.identity = identity;
    std::string body = ToJson(ask);
    if (!more.empty()) body.replace(body.size() - 1, 1, "," + more + "}");
    return world_.Call(Method::kPost, "/v1/customer/session", "", body);
  }
  wire::CustomerSession Session(const std::string& token, const std::string& identity, const std::string& more = "") {
    const Result result = Ask(token, identity, more);
    EXPECT_EQ(result.status, 200) << result.body;
    return result.As<wire::CustomerSession>();
  }
  // Of now, by the world's clock.
  std::string IdentityOf(const std::string& subject, const std::string& more = "",
                         const std::string& secret = kSecret) {
    const int64_t now = absl::ToUnixSeconds(world_.clock.Now());
    return Signed(R"({"sub":")" + subject + R"(","iat":)" + std::to_string(now) + R"(,"exp":)" +
                      std::to_string(now + 600) + more + "}",
                  kHeader, secret);
  }
  static Person PersonOf(const wire::CustomerSession& session) {
    return {session.customer.id, session.customer.name, session.token, session.cursor};
  }
  ConversationRecord Head(const std::string& id) {
    return *world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id)));
  }

  AdminWorld world_;
  const std::string secret_path_ = world_.PathOf<wire::IdentitySecretId>("identity");
};

TEST_F(IdentitySession, TheSameSubjectIsTheSameCustomerInEachBrowser) {
  const auto first = Session("", IdentityOf("42", R"(,"name":"Ada Lovelace")"));
  EXPECT_EQ(first.customer.name, "Ada Lovelace");
  EXPECT_EQ(first.customer.verified, true);
  const std::string id = world_.Start(PersonOf(first));
  const auto elsewhere = Session("", IdentityOf("42"));
  EXPECT_EQ(elsewhere.customer, first.customer) << "what is not said is as before";
  EXPECT_NE(elsewhere.token, first.token);
  ASSERT_EQ(elsewhere.conversations.size(), 1U);
  EXPECT_EQ(elsewhere.conversations[0].conversation.id, id);
  EXPECT_EQ(Session(first.token, "").customer.id, first.customer.id) << "both sessions go on";
  EXPECT_NE(Session("", IdentityOf("43")).customer.id, first.customer.id);
  EXPECT_EQ(Session("", "").customer.verified, std::nullopt);
}

TEST_F(IdentitySession, AgainIsNoWrite) {
  const std::string identity = IdentityOf("42", R"(,"name":"Ada","email":"ada@shop.example")");
  const auto first = Session("", identity);
  world_.Start(PersonOf(first));
  const auto before = world_.Everything();
  EXPECT_EQ(Session(first.token, identity).token, first.token);
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(IdentitySession, AVisitorWhoBecomesSomebodyKeepsWhatTheyBegan) {
  Person mara = world_.AddOnlineAgent("Mara");
  Person visitor = PersonOf(Session("", ""));
  const std::string id = world_.Start(visitor);
  world_.Snapshot(mara);
  world_.Hear("customer", visitor);
  const Result parked = world_.Poll("customer", visitor);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  const auto session = Session(visitor.token, IdentityOf("42", R"(,"name":"Ada")"));
  EXPECT_EQ(session.customer.id, visitor.id);
  ASSERT_EQ(session.conversations.size(), 1U);
  // Who had put the old token into this browser does not become them.
  EXPECT_NE(session.token, visitor.token);
  EXPECT_TRUE(world_.Wakes(parked));
  EXPECT_EQ(world_.Poll("customer", visitor, "0").code(), "token_invalid");

  EXPECT_EQ(Head(id).customer.name, "Ada");
  const auto heard = world_.Hear("agent", mara);
  ASSERT_EQ(heard.events.size(), 1U);
  EXPECT_EQ(heard.events[0].type, wire::EventType::kField);
  EXPECT_EQ(heard.events[0].name, "name");
  EXPECT_EQ(heard.events[0].value, "Ada");
  EXPECT_EQ(heard.events[0].verified, true);
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].summary->customer.name, "Ada");
  EXPECT_EQ(heard.signals[0].summary->customer_verified, true);
  EXPECT_EQ(session.conversations[0].conversation.customer_verified, std::nullopt) << "for agents";
  EXPECT_EQ(Head(world_.Start(PersonOf(session))).customer_verified, true);
}

TEST_F(IdentitySession, WhoWasHereBeforeIsThemselvesAndNotTheVisitor) {
  const auto known = Session("", IdentityOf("42"));
  const Person visitor = PersonOf(Session("", ""));
  world_.Start(visitor);
  const auto session = Session(visitor.token, IdentityOf("42"));
  EXPECT_EQ(session.customer.id, known.customer.id);
  EXPECT_THAT(session.conversations, IsEmpty()) << "those of the visitor may be anybody's";
  EXPECT_EQ(world_.Poll("customer", visitor, "0").code(), "token_invalid");
}

TEST_F(IdentitySession, AnotherPersonInTheSameBrowserIsAnotherCustomer) {
  const auto ada = Session("", IdentityOf("42", R"(,"name":"Ada")"));
  world_.Start(PersonOf(ada));
  const auto eve = Session(ada.token, IdentityOf("43", R"(,"name":"Eve")"));
  EXPECT_NE(eve.customer.id, ada.customer.id);
  EXPECT_THAT(eve.conversations, IsEmpty());
  EXPECT_EQ(world_.Poll("customer", PersonOf(ada), "0").code(), "token_invalid");
  EXPECT_EQ(Session("", IdentityOf("42")).customer.name, "Ada");
}

TEST_F(IdentitySession, WhoSignsOutIsAVisitorAgain) {
  const auto ada = Session("", IdentityOf("42", R"(,"name":"Ada")"));
  const auto elsewhere = Session("", IdentityOf("42"));
  ASSERT_EQ(world_.Call(Method::kDelete, "/v1/customer/session", ada.token).status, 200);
  const auto after = Session(ada.token, "");
  EXPECT_NE(after.customer.id, ada.customer.id);
  EXPECT_EQ(after.customer.verified, std::nullopt);
  EXPECT_EQ(Session(elsewhere.token, "").customer.id, ada.customer.id) << "there they have not";
}

TEST_F(IdentitySession, WhatTheOwnerSaysIsVerifiedAndThePageHasNothingToSay) {
  for (const char* const body :
       {R"({"name":"plan","label":"Plan","of":"customer","type":"choice","choices":["free","paid"]})",
        R"({"name":"tier","label":"Tier","of":"customer","type":"text","written_by":"agents"})",
        R"({"name":"hat","label":"Hat","of":"customer","type":"text"})"}) {
    ASSERT_EQ(world_.Put(world_.PathOf<wire::AttributeId>("attributes"), world_.owner, body).status, 201);
  }
  const std::string identity =
      IdentityOf("42", R"(,"name":"Ada","email":"ada@shop.example","attributes":[{"name":"plan","value":"paid"},)"
                       R"({"name":"tier","value":"gold"},{"name":"shoe","value":"44"},{"name":"plan","value":"x"}])");
  const auto session =
      Session("", identity, R"("attributes":[{"name":"plan","value":"free"},{"name":"hat","value":"red"}])");
  EXPECT_THAT(*session.ignored, ElementsAre("shoe is none that the site has", "plan is none of its choices"));
  const auto head = Head(world_.Start(PersonOf(session)));
  EXPECT_THAT(*head.customer_attributes,
              ElementsAre(wire::Attribute{"hat", "red"}, wire::Attribute{"plan", "paid", true},
                          wire::Attribute{"tier", "gold", true}, wire::Attribute{"email", "ada@shop.example", true}));
  // What they write in a form is not who they are.
  ASSERT_EQ(world_.Put("/v1/admin/settings", world_.owner, R"({"form":[{"name":"name","label":"Name"}]})").status, 200);
  const std::string id = world_.NewId<wire::ConversationId>().text();
  ASSERT_EQ(
      world_.Put("/v1/customer/conversations/" + id, PersonOf(session), R"({"form":[{"name":"name","value":"Eve"}]})")
          .status,
      201);
  EXPECT_EQ(Head(id).customer.name, "Ada");
}

TEST_F(IdentitySession, ASecretIsReplacedWithoutAnybodyWhoIsNotLetIn) {
  const std::string new_path = world_.PathOf<wire::IdentitySecretId>("identity");
  PutSecret(new_path, kOtherSecret);
  EXPECT_EQ(world_
                .Put(world_.PathOf<wire::IdentitySecretId>("identity"), world_.owner,
                     R"({"name":"third","secret":")" + kSecret + "\"}")
                .status,
            422);
  const auto ada = Session("", IdentityOf("42"));
  EXPECT_EQ(Session("", IdentityOf("42", "", kOtherSecret)).customer.id, ada.customer.id);
  ASSERT_EQ(world_.Call(Method::kDelete, secret_path_, world_.owner.token).status, 200);
  EXPECT_EQ(Ask("", IdentityOf("42")).status, 422);
  EXPECT_EQ(Session("", IdentityOf("42", "", kOtherSecret)).customer.id, ada.customer.id);
  EXPECT_EQ(Session(ada.token, "").customer.id, ada.customer.id) << "sessions go on";
  EXPECT_THAT(world_.Get("/v1/admin/audit", world_.owner).body, testing::Not(HasSubstr(kOtherSecret)));
  EXPECT_THAT(world_.Get("/v1/admin/identity", world_.owner).body, testing::Not(HasSubstr(kOtherSecret)));
}

TEST_F(IdentitySession, WhatIsRefusedChangesNothing) {
  const auto ada = Session("", IdentityOf("42"));
  world_.AddSite("sit_other");
  const auto before = world_.Everything();
  EXPECT_EQ(Ask(ada.token, IdentityOf("42", "", kOtherSecret)).code(), "unprocessable");
  world_.clock.Advance(absl::Minutes(11));
  EXPECT_EQ(Ask(ada.token, Signed(Claims("", absl::ToUnixSeconds(world_.clock.Now()) - 600))).code(), "unprocessable");
  // Of another site it is nobody's word.
  const Result other = world_.Call(Method::kPost, "/v1/customer/session", "",
                                   R"({"site":"sit_other","identity":")" + IdentityOf("42") + "\"}");
  EXPECT_EQ(other.code(), "unprocessable");
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(IdentitySession, WhatIsReopenedKnowsWhoItsCustomerIs) {
  const Person mara = world_.AddOnlineAgent("Mara");
  const Person visitor = PersonOf(Session("", ""));
  const std::string id = world_.Start(visitor);
  ASSERT_EQ(world_.Post(World::PathOf("agent", id) + "/close", mara).status, 200);
  Session(visitor.token, IdentityOf("42", R"(,"name":"Ada","email":"ada@shop.example")"));
  EXPECT_EQ(Head(id).customer_verified, std::nullopt) << "it is as it ended";
  ASSERT_EQ(world_.Post(World::PathOf("agent", id) + "/reopen", mara).status, 200);
  EXPECT_EQ(Head(id).customer_verified, true);
  EXPECT_EQ(Head(id).customer.name, "Ada");
  EXPECT_THAT(*Head(id).customer_attributes, ElementsAre(wire::Attribute{"email", "ada@shop.example", true}));
}

}  // namespace
}  // namespace alcove::functions
