// The formatter that ImGui is given instead of printf: what ImGui itself formats
// (%s %.*s %c %d %i %u %x %X %p %f %g %%, width, zeros, precision) and no more.
#include <cstdarg>
#include <cstddef>

#include "imgui.h"
#include "imgui_internal.h"

namespace {

class Output {
 public:
  Output(char* buffer, size_t size) : buffer_(buffer), size_(size) {}
  void Put(char c) {
    if (buffer_ != nullptr && written_ + 1 < size_) buffer_[written_] = c;
    ++written_;
  }
  void Pad(char c, int count) {
    for (; count > 0; --count) Put(c);
  }
  int Finish() {
    if (buffer_ != nullptr && size_ > 0) buffer_[written_ < size_ ? written_ : size_ - 1] = 0;
    return static_cast<int>(written_);
  }

 private:
  char* buffer_;
  size_t size_;
  size_t written_ = 0;
};

struct Spec {
  bool zeros = false;
  bool left = false;
  bool wide = false;
  int width = 0;
  int precision = -1;
};

// Digits, written backwards from `end`; returns where they start.
char* Digits(char* end, unsigned long long value, unsigned base, char ten, int digits_min) {
  char* at = end;
  do {
    const unsigned digit = static_cast<unsigned>(value % base);
    *--at = static_cast<char>(digit < 10 ? '0' + digit : static_cast<unsigned>(ten) + digit - 10);
    value /= base;
  } while (value != 0);
  while (end - at < digits_min) *--at = '0';
  return at;
}

void PutText(Output& out, const Spec& spec, const char* text, int length) {
  if (!spec.left) out.Pad(' ', spec.width - length);
  for (int i = 0; i < length; ++i) out.Put(text[i]);
  if (spec.left) out.Pad(' ', spec.width - length);
}

void PutNumber(Output& out, const Spec& spec, bool negative, unsigned long long value, unsigned base, char ten) {
  char buffer[48];
  char* const end = buffer + sizeof buffer;
  const int sign = negative ? 1 : 0;
  int digits = spec.zeros ? spec.width - sign : spec.precision;
  if (digits > 40) digits = 40;
  char* at = Digits(end, value, base, ten, digits);
  if (negative) *--at = '-';
  PutText(out, spec, at, static_cast<int>(end - at));
}

void PutReal(Output& out, const Spec& spec, double value) {
  char buffer[48];
  char* const end = buffer + sizeof buffer;
  const bool negative = value < 0;
  if (negative) value = -value;
  int places = spec.precision < 0 ? 3 : spec.precision;
  if (places > 9) places = 9;
  unsigned long long scale = 1;
  for (int i = 0; i < places; ++i) scale *= 10;
  const auto scaled = value < 1e9 ? static_cast<unsigned long long>(value * static_cast<double>(scale) + .5) : 0;
  char* at = end;
  if (places > 0) {
    at = Digits(end, scaled % scale, 10, 'a', places);
    *--at = '.';
  }
  at = Digits(at, scaled / scale, 10, 'a', 1);
  if (negative) *--at = '-';
  PutText(out, spec, at, static_cast<int>(end - at));
}

Spec ParseSpec(const char*& f, va_list* arguments) {
  Spec spec;
  for (;; ++f) {
    if (*f == '0') {
      spec.zeros = true;
    } else if (*f == '-') {
      spec.left = true;
    } else if (*f != '+' && *f != ' ' && *f != '#') {
      break;
    }
  }
  const auto number = [&] {
    if (*f == '*') {
      ++f;
      return va_arg(*arguments, int);
    }
    int value = 0;
    while (*f >= '0' && *f <= '9') value = value * 10 + (*f++ - '0');
    return value;
  };
  spec.width = number();
  if (*f == '.') {
    ++f;
    spec.precision = number();
  }
  for (; *f == 'l' || *f == 'z' || *f == 'h'; ++f) {
    if ((*f == 'l' && f[1] == 'l') || *f == 'z') spec.wide = true;
  }
  return spec;
}

}  // namespace

int ImFormatStringV(char* buffer, size_t size, const char* format, va_list arguments) {
  Output out(buffer, size);
  va_list list;
  va_copy(list, arguments);
  for (const char* f = format; *f != 0; ++f) {
    if (*f != '%') {
      out.Put(*f);
      continue;
    }
    ++f;
    const Spec spec = ParseSpec(f, &list);
    switch (*f) {
      case 's': {
        const char* text = va_arg(list, const char*);
        if (text == nullptr) text = "(null)";
        int length = 0;
        while ((spec.precision < 0 || length < spec.precision) && text[length] != 0) ++length;
        PutText(out, spec, text, length);
        break;
      }
      case 'c': {
        const char c = static_cast<char>(va_arg(list, int));
        PutText(out, spec, &c, 1);
        break;
      }
      case 'd':
      case 'i': {
        const long long value = spec.wide ? va_arg(list, long long) : va_arg(list, int);
        const auto magnitude = static_cast<unsigned long long>(value);
        PutNumber(out, spec, value < 0, value < 0 ? 0 - magnitude : magnitude, 10, 'a');
        break;
      }
      case 'u':
      case 'x':
      case 'X': {
        const unsigned long long value = spec.wide ? va_arg(list, unsigned long long) : va_arg(list, unsigned);
        PutNumber(out, spec, false, value, *f == 'u' ? 10 : 16, *f == 'X' ? 'A' : 'a');
        break;
      }
      case 'p':
        PutNumber(out, spec, false, reinterpret_cast<size_t>(va_arg(list, void*)), 16, 'a');
        break;
      case 'f':
      case 'g':
        PutReal(out, spec, va_arg(list, double));
        break;
      case '%':
        out.Put('%');
        break;
      default:  // Not one of ImGui's: stop rather than read arguments of an unknown size.
        va_end(list);
        return out.Finish();
    }
  }
  va_end(list);
  const int written = out.Finish();
  return buffer != nullptr && written >= static_cast<int>(size) ? static_cast<int>(size) - 1 : written;
}

int ImFormatString(char* buffer, size_t size, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int written = ImFormatStringV(buffer, size, format, arguments);
  va_end(arguments);
  return written;
}
