/* The load client: thousands of WebSocket connections in one thread.

   client PORT DIALECT PEOPLE PATH BYTES AWAKE_US reads commands from stdin, one a line, and answers each with one line of JSON:

     connect FROM TO AT_ONCE SECONDS    until each is subscribed, and has what its cursor missed
     close FROM TO | deaf FROM TO       leave without a word; stay, and never read again
     burst SECONDS UNDER_WAY            post, and again whenever all members of the room have one of those under way
     rate SECONDS PER_S                 post at that rate
     taps SECONDS PER_S SEQ             answer the warning at SEQ at that rate, each time otherwise than before
     posts SECONDS UNDER_WAY FROM       so many people, each posts again when answered
     storeless SECONDS UNDER_WAY FROM   the same with a command that is not kept
     listen COUNT                       from now on everybody is to be given so many entries of somebody else
     heard SECONDS                      until everybody has been

   PEOPLE has a line per connection: token, room, second room, cursor ("epoch seq"), entries missed; '-' for none.
   Every text begins with the run's tag and the message's number, so that each delivery is accounted for; an entry without
   a text has both in its client_id. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "histogram.h"
#include "wire.h"

enum { ROOMS_EACH = 2, MOST_SLOTS = 64, MOST_EVENTS = 1024, READ_BYTES = 1 << 18, TAPPERS = 50 };
static const uint64_t SECOND = 1000000000, DRAIN_S = 10;

enum state { AWAY, CONNECTING, UPGRADING, GREETING, JOINING, READY };

struct room { char *id; int *members; int size, hearing; };

struct person {
    int fd, rooms[ROOMS_EACH], expected, given;
    enum state state;
    int heard; /* entries of somebody else */
    bool deaf, welcomed, sees;
    char *token, *cursor;
    uint64_t last[ROOMS_EACH]; /* seq */
    uint32_t newest[MOST_SLOTS]; /* number + 1 of the newest message of each slot */
    uint64_t began_ns, asked_ns;
    uint8_t *rest; /* of a frame that is not all there */
    size_t rest_size;
};

struct message { uint64_t sent_ns; int left, slot; };

static struct person *people;
static struct room *rooms;
static struct message *messages;
static int people_count, rooms_count, epoll, port;
static uint32_t messages_count, messages_room;
static enum dialect dialect;
static const char *path;
static size_t text_bytes;
static char tag[10];
static uint8_t *incoming;
static uint64_t awake_ns;

/* What the command under way counts; one command at a time. */
static struct {
    struct histogram latency;
    uint64_t began_ns, idle_ns, ends_ns, deliveries, answers, refused;
    uint64_t doubled, reordered, lost, strangers, closed, failed, settled;
    int64_t due;      /* deliveries to come */
    int answers_due;
    int free[MOST_SLOTS], free_count;
    int each; /* entries of somebody else that everybody is to be given */
    uint64_t first_ns, last_ns; /* when the first and the last of those came */
    bool looping, storeless;
} job;

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

static uint32_t random_mask(void) {
    static uint32_t state = 2463534242u;
    state ^= state << 13, state ^= state >> 17, state ^= state << 5;
    return state;
}

static void die(const char *what) {
    fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Saying ------------------------------------------------------------------------------------------------------------ */

/* At most a few hundred bytes wait in any socket of ours: one that is full is not being read, and the run is void. */
static void send_bytes(struct person *person, struct view bytes) {
    if (write(person->fd, bytes.at, bytes.size) != (ssize_t)bytes.size && errno != EPIPE && errno != ECONNRESET)
        die("a socket did not take a whole frame");
}

static void send_frame(struct person *person, int opcode, struct view payload) {
    static uint8_t bytes[1 << 16];
    struct draft out = {bytes, 0};
    frame_write(&out, opcode, payload, random_mask());
    send_bytes(person, (struct view){bytes, out.size});
}

static void say_hello(struct person *person) {
    uint8_t bytes[4096];
    struct draft out = {bytes, 0};
    int opcode = say_connect(dialect, &out, person->token, rooms[person->rooms[0]].id, person->cursor);
    send_frame(person, opcode, (struct view){bytes, out.size});
}

static struct view worded(uint32_t number) {
    static char text[1 << 15];
    memset(text, 'x', text_bytes);
    memcpy(text, tag, 9);
    for (int digit = 18; digit >= 9; digit--) text[digit] = (char)('0' + number % 10), number /= 10;
    text[19] = ' ';
    return (struct view){(uint8_t *)text, text_bytes};
}

/* Account for the next message of the run, which everybody in the room is to be given; returns its number. */
static uint32_t begin_message(struct room *room, int slot) {
    if (messages_count == messages_room) {
        messages_room = messages_room ? 2 * messages_room : 1 << 16;
        messages = realloc(messages, messages_room * sizeof *messages);
    }
    uint32_t number = messages_count++;
    messages[number] = (struct message){now_ns(), room->hearing, slot};
    job.due += room->hearing;
    job.answers_due += dialect == BART;
    return number;
}

static const char *client_id_of(int person_index, uint32_t number) {
    static char client_id[64];
    snprintf(client_id, sizeof client_id, "load%.8s%d:%u", tag, person_index, number + 1);
    return client_id;
}

/* Post the next message of the run, as *person* and in its room of that index. */
static void post(int person_index, int which, int slot) {
    static uint8_t bytes[1 << 16];
    struct person *person = &people[person_index];
    struct room *room = &rooms[person->rooms[which]];
    uint32_t number = begin_message(room, slot);
    struct draft out = {bytes, 0};
    int opcode =
        say_message(dialect, &out, room->id, client_id_of(person_index, number), worded(number), number + 1);
    send_frame(person, opcode, (struct view){bytes, out.size});
}

/* The one-tap answer of the member at that place of the first room, otherwise than their last. */
static void tap(int place, uint64_t target) {
    uint8_t bytes[4096];
    int index = rooms[0].members[place];
    struct person *person = &people[index];
    uint32_t number = begin_message(&rooms[0], place);
    person->sees = !person->sees;
    struct draft out = {bytes, 0};
    int opcode = say_tap(&out, rooms[0].id, client_id_of(index, number), target, person->sees, number + 1);
    send_frame(person, opcode, (struct view){bytes, out.size});
}

static void ask(int person_index) {
    struct person *person = &people[person_index];
    person->asked_ns = now_ns();
    if (!job.storeless) {
        post(person_index, 0, 0);
        return;
    }
    uint8_t bytes[4096];
    struct draft out = {bytes, 0};
    int opcode = say_storeless(dialect, &out, worded(0), 1);
    job.answers_due++;
    send_frame(person, opcode, (struct view){bytes, out.size});
}

/* Hearing ------------------------------------------------------------------------------------------------------------ */

static void check_settled(struct person *person, uint64_t now) {
    if (person->state != READY && person->welcomed && person->given >= person->expected) {
        person->state = READY;
        job.settled++;
        histogram_add(&job.latency, now - person->began_ns);
    }
}

/* BART numbers the entries of a room without holes, the same for everyone. */
static void check_seq(struct person *person, const struct heard *heard) {
    for (int which = 0; which < ROOMS_EACH && person->rooms[which] >= 0; which++) {
        const char *id = rooms[person->rooms[which]].id;
        if (heard->room.size != strlen(id) || memcmp(heard->room.at, id, heard->room.size) != 0) continue;
        uint64_t last = person->last[which];
        if (last && heard->seq <= last) job.doubled++;
        else person->last[which] = heard->seq;
        if (last && heard->seq > last + 1) job.lost += heard->seq - last - 1;
        return;
    }
    job.strangers++;
}

/* Within a slot messages are sent one after the other, so that whoever hears them must hear them in that order. */
static void check_order(struct person *person, uint32_t number, int slot) {
    if (person->newest[slot] == number + 1) job.doubled++;
    else if (person->newest[slot] > number + 1) job.reordered++;
    else person->newest[slot] = number + 1;
}

/* The number that an entry of this run bears; false where it is of another. */
static bool number_of(const struct heard *heard, uint32_t *number) {
    const char *text = (const char *)heard->text.at, *id = (const char *)heard->client_id.at;
    if (heard->text.size >= 20 && memcmp(text, tag, 9) == 0) {
        *number = (uint32_t)strtoul(text + 9, NULL, 10);
    } else if (!heard->text.size && heard->client_id.size > 12 && memcmp(id + 4, tag, 8) == 0) {
        const char *colon = memchr(id, ':', heard->client_id.size);
        if (!colon) return false;
        *number = (uint32_t)strtoul(colon + 1, NULL, 10) - 1;
    } else {
        return false;
    }
    return *number < messages_count;
}

static void take_from_elsewhere(struct person *person, uint64_t now) {
    if (++person->heard > job.each) job.doubled++;
    job.deliveries++, job.due--;
    if (!job.first_ns) job.first_ns = now;
    job.last_ns = now;
}

static void take_entry(struct person *person, const struct heard *heard, uint64_t now) {
    person->given++;
    if (dialect == BART) check_seq(person, heard);
    check_settled(person, now);
    uint32_t number;
    if (!number_of(heard, &number)) {
        if (job.each) take_from_elsewhere(person, now);
        return;
    }
    struct message *message = &messages[number];
    check_order(person, number, message->slot);
    job.deliveries++, job.due--;
    if (!job.looping) histogram_add(&job.latency, now - message->sent_ns);
    if (--message->left == 0 && !job.looping) job.free[job.free_count++ % MOST_SLOTS] = message->slot;
}

static void take_answer(struct person *person, const struct heard *heard, uint64_t now) {
    job.answers++, job.answers_due--;
    job.refused += !heard->ok;
    if (!job.looping || !person->asked_ns) return;
    histogram_add(&job.latency, now - person->asked_ns);
    person->asked_ns = 0;
    if (now < job.ends_ns) ask((int)(person - people));
}

static void leave(struct person *person, bool expected) {
    if (person->state == AWAY) return;
    close(person->fd);
    if (person->state != READY) job.failed++, job.settled++;
    else if (!expected && !person->deaf) job.closed++;
    for (int which = 0; which < ROOMS_EACH && person->rooms[which] >= 0; which++)
        rooms[person->rooms[which]].hearing -= !person->deaf && person->state == READY;
    person->state = AWAY, person->rest_size = 0, person->deaf = person->welcomed = false;
}

static void take_frame(struct person *person, const struct frame *frame, uint64_t now) {
    struct heard heard;
    if (frame->opcode == CLOSE) {
        leave(person, false);
        return;
    }
    hear(dialect, frame, &heard);
    switch (heard.kind) {
        case HELLO: person->state = JOINING; say_hello(person); break;
        case REFUSED: leave(person, false); break;
        case JOINED: person->welcomed = dialect != BART; check_settled(person, now); break;
        case WELCOME: person->welcomed = true; check_settled(person, now); break;
        case ENTRY: take_entry(person, &heard, now); break;
        case ANSWER: take_answer(person, &heard, now); break;
        case PING: send_frame(person, TEXT, (struct view){(const uint8_t *)"3", 1}); break;
        case NOTHING: break;
    }
}

/* Returns how many bytes were used; the rest is part of a frame that is to come. */
static size_t take_bytes(struct person *person, struct view bytes, uint64_t now) {
    size_t at = 0;
    if (person->state == UPGRADING) {
        const uint8_t *end = memmem(bytes.at, bytes.size, "\r\n\r\n", 4);
        if (!end) return 0;
        if (memcmp(bytes.at, "HTTP/1.1 101", 12) != 0) {
            leave(person, false);
            return bytes.size;
        }
        at = (size_t)(end + 4 - bytes.at);
        person->state = GREETING;
        if (dialect == BARE) person->welcomed = true, check_settled(person, now);
    }
    struct frame frame;
    while (person->state != AWAY && frame_read((struct view){bytes.at + at, bytes.size - at}, &frame)) {
        take_frame(person, &frame, now);
        at += frame.whole;
    }
    return at;
}

static void receive(struct person *person) {
    if (person->rest_size) memcpy(incoming, person->rest, person->rest_size);
    ssize_t size = read(person->fd, incoming + person->rest_size, READ_BYTES - person->rest_size);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
        leave(person, false);
        return;
    }
    size_t all = person->rest_size + (size_t)size, used = take_bytes(person, (struct view){incoming, all}, now_ns());
    person->rest_size = person->state == AWAY ? 0 : all - used;
    if (person->rest_size) {
        person->rest = realloc(person->rest, person->rest_size);
        memcpy(person->rest, incoming + used, person->rest_size);
    } else if (person->rest) {
        free(person->rest);
        person->rest = NULL;
    }
}

/* Coming ----------------------------------------------------------------------------------------------------------- */

static void watch(int fd, uint32_t events, uint64_t whom, int how) {
    struct epoll_event event = {.events = events, .data.u64 = whom};
    if (epoll_ctl(epoll, how, fd, &event) < 0) die("epoll_ctl");
}

static void come(int index) {
    struct person *person = &people[index];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    person->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (person->fd < 0) die("socket");
    int on = 1;
    setsockopt(person->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    person->state = CONNECTING, person->began_ns = now_ns(), person->given = 0;
    memset(person->last, 0, sizeof person->last);
    memset(person->newest, 0, sizeof person->newest);
    if (connect(person->fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS) die("connect");
    watch(person->fd, EPOLLOUT, (uint64_t)index, EPOLL_CTL_ADD);
}

static void upgrade(struct person *person) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char request[512], key[] = "AAAAAAAAAAAAAAAAAAAAAA==";
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(person->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        leave(person, false);
        return;
    }
    for (int i = 0; i < 21; i++) key[i] = letters[random_mask() & 63];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n", path, port, key);
    send_bytes(person, (struct view){(uint8_t *)request, (size_t)length});
    person->state = UPGRADING;
    watch(person->fd, EPOLLIN, (uint64_t)(person - people), EPOLL_CTL_MOD);
}

/* One look at the sockets. Returns whether stdin has something.

   Before it sleeps it looks again for some time: waking a sleeper is work for the server that writes to it, several
   microseconds on a virtual machine, and within a fan-out it would be paid per delivery by whoever is slower than us.
   AWAKE_US says for how long; with 0 it sleeps at once, as most clients do. */
static bool turn(int timeout_ms) {
    static struct epoll_event events[MOST_EVENTS];
    bool commanded = false;
    uint64_t began_ns = now_ns();
    int count;
    do count = epoll_wait(epoll, events, MOST_EVENTS, 0);
    while (count == 0 && now_ns() < began_ns + awake_ns);
    if (count == 0) count = epoll_wait(epoll, events, MOST_EVENTS, timeout_ms);
    job.idle_ns += now_ns() - began_ns;
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64 == UINT64_MAX) {
            commanded = true;
            continue;
        }
        struct person *person = &people[events[i].data.u64];
        if (person->state == AWAY) continue;
        if (person->deaf) leave(person, true); /* only its end is watched */
        else if (person->state == CONNECTING) upgrade(person);
        else receive(person);
    }
    return commanded;
}

/* Commands ----------------------------------------------------------------------------------------------------------- */

static void begin(double seconds) {
    memset(&job, 0, sizeof job);
    job.began_ns = now_ns();
    job.ends_ns = job.began_ns + (uint64_t)(seconds * 1e9);
}

static void report(uint64_t sent) {
    double wall_s = (double)(now_ns() - job.began_ns) / 1e9;
    double idle_s = (double)job.idle_ns / 1e9;
    printf("{\"s\": %.6f, \"client_busy\": %.3f, \"sent\": %llu, \"deliveries\": %llu, \"answers\": %llu, "
           "\"refused\": %llu, \"missing\": %lld, \"unanswered\": %d, \"lost\": %llu, \"doubled\": %llu, "
           "\"reordered\": %llu, \"strangers\": %llu, \"closed\": %llu, \"failed\": %llu, \"settled\": %llu, "
           "\"p50_ms\": %.4f, \"p99_ms\": %.4f, \"first_ns\": %llu, \"last_ns\": %llu}\n",
           wall_s, 1 - idle_s / wall_s, (unsigned long long)sent, (unsigned long long)job.deliveries,
           (unsigned long long)job.answers, (unsigned long long)job.refused, (long long)job.due, job.answers_due,
           (unsigned long long)job.lost, (unsigned long long)job.doubled, (unsigned long long)job.reordered,
           (unsigned long long)job.strangers, (unsigned long long)job.closed, (unsigned long long)job.failed,
           (unsigned long long)job.settled, histogram_ms(&job.latency, 0.5), histogram_ms(&job.latency, 0.99),
           (unsigned long long)job.first_ns, (unsigned long long)job.last_ns);
    fflush(stdout);
}

/* A message that never came is not waited for again. */
static void drain(void) {
    uint64_t give_up_ns = now_ns() + DRAIN_S * SECOND;
    while ((job.due > 0 || job.answers_due > 0) && now_ns() < give_up_ns) turn(20);
}

static void count_in(int from, int to) {
    for (int i = from; i < to; i++)
        for (int which = 0; which < ROOMS_EACH && people[i].rooms[which] >= 0; which++)
            rooms[people[i].rooms[which]].hearing += people[i].state == READY;
}

static void do_connect(int from, int to, int at_once, double seconds) {
    begin(seconds);
    int started = from;
    while (job.settled < (uint64_t)(to - from) && now_ns() < job.ends_ns) {
        while (started < to && started - from - (int)job.settled < at_once) come(started++);
        turn(20);
    }
    count_in(from, to);
    report(0);
}

static void do_close(int from, int to) {
    begin(0);
    for (int i = from; i < to; i++) leave(&people[i], true);
    report(0);
}

static void do_deaf(int from, int to) {
    begin(0);
    for (int i = from; i < to; i++) {
        if (people[i].state != READY) continue;
        for (int which = 0; which < ROOMS_EACH && people[i].rooms[which] >= 0; which++)
            rooms[people[i].rooms[which]].hearing--;
        people[i].deaf = true;
        watch(people[i].fd, 0, (uint64_t)i, EPOLL_CTL_MOD);
    }
    report(0);
}

/* The member that posts next: another person in every slot, in rooms in turn. Those who read, never the deaf. */
static int author(uint32_t number, int slot, int *which) {
    struct room *room = &rooms[number % (uint32_t)rooms_count];
    if (room->hearing <= 0) die("nobody is left in a room");
    int place = (slot + (rooms_count > 1 ? (int)(number / (uint32_t)rooms_count) : 0)) % room->hearing, index = 0;
    do index = room->members[(place++) % room->size];
    while (people[index].state != READY || people[index].deaf);
    *which = people[index].rooms[0] == (int)(number % (uint32_t)rooms_count) ? 0 : 1;
    return index;
}

static void post_in(int slot) {
    int which, index = author(messages_count, slot, &which);
    post(index, which, slot);
}

static void do_burst(double seconds, int under_way) {
    begin(seconds);
    uint32_t first = messages_count;
    for (int slot = under_way - 1; slot >= 0; slot--) job.free[job.free_count++] = slot;
    while (now_ns() < job.ends_ns) {
        while (job.free_count > 0) post_in(job.free[--job.free_count]);
        turn(20);
    }
    drain();
    report(messages_count - first);
}

/* target: of the warning that is answered; 0 for messages. */
static void do_rate(double seconds, double per_s, uint64_t target) {
    begin(seconds);
    uint32_t first = messages_count;
    uint64_t pause_ns = (uint64_t)(1e9 / per_s), due_ns = job.began_ns;
    for (uint64_t now = now_ns(); now < job.ends_ns; now = now_ns()) {
        if (now < due_ns) {
            turn((int)((due_ns - now) / 1000000) + 1);
            continue;
        }
        due_ns += pause_ns;
        if (target) tap((int)((messages_count - first) % TAPPERS), target);
        else post_in((int)((messages_count - first) % 16));
    }
    drain();
    report(messages_count - first);
}

static void do_loop(double seconds, int under_way, int from, bool storeless) {
    begin(seconds);
    job.looping = true, job.storeless = storeless;
    for (int i = from; i < from + under_way && i < people_count; i++)
        if (people[i].state == READY) ask(i);
    while (now_ns() < job.ends_ns) turn(20);
    drain();
    for (int i = from; i < from + under_way && i < people_count; i++) people[i].asked_ns = 0;
    report(job.answers);
}

static void do_listen(int each) {
    begin(0);
    job.each = each;
    for (int i = 0; i < people_count; i++) {
        people[i].heard = 0;
        job.due += people[i].state == READY ? each : 0;
    }
    report(0);
}

/* What came since `listen` counts. A moment longer than the last, in which an entry that comes twice would come. */
static void do_heard(double seconds) {
    uint64_t give_up_ns = now_ns() + (uint64_t)(seconds * 1e9);
    while (job.due > 0 && now_ns() < give_up_ns) turn(20);
    for (uint64_t until_ns = now_ns() + SECOND / 5; now_ns() < until_ns;) turn(20);
    report(0);
}

static void obey(const char *line) {
    char word[16] = "";
    double a = 0, b = 0, c = 0, d = 0;
    if (sscanf(line, "%15s %lf %lf %lf %lf", word, &a, &b, &c, &d) < 1) return;
    if (strcmp(word, "connect") == 0) do_connect((int)a, (int)b, (int)c, d);
    else if (strcmp(word, "close") == 0) do_close((int)a, (int)b);
    else if (strcmp(word, "deaf") == 0) do_deaf((int)a, (int)b);
    else if (strcmp(word, "burst") == 0) do_burst(a, (int)b < MOST_SLOTS ? (int)b : MOST_SLOTS - 1);
    else if (strcmp(word, "rate") == 0) do_rate(a, b, 0);
    else if (strcmp(word, "taps") == 0) do_rate(a, b, (uint64_t)c);
    else if (strcmp(word, "posts") == 0) do_loop(a, (int)b, (int)c, false);
    else if (strcmp(word, "storeless") == 0) do_loop(a, (int)b, (int)c, true);
    else if (strcmp(word, "listen") == 0) do_listen((int)a);
    else if (strcmp(word, "heard") == 0) do_heard(a);
    else fprintf(stderr, "client: no command %s\n", word);
}

/* Beginning ---------------------------------------------------------------------------------------------------------- */

static int room_of(const char *id) {
    if (strcmp(id, "-") == 0) return -1;
    /* People stand in the file room by room: the newest rooms are the likely ones. */
    for (int i = rooms_count - 1; i >= 0; i--)
        if (strcmp(rooms[i].id, id) == 0) return i;
    rooms = realloc(rooms, (size_t)(rooms_count + 1) * sizeof *rooms);
    rooms[rooms_count] = (struct room){strdup(id), NULL, 0, 0};
    return rooms_count++;
}

static void add_member(int room_index, int index) {
    struct room *room = &rooms[room_index];
    if ((room->size & (room->size - 1)) == 0)
        room->members = realloc(room->members, sizeof(int) * (size_t)(room->size ? 2 * room->size : 1));
    room->members[room->size++] = index;
}

static void read_people(const char *name) {
    char line[1024], token[256], first[256], second[256], cursor[64];
    FILE *file = fopen(name, "r");
    if (!file) die(name);
    while (fgets(line, sizeof line, file)) {
        struct person person = {.fd = -1};
        if (sscanf(line, "%255[^\t]\t%255[^\t]\t%255[^\t]\t%63[^\t]\t%d", token, first, second, cursor,
                   &person.expected) != 5) die("people");
        people = realloc(people, (size_t)(people_count + 1) * sizeof *people);
        person.token = strdup(token), person.cursor = strcmp(cursor, "-") ? strdup(cursor) : NULL;
        person.rooms[0] = room_of(first), person.rooms[1] = room_of(second);
        for (int which = 0; which < ROOMS_EACH && person.rooms[which] >= 0; which++)
            add_member(person.rooms[which], people_count);
        people[people_count++] = person;
    }
    fclose(file);
}

int main(int count, char **words) {
    static const char *names[] = {"bart", "msgpack", "json", "bare"};
    if (count != 7) {
        fprintf(stderr, "client PORT DIALECT PEOPLE PATH BYTES AWAKE_US\n");
        return 2;
    }
    port = atoi(words[1]), path = words[4], text_bytes = (size_t)atoi(words[5]);
    for (dialect = BART; dialect < BARE && strcmp(names[dialect], words[2]) != 0;) dialect++;
    awake_ns = strtoull(words[6], NULL, 10) * 1000;
    snprintf(tag, sizeof tag, "%08x:", (unsigned)(now_ns() / 1000));
    incoming = malloc(READ_BYTES);
    epoll = epoll_create1(0);
    read_people(words[3]);
    watch(0, EPOLLIN, UINT64_MAX, EPOLL_CTL_ADD);
    char line[256];
    for (;;) {
        if (!turn(1000)) continue;
        size_t size = 0;
        while (size < sizeof line - 1 && read(0, line + size, 1) == 1 && line[size] != '\n') size++;
        if (size == 0) return 0;
        line[size] = 0;
        obey(line);
    }
}
