#include "functions/json_codec.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "nlohmann/json.hpp"

namespace alcove::functions::json {
namespace {

using Json = nlohmann::json;

// Builds the tree from nlohmann's parser, refusing what a tree of nlohmann
// would silently accept. A handler that returns false ends the parse; none throws.
class TreeBuilder : public nlohmann::json_sax<Json> {
 public:
  explicit TreeBuilder(Node& root) : root_(root) {}

  bool null() override {
    Add(Node::Kind::kNull);
    return true;
  }
  bool boolean(bool value) override {
    Add(Node::Kind::kBoolean)->boolean = value;
    return true;
  }
  bool number_integer(number_integer_t value) override {
    Add(Node::Kind::kInteger)->integer = value;
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<int64_t>::max())) {
      Add(Node::Kind::kOtherNumber)->text = std::to_string(value);
    } else {
      Add(Node::Kind::kInteger)->integer = static_cast<int64_t>(value);
    }
    return true;
  }
  bool number_float(number_float_t /*value*/, const string_t& written) override {
    Add(Node::Kind::kOtherNumber)->text = written;
    return true;
  }
  bool string(string_t& value) override {
    Add(Node::Kind::kString)->text = std::move(value);
    return true;
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(Node::Kind::kObject); }
  bool start_array(std::size_t) override { return Open(Node::Kind::kArray); }
  bool end_object() override { return NamesAreDistinct(*open_.back()) && Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    name_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    problem_ = absl::StrCat("not JSON at byte ", position);
    return false;
  }

  const std::string& problem() const { return problem_; }

 private:
  Node* Add(Node::Kind kind) {
    // A child is complete before its parent gets another, so pointers into
    // `children` that open_ holds are never to a vector that grows.
    Node& node = open_.empty() ? root_ : open_.back()->children.emplace_back();
    node.kind = kind;
    node.name = std::move(name_);
    name_.clear();
    return &node;
  }
  // By sorting, because a stranger chooses how many there are.
  bool NamesAreDistinct(const Node& object) {
    std::vector<std::string_view> names;
    names.reserve(object.children.size());
    for (const Node& child : object.children) names.push_back(child.name);
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) == names.end()) return true;
    problem_ = "an object names a key twice";
    return false;
  }
  bool Open(Node::Kind kind) {
    if (open_.size() >= static_cast<size_t>(wire::kJsonDepthMax)) {
      problem_ = absl::StrCat("nested deeper than ", wire::kJsonDepthMax);
      return false;
    }
    open_.push_back(Add(kind));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  Node& root_;
  std::vector<Node*> open_;
  std::string name_;
  std::string problem_;
};

void AppendTextOf(const Node& node, std::string& out) {
  const bool is_object = node.kind == Node::Kind::kObject;
  switch (node.kind) {
    case Node::Kind::kNull:
      out += "null";
      return;
    case Node::Kind::kBoolean:
      out += node.boolean ? "true" : "false";
      return;
    case Node::Kind::kInteger:
      out += std::to_string(node.integer);
      return;
    case Node::Kind::kOtherNumber:
      out += node.text;
      return;
    case Node::Kind::kString:
      wire::AppendJsonString(node.text, out);
      return;
    case Node::Kind::kArray:
    case Node::Kind::kObject:
      break;
  }
  // As deep as kJsonDepthMax, no deeper: ParseTree() saw to it.
  out += is_object ? '{' : '[';
  for (size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += ',';
    if (is_object) {
      wire::AppendJsonString(node.children[i].name, out);
      out += ':';
    }
    AppendTextOf(node.children[i], out);
  }
  out += is_object ? '}' : ']';
}

std::string_view NameOfKind(Node::Kind kind) { return kind == Node::Kind::kArray ? "is no array" : "is no object"; }

}  // namespace

const Node* Node::Find(std::string_view member) const {
  for (const Node& child : children) {
    if (child.name == member) return &child;
  }
  return nullptr;
}

absl::StatusOr<Node> ParseTree(std::string_view text) {
  // The parser takes a zero byte for the end and would not look at what follows.
  if (text.find('\0') != std::string_view::npos) return absl::InvalidArgumentError("not JSON: it has a zero byte");
  Node root;
  TreeBuilder builder(root);
  // The parser calls back for each error instead of throwing; memory that runs
  // out is left to the last catch of the runtime.
  if (Json::sax_parse(text.begin(), text.end(), &builder)) return root;
  return absl::InvalidArgumentError(builder.problem());
}

std::string TextOf(const Node& node) {
  std::string text;
  AppendTextOf(node, text);
  return text;
}

std::string UndeclaredMembers(const Node& object, const std::vector<std::string_view>& declared) {
  std::string members;
  for (const Node& child : object.children) {
    if (std::find(declared.begin(), declared.end(), child.name) != declared.end()) continue;
    if (!members.empty()) members += ',';
    wire::AppendJsonString(child.name, members);
    members += ':';
    AppendTextOf(child, members);
  }
  return members;
}

absl::StatusOr<std::string> WithChangedMembers(std::string_view text, std::string_view before, std::string_view after) {
  const auto stored = ParseTree(text);
  const auto old = ParseTree(before);
  const auto fresh = ParseTree(after);
  if (!stored.ok() || !old.ok() || !fresh.ok() || stored->kind != Node::Kind::kObject) {
    return absl::DataLossError("what is stored is no object");
  }
  Node changed;
  changed.kind = Node::Kind::kObject;
  for (const Node& member : stored->children) {
    const Node* const was = old->Find(member.name);
    const Node* const is = fresh->Find(member.name);
    const bool stays = is == nullptr ? was == nullptr : was != nullptr && TextOf(*was) == TextOf(*is);
    if (stays) {
      changed.children.push_back(member);
    } else if (is != nullptr) {
      changed.children.push_back(*is);
    }
  }
  for (const Node& member : fresh->children) {
    if (stored->Find(member.name) == nullptr) changed.children.push_back(member);
  }
  return TextOf(changed);
}

bool Refusal::Refuse(std::string_view reason) {
  what = reason;
  return false;
}

bool Refusal::Within(std::string_view member) {
  const bool is_leaf = path.empty() || path.front() == '[';
  path = absl::StrCat(std::string(member), is_leaf ? "" : ".", path);
  return false;
}

bool Refusal::WithinItem(size_t index) {
  const bool is_leaf = path.empty() || path.front() == '[';
  path = absl::StrCat("[", index, "]", is_leaf ? "" : ".", path);
  return false;
}

std::string Refusal::Message() const {
  return path.empty() ? absl::StrCat("the value ", what) : absl::StrCat("`", path, "` ", what);
}

bool ReadText(const Node& node, std::string& out, Refusal& refusal) {
  if (node.kind != Node::Kind::kString) return refusal.Refuse("is no string");
  out = node.text;
  return true;
}

bool ReadInteger(const Node& node, int64_t& out, Refusal& refusal) {
  if (node.kind != Node::Kind::kInteger) return refusal.Refuse("is no integer of 64 bits");
  out = node.integer;
  return true;
}

bool ReadBoolean(const Node& node, bool& out, Refusal& refusal) {
  if (node.kind != Node::Kind::kBoolean) return refusal.Refuse("is neither true nor false");
  out = node.boolean;
  return true;
}

bool ReadKind(const Node& node, Node::Kind kind, Refusal& refusal) {
  return node.kind == kind || refusal.Refuse(NameOfKind(kind));
}

}  // namespace alcove::functions::json
