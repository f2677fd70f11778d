#include <algorithm>

#include "functions/wire/limits.h"
#include "wasm-widget/console/screen.h"
#include "wasm-widget/console/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;

constexpr float kBoxHeight = 40;
constexpr float kErrorHeight = 28;
constexpr float kFieldHeight = 20 + 6 + kBoxHeight + 14;  // with its label and what is below

ui::TextBoxResult DrawField(ui::Ui& ui, Rect& rest, ui::TextBoxState& state, const ui::TextBoxOptions& options) {
  ui.Label(rest.CutTop(20), options.label, {.style = ui::kTextM.Medium(), .silent = true});
  rest.CutTop(6);
  const ui::TextBoxResult result = ui.TextBox(rest.CutTop(kBoxHeight), state, options);
  rest.CutTop(14);
  return result;
}

}  // namespace

bool DrawSignIn(ui::Ui& ui, const SignInView& view, SignInState& state) {
  ui.Fill(ui.Screen(), ui.theme().bg_sunken);
  const bool has_error = !view.error.empty();
  const float width = std::min(ui.Screen().width - 32, 380.0f);
  const float fields = (view.asks_code ? 3 : 2) * kFieldHeight;
  const float height = 2 * 28 + 44 + 18 + 28 + 20 + 24 + fields + 4 + kBoxHeight + (has_error ? kErrorHeight : 0);
  const Rect card = ui.Screen().Centered(width, height);
  ui.ShadowPanel(card);
  ui.Fill(card, ui.theme().bg_raised, ui::kRadiusL);
  ui.Border(card, ui.theme().line, ui::kRadiusL);

  // Who waits has the keyboard where it was: the boxes are not off meanwhile.
  bool asked = false;
  ui.Group(ui::Role::kMain, strings::kSignInTitle, card, [&] {
    Rect rest = card.Inset(28, 28);
    Rect logo = rest.CutTop(44);
    logo.width = 44;
    ui.Fill(logo, ui.theme().accent, 13);
    ui.DrawIcon(logo, ui::Icon::kLogo, ui.theme().accent_ink, 22);
    rest.CutTop(18);
    ui.Label(rest.CutTop(28), strings::kSignInTitle, {.style = ui::kTextXl.Bold(), .role = ui::Role::kHeading});
    ui.Label(rest.CutTop(20), strings::kSignInHint, {.color = ui.theme().ink_soft});
    rest.CutTop(24);
    const ui::TextBoxResult email = DrawField(ui, rest, state.email,
                                              {.label = strings::kEmail,
                                               .invalid = has_error && !view.asks_code,
                                               .bytes_max = static_cast<uint32_t>(wire::kEmailBytesMax),
                                               .autocomplete = "username"});
    const ui::TextBoxResult password = DrawField(ui, rest, state.password,
                                                 {.label = strings::kPassword,
                                                  .password = true,
                                                  .invalid = has_error && !view.asks_code,
                                                  .bytes_max = static_cast<uint32_t>(wire::kPasswordBytesMax),
                                                  .autocomplete = "current-password"});
    ui::TextBoxResult code;
    if (view.asks_code) {
      code = DrawField(ui, rest, state.code,
                       {.label = strings::kCode,
                        .invalid = has_error,
                        .bytes_max = static_cast<uint32_t>(wire::kPasswordBytesMax),
                        .autocomplete = "one-time-code"});
    }
    if (has_error) {
      const Rect line = rest.CutTop(kErrorHeight);
      ui.Group(ui::Role::kAlert, view.error, line,
               [&] { ui.Label(line, view.error, {.color = ui.theme().bad, .silent = true}); });
    }
    rest.CutTop(4);
    const bool pressed =
        ui.Button(rest.CutTop(kBoxHeight), view.busy ? strings::kSigningIn : strings::kSignIn, {.enabled = !view.busy});
    if (view.busy || !(pressed || email.submitted || password.submitted || code.submitted)) return;
    // Asked too early: on to the box that is still empty.
    if (state.email.Blank()) {
      state.email.Focus();
    } else if (state.password.text.empty()) {
      state.password.Focus();
    } else if (view.asks_code && state.code.Blank()) {
      state.code.Focus();
    } else {
      asked = true;
    }
  });
  return asked;
}

}  // namespace alcove::console
