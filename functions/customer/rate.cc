#include "functions/customer/rate.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/access.h"
#include "functions/append.h"
#include "functions/message.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/conversation.h"
#include "functions/wire/limits.h"
#include "store/status_macros.h"

namespace alcove::functions::customer {

Outcome Rate(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto rating, ParseBody<wire::Rating>(request));
  if (rating.score < 1 || rating.score > wire::kRatingScoreMax) {
    return ProblemResponse(ProblemCode::kUnprocessable, absl::StrCat("score is not from 1 to ", wire::kRatingScoreMax));
  }
  RETURN_IF_ERROR(CheckText("comment", rating.comment.value_or(""), wire::kCommentBytesMax));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());

  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, Side::kCustomer, context));
    Conversation& conversation = entered.conversation;
    ConversationRecord& record = conversation.record;
    if (record.rating == rating && record.rated_seq) {
      ASSIGN_OR_RETURN(std::string answer, PutAnswer(txn, conversation, *record.rated_seq));
      return Ok(std::move(answer));
    }
    wire::Event rated;
    rated.type = wire::EventType::kRated;
    rated.actor = entered.actor;
    rated.score = rating.score;
    rated.comment = rating.comment;
    record.rating = rating;
    record.rated_seq = record.last_seq + 1;
    ASSIGN_OR_RETURN(rated, Append(txn, conversation, std::move(rated), now_ms));
    ASSIGN_OR_RETURN(std::string answer, PutAnswer(txn, conversation, rated.seq));
    return Created(std::move(answer));
  });
}

}  // namespace alcove::functions::customer
