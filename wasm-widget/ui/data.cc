// What shows data: cards, progress, pictures, lists of any length, charts.
#include <algorithm>
#include <cmath>
#include <string>

#include "wasm-widget/ui/painter.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

namespace {

constexpr float kCardRadius = 14;
constexpr float kTickHeight = 20;
constexpr float kHeatGap = 3;
constexpr float kHeatLabel = 36;
// Rows beyond the edges that are there all the same: where the arrows lead next.
constexpr int kRowsBeyond = 2;

std::string Number(float value) {
  const auto tenths = static_cast<int64_t>(std::llround(static_cast<double>(value) * 10));
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(std::abs(static_cast<int>(tenths % 10)));
  return text;
}

std::string Numbers(std::string_view label, std::span<const float> values) {
  std::string text(label);
  for (size_t i = 0; i < values.size(); ++i) text += (i == 0 ? ": " : ", ") + Number(values[i]);
  return text;
}

float Largest(std::span<const float> values) {
  float largest = 0;
  for (const float value : values) largest = std::max(largest, value);
  return largest;
}

}  // namespace

void Ui::Card(const Rect& rect) {
  Fill(rect, theme_.bg_raised, kCardRadius);
  Border(rect, theme_.line, kCardRadius);
}

void Ui::Progress(const Rect& rect, const ProgressOptions& options) {
  if (measuring_) return;
  const int index = Emit(MakeId(Role::kProgress, options.label), Role::kProgress, rect, options.label);
  const float part = std::clamp(options.part.value_or(0), 0.0f, 1.0f);
  if (index >= 0 && options.part) nodes_.back().value = std::to_string(std::lround(part * 100));
  if (!Drawing(rect)) return;
  const Rect track = rect.Centered(rect.width, 6);
  Fill(track, theme_.bg_sunken.Mix(theme_.ink, 0.1f), kRadiusFull);
  if (options.part) {
    if (part > 0)
      Fill({track.x, track.y, std::max(6.0f, track.width * part), track.height}, theme_.accent, kRadiusFull);
    return;
  }
  float at = 0.3f;
  if (!input_.reduced_motion) {
    constexpr double kPeriodMs = 1600;
    at = 0.35f - 0.35f * std::cos(static_cast<float>(std::fmod(input_.now_ms, kPeriodMs) / kPeriodMs) * 6.2831853f);
    RequestFrameIn(33);
  }
  Fill({track.x + track.width * at, track.y, track.width * 0.3f, track.height}, theme_.accent, kRadiusFull);
}

void Ui::Image(const Rect& rect, Pictures& pictures, std::string_view url, std::string_view text, float radius) {
  if (measuring_) return;
  Emit(MakeId(Role::kImage, url), Role::kImage, rect, text);
  if (!Drawing(rect)) return;
  const Pictures::State state = pictures.StateOf(url);
  if (state == Pictures::State::kReady && painter_->DrawPicture(rect, pictures, url, radius)) return;
  Fill(rect, theme_.bg_sunken, radius);
  Border(rect, theme_.line, radius);
  if (state == Pictures::State::kFailed) DrawIcon(rect, Icon::kAlert, theme_.ink_soft);
}

void Ui::VirtualList(const Rect& rect, ScrollState& state, const ScrollOptions& options, int count, float row_height,
                     FunctionRef<void(int index, const Rect& row)> body) {
  Scroll(rect, state, options, [&](const ScrollView& view) {
    const float height = static_cast<float>(count) * row_height;
    if (measuring_) return height;
    const int first = std::max(0, static_cast<int>((view.view.y - view.content.y) / row_height) - kRowsBeyond);
    const int shown = static_cast<int>(view.view.height / row_height) + 2 + 2 * kRowsBeyond;
    for (int i = first; i < std::min(count, first + shown); ++i) {
      const float y = view.content.y + static_cast<float>(i) * row_height;
      Scope(std::to_string(i), [&] {
        last_ = -1;
        body(i, {view.content.x, y, view.content.width, row_height});
      });
      if (last_ < 0) continue;
      nodes_[static_cast<size_t>(last_)].position = i + 1;
      nodes_[static_cast<size_t>(last_)].set_size = count;
    }
    return height;
  });
}

void Ui::DrawTicks(const Rect& rect, std::span<const std::string_view> ticks) {
  for (size_t i = 0; i < ticks.size(); ++i) {
    const float part = ticks.size() == 1 ? 0.5f : static_cast<float>(i) / static_cast<float>(ticks.size() - 1);
    const float width = Measure(ticks[i], kTextXs).width;
    const float x = std::clamp(rect.x + rect.width * part - width / 2, rect.x, rect.right() - width);
    Label({x, rect.y, width, rect.height}, ticks[i], {.style = kTextXs, .color = theme_.ink_soft, .silent = true});
  }
}

void Ui::LineChart(const Rect& rect, std::span<const Series> series, const ChartOptions& options) {
  if (measuring_) return;
  std::string said(options.label);
  float largest = 0;
  for (const Series& one : series) {
    said += ". " + Numbers(one.label, one.values);
    largest = std::max(largest, Largest(one.values));
  }
  Emit(MakeId(Role::kImage, options.label), Role::kImage, rect, said);
  if (!Drawing(rect) || largest <= 0) return;
  Rect plot = rect;
  if (!options.ticks.empty()) DrawTicks(plot.CutBottom(kTickHeight), options.ticks);
  constexpr int kLines = 4;
  for (int i = 0; i <= kLines; ++i) {
    const float y = plot.bottom() - 1 - (plot.height - 8) * static_cast<float>(i) / kLines;
    LineAcross(plot.x, plot.right(), std::round(y), theme_.line);
  }
  for (size_t s = 0; s < series.size(); ++s) {
    const std::span<const float> values = series[s].values;
    if (values.size() < 2) continue;
    std::vector<Point> points;
    for (size_t i = 0; i < values.size(); ++i) {
      points.push_back({plot.x + plot.width * static_cast<float>(i) / static_cast<float>(values.size() - 1),
                        plot.bottom() - 1 - (plot.height - 8) * std::max(0.0f, values[i]) / largest});
    }
    const Color color = series[s].color.alpha == 0 ? theme_.accent : series[s].color;
    if (!series[s].dashed) {
      painter_->FillBelow(points, plot.bottom(), color.WithAlpha(0.14f));
      painter_->Polyline(points, color, 2);
      continue;
    }
    // Told apart without colour: every second half of a step is left out.
    for (size_t i = 0; i + 1 < points.size(); ++i) {
      constexpr int kDashes = 5;
      for (int d = 0; d < kDashes; ++d) {
        const auto at = [&](float part) {
          return Point{points[i].x + (points[i + 1].x - points[i].x) * part,
                       points[i].y + (points[i + 1].y - points[i].y) * part};
        };
        const Point dash[] = {at(static_cast<float>(d) / kDashes), at((static_cast<float>(d) + 0.55f) / kDashes)};
        painter_->Polyline(dash, color, 2);
      }
    }
  }
}

void Ui::BarChart(const Rect& rect, std::span<const float> values, const ChartOptions& options) {
  if (measuring_) return;
  Emit(MakeId(Role::kImage, options.label), Role::kImage, rect, Numbers(options.label, values));
  const float largest = Largest(values);
  if (!Drawing(rect) || largest <= 0) return;
  Rect plot = rect;
  if (!options.ticks.empty()) DrawTicks(plot.CutBottom(kTickHeight), options.ticks);
  LineAcross(plot.x, plot.right(), plot.bottom() - 1, theme_.line_strong);
  const float step = plot.width / static_cast<float>(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const float height = (plot.height - 1) * std::max(0.0f, values[i]) / largest;
    const float x = plot.x + step * (static_cast<float>(i) + 0.15f);
    Fill({x, plot.bottom() - 1 - height, step * 0.7f, height}, theme_.accent, Corners(4, 4, 0, 0));
  }
}

void Ui::HeatMap(const Rect& rect, const HeatMapOptions& options) {
  if (measuring_ || options.columns <= 0) return;
  const auto columns = static_cast<size_t>(options.columns);
  std::string said(options.label);
  for (size_t row = 0; row < options.rows.size() && (row + 1) * columns <= options.values.size(); ++row) {
    said += ". " + Numbers(options.rows[row], options.values.subspan(row * columns, columns));
  }
  Emit(MakeId(Role::kImage, options.label), Role::kImage, rect, said);
  if (!Drawing(rect)) return;
  const float height = rect.height / static_cast<float>(options.rows.size());
  const float width = (rect.width - kHeatLabel) / static_cast<float>(columns);
  for (size_t row = 0; row < options.rows.size(); ++row) {
    const float y = rect.y + static_cast<float>(row) * height;
    Label({rect.x, y, kHeatLabel, height - kHeatGap}, options.rows[row],
          {.style = kTextXs, .color = theme_.ink_soft, .silent = true});
    for (size_t column = 0; column < columns && row * columns + column < options.values.size(); ++column) {
      const float value = std::clamp(options.values[row * columns + column], 0.0f, 1.0f);
      Fill({rect.x + kHeatLabel + static_cast<float>(column) * width, y, width - kHeatGap, height - kHeatGap},
           theme_.bg_raised.Mix(theme_.accent, 0.08f + 0.92f * value), 4);
    }
  }
}

}  // namespace alcove::ui
