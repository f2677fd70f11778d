// Whoever has something new to take hears of it, once for many where they were told together.
#include "runtime/mailbox.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <memory>
#include <optional>
#include <thread>

#include "runtime/exchange.h"

namespace alcove::runtime {
namespace {

// Watches as a reactor does.
class MailboxTest : public testing::Test {
 protected:
  MailboxTest() : epoll_(epoll_create1(EPOLL_CLOEXEC)), mailbox_(std::make_unique<Mailbox>()) {
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLET;
    EXPECT_EQ(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, mailbox_->descriptor(), &event), 0);
  }
  // Whether there was an event since the last call.
  bool Rings() {
    epoll_event event = {};
    return epoll_wait(epoll_.get(), &event, 1, 0) == 1;
  }
  void Post() { mailbox_->Post(Drain{}); }

  const Descriptor epoll_;
  std::unique_ptr<Mailbox> mailbox_;
};

TEST_F(MailboxTest, RingsForTheFirstThatIsNotTaken) {
  EXPECT_FALSE(Rings());
  Post();
  EXPECT_TRUE(Rings());
  Post();
  EXPECT_FALSE(Rings()) << "it has been told";
  EXPECT_EQ(mailbox_->Take().size(), 2U);
  EXPECT_FALSE(Rings());
  Post();
  EXPECT_TRUE(Rings());
  EXPECT_EQ(mailbox_->Take().size(), 1U);
  EXPECT_EQ(mailbox_->Take().size(), 0U);
}

TEST_F(MailboxTest, RingsOnceForManyThatArePostedTogether) {
  {
    const Mailbox::OneRing ring;
    Post();
    EXPECT_EQ(mailbox_->Take().size(), 1U) << "it looks of its own accord";
    Post();
    const Mailbox::OneRing inner;
    Post();
    EXPECT_FALSE(Rings());
    std::thread([&] { mailbox_->Post(Stop{}); }).join();
  }
  EXPECT_TRUE(Rings());
  EXPECT_FALSE(Rings());
  EXPECT_EQ(mailbox_->Take().size(), 3U);
  Post();
  EXPECT_TRUE(Rings()) << "a bell waits for nothing any more";
}

TEST_F(MailboxTest, AnotherThreadsBellDoesNotWait) {
  const Mailbox::OneRing ring;
  std::thread([&] { Post(); }).join();
  EXPECT_TRUE(Rings());
}

TEST_F(MailboxTest, MayEndBeforeItsBellRings) {
  std::optional<Mailbox::OneRing> ring(std::in_place);
  Post();
  mailbox_.reset();
  ring.reset();
  mailbox_ = std::make_unique<Mailbox>();
  EXPECT_EQ(mailbox_->Take().size(), 0U);
}

}  // namespace
}  // namespace alcove::runtime
