// As much of RFC 6455 as the benchmark's programs need: frame headers, masks, the two handshakes.
//
// Messages may be fragmented; no extension, no check of UTF-8 or of close codes.

#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <unistd.h>

#include "buffer.h"

enum { WS_CONTINUATION = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };

static const size_t ws_maximum = 64 << 20;  // a message, in bytes

// XOR with the mask while copying (in place when both are the same), 32 bytes a turn. `phase`: the payload's offset.
static inline void ws_mask(char *to, const char *from, size_t count, uint32_t key, size_t phase) {
  unsigned turn = 8 * (phase & 3);
  if (turn) key = key >> turn | key << (32 - turn);
  uint64_t wide = (uint64_t)key << 32 | key;
  for (; count >= 32; count -= 32, from += 32, to += 32) {
    uint64_t word[4];
    memcpy(word, from, 32);
    for (int i = 0; i < 4; i++) word[i] ^= wide;
    memcpy(to, word, 32);
  }
  for (; count >= 8; count -= 8, from += 8, to += 8) {
    uint64_t word;
    memcpy(&word, from, 8);
    word ^= wide;
    memcpy(to, &word, 8);
  }
  for (size_t i = 0; i < count; i++) to[i] = from[i] ^ (char)(key >> 8 * (i & 3));
}

// Writes the header of a single frame; gives its size, at most 14. The key is in memory order (little endian).
static inline size_t ws_header(char *out, int opcode, size_t length, bool masked, uint32_t key) {
  unsigned char *p = (unsigned char *)out;
  unsigned mask_bit = masked ? 0x80 : 0;
  *p++ = (unsigned char)(0x80 | opcode);
  if (length < 126) {
    *p++ = (unsigned char)(mask_bit | length);
  } else if (length < 65536) {
    *p++ = (unsigned char)(mask_bit | 126);
    *p++ = (unsigned char)(length >> 8);
    *p++ = (unsigned char)length;
  } else {
    *p++ = (unsigned char)(mask_bit | 127);
    for (int shift = 56; shift >= 0; shift -= 8) *p++ = (unsigned char)((uint64_t)length >> shift);
  }
  if (masked) {
    memcpy(p, &key, 4);
    p += 4;
  }
  return (size_t)((char *)p - out);
}

static inline void ws_append(struct buffer *out, int opcode, const char *payload, size_t length, bool masked) {
  buffer_reserve(out, length + 14);
  uint32_t key = masked ? 0x5a17c3e9 : 0;
  out->end += ws_header(out->data + out->end, opcode, length, masked, key);
  ws_mask(out->data + out->end, payload, length, key, 0);
  out->end += length;
}

struct ws_frame {
  int opcode;
  bool final;
  char *payload;  // unmasked, in the input buffer
  size_t length;
};

// Takes the next frame off `input`, unmasking it in place. 1: there is one; 0: more bytes are needed; -1: not a frame.
// The payload stays valid until the next receive.
static inline int ws_next_frame(struct buffer *input, struct ws_frame *frame) {
  size_t available = buffer_length(input);
  const unsigned char *p = (const unsigned char *)buffer_bytes(input);
  if (available < 2) return 0;
  if (p[0] & 0x70) return -1;
  bool masked = p[1] & 0x80;
  uint64_t length = p[1] & 0x7f;
  size_t header = 2;
  if (length >= 126) {
    size_t wide = length == 126 ? 2 : 8;
    if (available < 2 + wide) return 0;
    length = 0;
    for (size_t i = 0; i < wide; i++) length = length << 8 | p[2 + i];
    header += wide;
  }
  if (length > ws_maximum) return -1;
  if (masked) header += 4;
  if (available < header + length) {
    buffer_reserve(input, header + length - available);
    return 0;
  }
  frame->opcode = p[0] & 0x0f;
  frame->final = p[0] & 0x80;
  frame->payload = buffer_bytes(input) + header;
  frame->length = length;
  if (masked) {
    uint32_t key;
    memcpy(&key, frame->payload - 4, 4);
    ws_mask(frame->payload, frame->payload, length, key, 0);
  }
  buffer_consume(input, header + length);
  return 1;
}

// SHA-1 (RFC 3174) of a short text, for the handshake only.
static inline void sha1(const char *text, size_t length, unsigned char digest[20]) {
  uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  unsigned char padded[192] = {0};
  size_t total = (length + 9 + 63) / 64 * 64;
  if (total > sizeof padded) exit(1);
  memcpy(padded, text, length);
  padded[length] = 0x80;
  for (int i = 0; i < 8; i++) padded[total - 1 - (size_t)i] = (unsigned char)((uint64_t)length * 8 >> 8 * i);
  for (size_t block = 0; block < total; block += 64) {
    uint32_t w[80];
    for (int i = 0; i < 16; i++) {
      const unsigned char *p = padded + block + 4 * i;
      w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
    for (int i = 16; i < 80; i++) w[i] = ROTATE(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; i++) {
      uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      uint32_t k = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
      uint32_t next = ROTATE(a, 5) + f + e + k + w[i];
      e = d, d = c, c = ROTATE(b, 30), b = a, a = next;
    }
#undef ROTATE
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  for (int i = 0; i < 20; i++) digest[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

// The value of Sec-WebSocket-Accept for a key (RFC 6455, 4.2.2): 28 characters and a NUL.
static inline void ws_accept_value(const char *key, size_t key_length, char out[29]) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char text[128];
  unsigned char digest[21] = {0};
  int length = snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)key_length, key);
  if (length < 0 || (size_t)length >= sizeof text) exit(1);
  sha1(text, (size_t)length, digest);
  for (int i = 0, o = 0; i < 21; i += 3) {
    uint32_t group = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 | digest[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) out[o++] = alphabet[group >> shift & 63];
  }
  out[27] = '=';
  out[28] = 0;
}

// Connects to SCHEME://HOST:PORT, an IPv4 literal, blocking. Gives the descriptor; ends the program when it cannot.
static inline int tcp_connect(const char *url) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  char host[64];
  unsigned port;
  if (sscanf(url, "%*[a-z]://%63[0-9.]:%u", host, &port) != 2 || inet_pton(AF_INET, host, &address.sin_addr) != 1) {
    fprintf(stderr, "not a URL of the form ws://127.0.0.1:49134: %s\n", url);
    exit(2);
  }
  address.sin_port = htons((uint16_t)port);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die(url);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// Connects to ws://HOST:PORT and does the client's handshake, blocking. What the server sent behind its response is
// left in `input`.
static inline int ws_connect(const char *url, struct buffer *input) {
  int fd = tcp_connect(url);
  char request[256];
  static const char key[] = "aWlpZC1iZW5jaG1hcmstMQ==";
  int length = snprintf(request, sizeof request,
                        "GET / HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n",
                        strstr(url, "://") + 3, key);
  if (send(fd, request, (size_t)length, MSG_NOSIGNAL) != length) die("send");
  for (;;) {
    if (buffer_receive(input, fd) != IO_DONE) {
      fprintf(stderr, "%s: no handshake\n", url);
      exit(1);
    }
    char *head_end = memmem(buffer_bytes(input), buffer_length(input), "\r\n\r\n", 4), accept[29];
    if (!head_end) continue;
    ws_accept_value(key, sizeof key - 1, accept);
    size_t head = (size_t)(head_end + 4 - buffer_bytes(input));
    if (memcmp(buffer_bytes(input), "HTTP/1.1 101 ", 13) != 0 || !memmem(buffer_bytes(input), head, accept, 28)) {
      fprintf(stderr, "%s: handshake refused\n", url);
      exit(1);
    }
    buffer_consume(input, head);
    return fd;
  }
}
