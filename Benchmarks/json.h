// A look at the envelope of a JSON message: where are the values of some members, in one pass.
//
// Strings are skipped properly and the order of members does not matter; of equal names the last counts. Nothing is
// validated beyond what is needed to find the ends of values, and names with escapes in them are not recognised.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A member that is looked for: in the root (`parent` -1), or in the object that is the value of field `parent`.
struct json_field {
  const char *name;
  size_t name_length;
  int parent;
  const char *value;  // null when the member is missing
  size_t length;
};

#define JSON_FIELD(text, of) {.name = text, .name_length = sizeof(text) - 1, .parent = of}

static inline const char *json_skip_space(const char *p, const char *end) {
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) p++;
  return p;
}

// From behind an opening quote to behind the closing one, eight bytes at a time; null when there is none.
static inline const char *json_skip_string(const char *p, const char *end) {
  const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  for (;;) {
    while (end - p >= 8) {
      uint64_t word;
      memcpy(&word, p, 8);
      uint64_t quote = word ^ (ones * '"'), escape = word ^ (ones * '\\');
      uint64_t hit = (((quote - ones) & ~quote) | ((escape - ones) & ~escape)) & highs;
      if (hit) {
        p += __builtin_ctzll(hit) / 8;
        break;
      }
      p += 8;
    }
    while (p < end && *p != '"' && *p != '\\') p++;
    if (p >= end) return NULL;
    if (*p == '"') return p + 1;
    p += 2;
  }
}

static const unsigned char json_is_structural[256] = {['"'] = 1, ['{'] = 1, ['}'] = 1, ['['] = 1, [']'] = 1};

// From the first byte of a value to behind its last; null when it does not end.
static inline const char *json_skip_value(const char *p, const char *end) {
  if (p >= end) return NULL;
  if (*p == '"') return json_skip_string(p + 1, end);
  if (*p != '{' && *p != '[') {
    const char *begin = p;
    while (p < end && *p != ',' && *p != '}' && *p != ']' && (unsigned char)*p > ' ') p++;
    return p == begin ? NULL : p;
  }
  int depth = 0;
  for (;;) {
    while (p < end && !json_is_structural[(unsigned char)*p]) p++;
    if (p >= end) return NULL;
    char byte = *p++;
    if (byte == '"') {
      if (!(p = json_skip_string(p, end))) return NULL;
    } else if (byte == '{' || byte == '[') {
      depth++;
    } else if (--depth == 0) {
      return p;
    }
  }
}

// Finds the fields in the object that starts at `p`; gives the position behind it, or null when it is not an object.
static inline const char *json_find(const char *p, const char *end, struct json_field *fields, int count, int parent) {
  if (p >= end || *p != '{') return NULL;
  p = json_skip_space(p + 1, end);
  if (p < end && *p == '}') return p + 1;
  for (;;) {
    if (p >= end || *p != '"') return NULL;
    const char *name = p + 1;
    if (!(p = json_skip_string(name, end))) return NULL;
    size_t name_length = (size_t)(p - 1 - name);
    p = json_skip_space(p, end);
    if (p >= end || *p != ':') return NULL;
    p = json_skip_space(p + 1, end);

    int found = -1;
    bool descend = false;
    for (int i = 0; i < count; i++) {
      if (found < 0 && fields[i].parent == parent && fields[i].name_length == name_length &&
          memcmp(fields[i].name, name, name_length) == 0)
        found = i;
      else if (found >= 0 && fields[i].parent == found)
        descend = true;
    }
    const char *value = p;
    p = descend && p < end && *p == '{' ? json_find(p, end, fields, count, found) : json_skip_value(p, end);
    if (!p) return NULL;
    if (found >= 0) {
      fields[found].value = value;
      fields[found].length = (size_t)(p - value);
    }
    p = json_skip_space(p, end);
    if (p >= end) return NULL;
    if (*p == '}') return p + 1;
    if (*p != ',') return NULL;
    p = json_skip_space(p + 1, end);
  }
}

// Finds the fields in a whole text; false when it is not one JSON object.
static inline bool json_scan(const char *text, size_t length, struct json_field *fields, int count) {
  const char *end = text + length;
  for (int i = 0; i < count; i++) fields[i].value = NULL;
  const char *p = json_find(json_skip_space(text, end), end, fields, count, -1);
  return p && json_skip_space(p, end) == end;
}

// Whether the field's value is exactly this JSON text.
static inline bool json_is(const struct json_field *field, const char *text) {
  return field->value && field->length == strlen(text) && memcmp(field->value, text, field->length) == 0;
}
