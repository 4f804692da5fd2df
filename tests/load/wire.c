#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* WebSocket frames -------------------------------------------------------------------------------------------- */

/* False while the frame is not all there. A server's frames are never masked. */
bool frame_read(struct view bytes, struct frame *frame) {
    if (bytes.size < 2) return false;
    size_t head = 2, size = bytes.at[1] & 0x7f;
    if (size == 126) {
        if (bytes.size < 4) return false;
        head = 4, size = (size_t)bytes.at[2] << 8 | bytes.at[3];
    } else if (size == 127) {
        if (bytes.size < 10) return false;
        head = 10, size = 0;
        for (int i = 2; i < 10; i++) size = size << 8 | bytes.at[i];
    }
    if (bytes.size < head + size) return false;
    *frame = (struct frame){bytes.at[0] & 0x0f, {bytes.at + head, size}, head + size};
    return true;
}

static void put(struct draft *out, const void *bytes, size_t size) {
    memcpy(out->at + out->size, bytes, size);
    out->size += size;
}

static void put_byte(struct draft *out, int byte) { out->at[out->size++] = (uint8_t)byte; }

void frame_write(struct draft *out, int opcode, struct view payload, uint32_t mask) {
    const uint8_t *key = (const uint8_t *)&mask;
    put_byte(out, 0x80 | opcode);
    if (payload.size < 126) {
        put_byte(out, 0x80 | (int)payload.size);
    } else {
        put_byte(out, 0x80 | 126);
        put_byte(out, (int)(payload.size >> 8));
        put_byte(out, payload.size & 0xff);
    }
    put(out, key, 4);
    for (size_t i = 0; i < payload.size; i++) put_byte(out, payload.at[i] ^ key[i & 3]);
}

/* MessagePack, as much of it as Socket.IO uses ------------------------------------------------------------------ */

struct cursor { const uint8_t *at, *end; };

static uint64_t big_endian(struct cursor *in, size_t width) {
    uint64_t value = 0;
    while (width-- && in->at < in->end) value = value << 8 | *in->at++;
    return value;
}

enum shape { SCALAR, STRING, ARRAY, MAP };
struct token { enum shape shape; uint64_t number; struct view string; };

static struct token sized(struct cursor *in, enum shape shape, uint64_t size) {
    struct token token = {shape, size, {in->at, size}};
    if (shape == STRING) in->at = size <= (uint64_t)(in->end - in->at) ? in->at + size : in->end;
    return token;
}

/* The next token; of arrays and maps only their length. Broken input reads as zeros and ends at the end. */
static struct token next(struct cursor *in) {
    if (in->at >= in->end) return (struct token){SCALAR, 0, {NULL, 0}};
    uint8_t byte = *in->at++;
    if (byte < 0x80) return (struct token){SCALAR, byte, {NULL, 0}};
    if (byte < 0x90) return sized(in, MAP, byte & 0x0f);
    if (byte < 0xa0) return sized(in, ARRAY, byte & 0x0f);
    if (byte < 0xc0) return sized(in, STRING, byte & 0x1f);
    switch (byte) {
        case 0xc3: return (struct token){SCALAR, 1, {NULL, 0}};
        case 0xc4: case 0xd9: return sized(in, STRING, big_endian(in, 1));
        case 0xc5: case 0xda: return sized(in, STRING, big_endian(in, 2));
        case 0xc6: case 0xdb: return sized(in, STRING, big_endian(in, 4));
        case 0xcc: case 0xd0: return (struct token){SCALAR, big_endian(in, 1), {NULL, 0}};
        case 0xcd: case 0xd1: return (struct token){SCALAR, big_endian(in, 2), {NULL, 0}};
        case 0xca: case 0xce: case 0xd2: return (struct token){SCALAR, big_endian(in, 4), {NULL, 0}};
        case 0xcb: case 0xcf: case 0xd3: return (struct token){SCALAR, big_endian(in, 8), {NULL, 0}};
        case 0xdc: return sized(in, ARRAY, big_endian(in, 2));
        case 0xde: return sized(in, MAP, big_endian(in, 2));
        default: return (struct token){SCALAR, 0, {NULL, 0}};
    }
}

static void skip(struct cursor *in) {
    for (uint64_t left = 1; left > 0 && in->at < in->end; left--) {
        struct token token = next(in);
        left += token.shape == ARRAY ? token.number : token.shape == MAP ? 2 * token.number : 0;
    }
}

static bool is(struct view view, const char *word) {
    return view.size == strlen(word) && memcmp(view.at, word, view.size) == 0;
}

/* Hearing ----------------------------------------------------------------------------------------------------------- */

static void hear_entry_data(struct cursor *in, struct heard *heard) {
    struct token map = next(in);
    for (uint64_t i = 0; map.shape == MAP && i < map.number; i++) {
        struct view key = next(in).string;
        if (is(key, "text")) heard->text = next(in).string;
        else if (is(key, "client_id")) heard->client_id = next(in).string;
        else skip(in);
    }
}

static void hear_entry(struct cursor *in, struct heard *heard) {
    struct token map = next(in);
    for (uint64_t i = 0; map.shape == MAP && i < map.number; i++) {
        struct view key = next(in).string;
        if (is(key, "room")) heard->room = next(in).string;
        else if (is(key, "seq")) heard->seq = next(in).number;
        else if (is(key, "data")) hear_entry_data(in, heard);
        else skip(in);
    }
    if (heard->seq && heard->room.size) heard->kind = ENTRY;
}

static void hear_event(enum dialect dialect, struct cursor *in, struct heard *heard) {
    next(in);
    struct view name = next(in).string;
    if (dialect == MSGPACK) {
        heard->kind = is(name, "message") ? ENTRY : NOTHING;
        heard->text = next(in).string;
    } else if (is(name, "welcome")) {
        heard->kind = WELCOME;
    } else {
        hear_entry(in, heard);
    }
}

/* The acknowledgement of BART is [{ok, ...}]; an echo is good as it is. */
static void hear_answer(enum dialect dialect, struct cursor *in, struct heard *heard) {
    heard->kind = ANSWER, heard->ok = true;
    if (dialect != BART) return;
    next(in);
    struct token map = next(in);
    for (uint64_t i = 0; map.shape == MAP && i < map.number; i++) {
        struct view key = next(in).string;
        if (is(key, "ok")) heard->ok = next(in).number == 1;
        else skip(in);
    }
}

static void hear_packet(enum dialect dialect, struct view payload, struct heard *heard) {
    struct cursor in = {payload.at, payload.at + payload.size}, data = in;
    uint64_t type = UINT64_MAX;
    struct token map = next(&in);
    for (uint64_t i = 0; map.shape == MAP && i < map.number; i++) {
        struct view key = next(&in).string;
        if (is(key, "type")) {
            type = next(&in).number;
        } else {
            if (is(key, "data")) data = in;
            skip(&in);
        }
    }
    if (type == 0) heard->kind = JOINED;
    else if (type == 2) hear_event(dialect, &data, heard);
    else if (type == 3) hear_answer(dialect, &data, heard);
    else if (type == 4) heard->kind = REFUSED;
}

static void hear_text(struct view payload, struct heard *heard) {
    static const char message[] = "42[\"message\",\"";
    const char *text = (const char *)payload.at;
    if (payload.size == 0) return;
    if (text[0] == '0') heard->kind = HELLO;
    else if (text[0] == '2') heard->kind = PING;
    else if (payload.size > 1 && memcmp(text, "40", 2) == 0) heard->kind = JOINED;
    else if (payload.size > 1 && memcmp(text, "44", 2) == 0) heard->kind = REFUSED;
    else if (payload.size > 1 && memcmp(text, "43", 2) == 0) heard->kind = ANSWER, heard->ok = true;
    else if (payload.size > sizeof message && memcmp(text, message, sizeof message - 1) == 0) {
        heard->kind = ENTRY;
        heard->text = (struct view){payload.at + sizeof message - 1, payload.size - sizeof message - 1};
    }
}

void hear(enum dialect dialect, const struct frame *frame, struct heard *heard) {
    memset(heard, 0, sizeof *heard);
    if (dialect == BARE) heard->kind = ENTRY, heard->text = frame->payload;
    else if (frame->opcode == TEXT) hear_text(frame->payload, heard);
    else if (frame->opcode == BINARY) hear_packet(dialect, frame->payload, heard);
}

/* Saying ------------------------------------------------------------------------------------------------------------ */

static void put_string(struct draft *out, const void *bytes, size_t size) {
    if (size < 32) {
        put_byte(out, 0xa0 | (int)size);
    } else if (size < 256) {
        put_byte(out, 0xd9), put_byte(out, (int)size);
    } else {
        put_byte(out, 0xda), put_byte(out, (int)(size >> 8)), put_byte(out, size & 0xff);
    }
    put(out, bytes, size);
}

static void put_word(struct draft *out, const char *word) { put_string(out, word, strlen(word)); }

static void put_number(struct draft *out, uint64_t number) {
    if (number < 0x80) {
        put_byte(out, (int)number);
        return;
    }
    put_byte(out, 0xcf);
    for (int shift = 56; shift >= 0; shift -= 8) put_byte(out, (int)(number >> shift & 0xff));
}

/* {type, nsp: "/", id?, data: ...}; ack_id 0 stands for none. */
static void put_packet_head(struct draft *out, int type, uint64_t ack_id) {
    put_byte(out, ack_id ? 0x84 : 0x83);
    put_word(out, "type"), put_number(out, (uint64_t)type);
    put_word(out, "nsp"), put_word(out, "/");
    if (ack_id) put_word(out, "id"), put_number(out, ack_id);
    put_word(out, "data");
}

static void put_event_head(struct draft *out, const char *name, uint64_t ack_id) {
    put_packet_head(out, 2, ack_id);
    put_byte(out, 0x92);
    put_word(out, name);
}

int say_connect(enum dialect dialect, struct draft *out, const char *token, const char *room, const char *cursor) {
    if (dialect == JSON) {
        put(out, "40", 2);
        return TEXT;
    }
    put_packet_head(out, 0, 0);
    if (dialect == MSGPACK) {
        put_byte(out, 0x80);
        return BINARY;
    }
    put_byte(out, cursor ? 0x82 : 0x81);
    put_word(out, "token"), put_word(out, token);
    if (cursor) {
        char *end;
        uint64_t epoch = strtoull(cursor, &end, 10);
        put_word(out, "cursors");
        put_byte(out, 0x81), put_word(out, room);
        put_byte(out, 0x92), put_number(out, epoch), put_number(out, strtoull(end, NULL, 10));
    }
    return BINARY;
}

static int say_json(struct draft *out, const char *event, struct view text, uint64_t ack_id) {
    char head[64];
    int size = ack_id ? snprintf(head, sizeof head, "42%llu[\"%s\",\"", (unsigned long long)ack_id, event)
                      : snprintf(head, sizeof head, "42[\"%s\",\"", event);
    put(out, head, (size_t)size);
    put(out, text.at, text.size);
    put(out, "\"]", 2);
    return TEXT;
}

static int say_relayed(enum dialect dialect, struct draft *out, const char *event, struct view text, uint64_t ack_id) {
    if (dialect == JSON) return say_json(out, event, text, ack_id);
    if (dialect == BARE) {
        put(out, text.at, text.size);
        return BINARY;
    }
    put_event_head(out, event, ack_id);
    put_string(out, text.at, text.size);
    return BINARY;
}

int say_message(enum dialect dialect, struct draft *out, const char *room, const char *client_id, struct view text,
                uint64_t ack_id) {
    if (dialect != BART) return say_relayed(dialect, out, "message", text, 0);
    put_event_head(out, "message.post", ack_id);
    put_byte(out, 0x83);
    put_word(out, "room"), put_word(out, room);
    put_word(out, "client_id"), put_word(out, client_id);
    put_word(out, "text"), put_string(out, text.at, text.size);
    return BINARY;
}

/* A neighbour's one-tap answer to the warning at *target*; of BART alone. */
int say_tap(struct draft *out, const char *room, const char *client_id, uint64_t target, bool sees, uint64_t ack_id) {
    put_event_head(out, "warning.answer", ack_id);
    put_byte(out, 0x84);
    put_word(out, "room"), put_word(out, room);
    put_word(out, "client_id"), put_word(out, client_id);
    put_word(out, "target"), put_number(out, target);
    put_word(out, "answer"), put_word(out, sees ? "see" : "not_here");
    return BINARY;
}

/* Something that is answered and not kept: of peers an echo, of BART whether anybody is there. That is read, paid from
   the bucket, permitted by the role and counted; no store is asked. */
int say_storeless(enum dialect dialect, struct draft *out, struct view text, uint64_t ack_id) {
    if (dialect != BART) return say_relayed(dialect, out, "echo", text, ack_id);
    put_event_head(out, "connection.check", ack_id);
    put_byte(out, 0x80);
    return BINARY;
}
