/* The floor: what a compiled relay costs. epoll, one thread, one write per member and message; nothing is joined,
   checked or kept. `floor joined` makes the messages of one turn leave in one write per member.

   The handshake is answered without the accept key of RFC 6455, which our load client does not look at. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096, MOST_EVENTS = 1024, MOST_MEMBERS = 1 << 16, READ_BYTES = 1 << 16 };

static const char ACCEPTED[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Accept: none\r\n\r\n";

static int members[MOST_MEMBERS], place[MOST_MEMBERS], count; /* place: by descriptor, 1 + index in members */
static uint8_t said[1 << 20];
static size_t said_size;
static bool joined;

static void drop(int fd) {
    if (place[fd]) {
        int last = members[--count];
        members[place[fd] - 1] = last, place[last] = place[fd], place[fd] = 0;
    }
    close(fd);
}

static void join_in(int fd) {
    if (write(fd, ACCEPTED, sizeof ACCEPTED - 1) < 0) return;
    members[count] = fd, place[fd] = ++count;
}

/* A member whose socket is full misses a message; the load client would tell. */
static void relay(void) {
    for (int i = 0; i < count; i++)
        if (write(members[i], said, said_size) < 0 && errno != EAGAIN && errno != EPIPE && errno != ECONNRESET) exit(1);
    said_size = 0;
}

static void put_frame(const uint8_t *payload, size_t size, const uint8_t *key) {
    uint8_t *out = said + said_size;
    *out++ = 0x82;
    if (size < 126) *out++ = (uint8_t)size;
    else *out++ = 126, *out++ = (uint8_t)(size >> 8), *out++ = (uint8_t)size;
    for (size_t i = 0; i < size; i++) *out++ = payload[i] ^ key[i & 3];
    said_size = (size_t)(out - said);
}

/* Whole frames alone: the load client sends each in one write. */
static void hear(int fd) {
    static uint8_t bytes[READ_BYTES];
    ssize_t size = read(fd, bytes, sizeof bytes), at = 0;
    if (size <= 0) {
        drop(fd);
        return;
    }
    if (!place[fd]) {
        join_in(fd);
        return;
    }
    while (size - at >= 6) {
        size_t length = bytes[at + 1] & 0x7f, head = 2;
        if (length == 126) length = (size_t)bytes[at + 2] << 8 | bytes[at + 3], head = 4;
        if ((bytes[at] & 0x0f) == 2) put_frame(bytes + at + head + 4, length, bytes + at + head);
        at += (ssize_t)(head + 4 + length);
        if (said_size && (!joined || said_size > sizeof said / 2)) relay();
    }
}

static int listening(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, BACKLOG) < 0) exit(1);
    getsockname(fd, (struct sockaddr *)&address, &size);
    printf("{\"port\": %d}\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void let_in(int epoll, int door) {
    int fd, on = 1;
    while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (fd >= MOST_MEMBERS || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) close(fd);
    }
}

int main(int words, char **word) {
    static struct epoll_event events[MOST_EVENTS];
    joined = words > 1 && strcmp(word[1], "joined") == 0;
    int epoll = epoll_create1(0), door = listening();
    struct epoll_event event = {.events = EPOLLIN, .data.fd = door};
    epoll_ctl(epoll, EPOLL_CTL_ADD, door, &event);
    for (;;) {
        int ready = epoll_wait(epoll, events, MOST_EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == door) let_in(epoll, door);
            else hear(events[i].data.fd);
        }
        if (said_size) relay();
    }
}
