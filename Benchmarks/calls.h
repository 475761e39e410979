// The calls in flight: a slab whose slot and generation are the invocation id, so that an answer needs no hash.

#pragma once

#include <stdint.h>

#include "peer.h"

enum { CALL_ID_SIZE = 36, CALL_OUTER_ID_MAXIMUM = 64 };

struct call {
  struct peer *caller;
  bool open;
  uint32_t generation;
  uint32_t next_free;
  size_t outer_id_length;
  char outer_id[CALL_OUTER_ID_MAXIMUM];  // the id by which the caller knows it, as it came
};

struct calls {
  struct call *slots;
  uint32_t count, first_free;  // first_free == count: none
};

static inline char *put(char *to, const void *bytes, size_t count) {
  memcpy(to, bytes, count);
  return to + count;
}

static inline char *put_hex(char *to, uint32_t value, int digits) {
  for (int i = digits - 1; i >= 0; i--) *to++ = "0123456789abcdef"[value >> 4 * i & 15];
  return to;
}

// Takes a slot for a call of `caller` and writes its invocation id, a UUID of 36 characters.
static inline void call_open(struct calls *calls, struct peer *caller, const char *outer_id, size_t length, char *id) {
  if (calls->first_free == calls->count) {
    uint32_t count = calls->count ? calls->count * 2 : 256;
    calls->slots = realloc(calls->slots, count * sizeof *calls->slots);
    if (!calls->slots) die("realloc");
    for (uint32_t i = calls->count; i < count; i++) calls->slots[i] = (struct call){.next_free = i + 1};
    calls->count = count;
  }
  uint32_t slot = calls->first_free;
  struct call *call = &calls->slots[slot];
  calls->first_free = call->next_free;
  call->caller = caller;
  call->open = true;
  call->outer_id_length = length;
  memcpy(call->outer_id, outer_id, length);
  caller->in_flight++;
  id = put(put_hex(id, slot, 8), "-0000-4000-8000-0000", 20);
  put_hex(id, call->generation, 8);
}

// Finds the call with this id and frees its slot; the entry stays readable until the next `call_open`. Null: no such call.
static inline struct call *call_close(struct calls *calls, const char *id, size_t length) {
  if (length != CALL_ID_SIZE) return NULL;
  uint32_t part[2] = {0, 0};
  for (int i = 0; i < 2; i++) {
    for (int k = 0; k < 8; k++) {
      char digit = id[28 * i + k];
      uint32_t value = digit <= '9' ? (uint32_t)(digit - '0') : (uint32_t)((digit | 0x20) - 'a' + 10);
      if (value > 15) return NULL;
      part[i] = part[i] << 4 | value;
    }
  }
  if (part[0] >= calls->count) return NULL;
  struct call *call = &calls->slots[part[0]];
  if (!call->open || call->generation != part[1]) return NULL;
  call->caller->in_flight--;
  call->open = false;
  call->generation++;
  call->next_free = calls->first_free;
  calls->first_free = part[0];
  return call;
}
