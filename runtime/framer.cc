#include "runtime/framer.h"

#include <algorithm>

#include "runtime/characters.h"

namespace alcove::runtime {

size_t Framer::Consume(std::string_view bytes) {
  size_t used = 0;
  if (parts_ == nullptr && state_ == State::kHead) parts_ = std::make_unique<Parts>();
  if (state_ == State::kHead) used = ConsumeHead(bytes);
  if (state_ == State::kBody && used < bytes.size()) used += ConsumeBody(bytes.substr(used));
  return used;
}

size_t Framer::ConsumeHead(std::string_view bytes) {
  size_t used = 0;
  while (used < bytes.size() && state_ == State::kHead) {
    if (const size_t run = PlainRun(bytes.substr(used)); run > 0) {
      head_bytes_ += run;
      if (at_ == At::kFirstLine && spaces_ == 1) target_bytes_ += run;
      parts_->line.append(bytes.substr(used, run));
      used += run;
      continue;
    }
    const char c = bytes[used++];
    ++head_bytes_;
    if (const int refusal = CheckHeadByte(c); refusal != 0) {
      Refuse(refusal);
    } else if (c == '\n') {
      after_cr_ = false;
      EndLine();
    } else if (c == '\r') {
      after_cr_ = true;
    } else {
      parts_->line.push_back(c);
    }
  }
  return used;
}

size_t Framer::PlainRun(std::string_view bytes) const {
  if (after_cr_) return 0;
  const bool in_target = at_ == At::kFirstLine && spaces_ == 1;
  const size_t room = limits_->head_bytes - std::min(head_bytes_, limits_->head_bytes);
  bytes = bytes.substr(0, in_target ? std::min(room, limits_->target_bytes - target_bytes_) : room);
  const char least = at_ == At::kFirstLine ? '!' : ' ';
  size_t run = 0;
  while (run < bytes.size() && (bytes[run] >= least && bytes[run] != '\x7f')) ++run;
  return run;
}

int Framer::CheckHeadByte(char c) {
  if (after_cr_ != (c == '\n')) return 400;  // a bare CR or a bare LF
  if (IsControl(static_cast<unsigned char>(c)) && c != '\r' && c != '\n' && c != '\t') return 400;
  if (at_ == At::kFirstLine) {
    if (c == ' ') {
      ++spaces_;
    } else if (spaces_ == 1 && ++target_bytes_ > limits_->target_bytes) {
      return 414;
    }
  }
  return head_bytes_ > limits_->head_bytes ? 431 : 0;
}

void Framer::EndLine() {
  int refusal = 0;
  if (at_ == At::kFirstLine) {
    refusal = EndFirstLine();
  } else if (!parts_->line.empty()) {
    refusal = EndHeader();
  } else {
    refusal = rules_.Finish(minor_version_);
    // Until HTTP/1.1 such a body could go on until the client closes: its end would be a guess.
    if (refusal == 0 && minor_version_ == 0 && brings_body_ && !rules_.has_content_length()) refusal = 411;
    if (refusal == 0) refusal = EndHead();
  }
  parts_->line.clear();
  if (refusal != 0) Refuse(refusal);
}

int Framer::EndFirstLine() {
  if (parts_->line.empty()) {
    // RFC 9112, 2.2: old clients send one CRLF too many behind a body.
    if (skipped_empty_line_) return 400;
    skipped_empty_line_ = true;
    head_bytes_ = 0;
    return 0;
  }
  RequestLine parsed;
  if (const int refusal = ParseRequestLine(parts_->line, parsed); refusal != 0) return refusal;
  minor_version_ = parsed.minor_version;
  brings_body_ = parsed.method == "POST" || parsed.method == "PUT" || parsed.method == "PATCH";
  at_ = At::kHeaders;
  return parts_->request.Start(parsed);
}

int Framer::EndHeader() {
  if (++headers_ > limits_->headers) return 431;
  Header header;
  if (const int refusal = ParseHeaderLine(parts_->line, header); refusal != 0) return refusal;
  if (const int refusal = rules_.Add(header, limits_->body_bytes); refusal != 0) return refusal;
  return parts_->request.Add(header);
}

int Framer::EndHead() {
  parts_->line.shrink_to_fit();
  if (!rules_.chunked() && rules_.content_length() == 0) {
    state_ = State::kComplete;
    return 0;
  }
  const bool is_small = limits_->is_small && limits_->is_small(parts_->request.head());
  parts_->body_bytes_max = is_small ? limits_->small_body_bytes : limits_->body_bytes;
  if (rules_.content_length() > parts_->body_bytes_max) return 413;
  state_ = State::kBody;
  return 0;
}

size_t Framer::ConsumeBody(std::string_view bytes) {
  body_untouched_ = false;
  std::string& body = parts_->request.body();
  if (!rules_.chunked()) {
    const size_t taken = std::min<size_t>(bytes.size(), rules_.content_length() - body.size());
    body.append(bytes.substr(0, taken));
    if (body.size() == rules_.content_length()) state_ = State::kComplete;
    return taken;
  }
  const size_t used = parts_->chunks.Consume(bytes, parts_->body_bytes_max, body);
  switch (parts_->chunks.state()) {
    case ChunkDecoder::State::kMore:
      break;
    case ChunkDecoder::State::kDone:
      state_ = State::kComplete;
      break;
    case ChunkDecoder::State::kMalformed:
      Refuse(400);
      break;
    case ChunkDecoder::State::kTooLarge:
      Refuse(413);
      break;
  }
  return used;
}

FramedRequest Framer::Take() {
  FramedRequest framed{.bytes = parts_->request.Finish(), .keep_alive = rules_.keep_alive()};
  *this = Framer(*limits_);
  return framed;
}

void Framer::Refuse(int status) {
  state_ = State::kRefused;
  refusal_ = status;
  parts_ = nullptr;
}

}  // namespace alcove::runtime
