/* What the load client says and hears: masked WebSocket frames (RFC 6455) with Engine.IO 4 and Socket.IO 5 in them. */

#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT = 1, BINARY = 2, CLOSE = 8 };

/* BART: MessagePack, signed in. MSGPACK and JSON: a Socket.IO server that relays. BARE: frames and nothing in them. */
enum dialect { BART, MSGPACK, JSON, BARE };

struct view { const uint8_t *at; size_t size; };

/* Bytes under construction; the caller sees to the room. */
struct draft { uint8_t *at; size_t size; };

struct frame { int opcode; struct view payload; size_t whole; };

enum kind { NOTHING, HELLO, JOINED, REFUSED, WELCOME, ENTRY, ANSWER, PING };

/* room, seq, client_id: of BART's entries alone. text: of a message that somebody posted, else empty. ok: of an ANSWER. */
struct heard { enum kind kind; struct view room, text, client_id; uint64_t seq; bool ok; };

bool frame_read(struct view bytes, struct frame *frame);
void frame_write(struct draft *out, int opcode, struct view payload, uint32_t mask);

void hear(enum dialect dialect, const struct frame *frame, struct heard *heard);

/* Each writes one payload and returns the opcode of its frame. cursor: NULL, or "epoch seq". */
int say_connect(enum dialect dialect, struct draft *out, const char *token, const char *room, const char *cursor);
int say_message(enum dialect dialect, struct draft *out, const char *room, const char *client_id, struct view text,
                uint64_t ack_id);
int say_tap(struct draft *out, const char *room, const char *client_id, uint64_t target, bool sees, uint64_t ack_id);
int say_storeless(enum dialect dialect, struct draft *out, struct view text, uint64_t ack_id);

#endif
