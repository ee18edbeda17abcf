/*
 * Yardstick for the placement benchmark: the same algorithm as placement/columns-*.ts in C, one thread.
 * Usage: placement DIR N M K; reads the columns, then places once for every line on standard input and answers with the
 * milliseconds of processor time, of wall time, and a checksum of the outcome: so the caller can take turns with it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint32_t n, m, k;
static uint16_t *score, *prefs, *line, *program;
static uint32_t *tiehi, *tielo, *cap, *order, *carry, *room, *starts;
static uint8_t *preference, *reason, *open_;

static double now_ms(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void *column(const char *dir, const char *name, size_t bytes) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  FILE *file = fopen(path, "rb");
  void *data = malloc(bytes ? bytes : 1);
  if (!file || !data || fread(data, 1, bytes, file) != bytes) {
    fprintf(stderr, "cannot read %s\n", path);
    exit(1);
  }
  fclose(file);
  return data;
}

static int by_word(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* A large bucket: sort (key, place) words, then let insertion settle equal carries by tielo. */
static void sort_large(uint32_t from, uint32_t to) {
  uint32_t size = to - from;
  uint64_t *words = malloc(8 * (size_t)size);
  uint32_t *rows = malloc(4 * (size_t)size);
  for (uint32_t i = 0; i < size; i++) {
    rows[i] = order[from + i];
    words[i] = (uint64_t)(uint32_t)~carry[from + i] << 32 | i;
  }
  qsort(words, size, 8, by_word);
  for (uint32_t i = 0; i < size; i++) {
    order[from + i] = rows[(uint32_t)words[i]];
    carry[from + i] = ~(uint32_t)(words[i] >> 32);
  }
  free(words);
  free(rows);
}

static void sort_small(uint32_t from, uint32_t to) {
  for (uint32_t i = from + 1; i < to; i++) {
    uint32_t key = carry[i], row = order[i], j = i;
    while (j > from) {
      uint32_t other = carry[j - 1];
      if (other > key || (other == key && tielo[order[j - 1]] >= tielo[row])) break;
      carry[j] = other;
      order[j] = order[j - 1];
      j--;
    }
    carry[j] = key;
    order[j] = row;
  }
}

static void rank_rows(void) {
  uint32_t highest = 0;
  for (uint32_t row = 0; row < n; row++)
    if (tiehi[row] > highest) highest = tiehi[row];
  int bits = highest ? 32 - __builtin_clz(highest) : 0, shift = bits - 19 > 8 ? bits - 19 : 8;
  uint32_t top = highest >> shift;
  starts = calloc(top + 2, 4);
  for (uint32_t row = 0; row < n; row++) starts[top - (tiehi[row] >> shift) + 1]++;
  for (uint32_t bucket = 1; bucket < top + 2; bucket++) starts[bucket] += starts[bucket - 1];
  for (uint32_t row = 0; row < n; row++) {
    uint32_t slot = starts[top - (tiehi[row] >> shift)]++;
    order[slot] = row;
    carry[slot] = tiehi[row] << (32 - shift) | tielo[row] >> shift;
  }
  uint32_t from = 0;
  for (uint32_t bucket = 0; bucket <= top; bucket++) {
    uint32_t to = starts[bucket];
    if (to - from > 48) sort_large(from, to);
    if (to - from > 1) sort_small(from, to);
    from = to;
  }
  free(starts);
}

static uint8_t reason_of(uint32_t row) {
  uint8_t furthest = 1;
  const uint16_t *list = prefs + (size_t)row * k;
  for (uint32_t i = 0; i < k; i++) {
    uint16_t code = list[i];
    if (code == 65535) continue;
    if (code >= m) {
      if (furthest == 1) furthest = 5;
    } else if (cap[code] == 0) {
      if (furthest != 3) furthest = 2;
    } else if (score[row] < line[code]) {
      furthest = 3;
    } else {
      return 4;
    }
  }
  return furthest;
}

static void walk(uint32_t from, uint32_t to) {
  for (uint32_t rank = from; rank < to; rank++) {
#ifdef PREFETCH
    if (rank + 8 < to) {
      const char *ahead = (const char *)(prefs + (size_t)order[rank + 8] * k);
      for (uint32_t byte = 0; byte < 2 * k; byte += 64) __builtin_prefetch(ahead + byte);
    }
#endif
    uint32_t row = order[rank], i = 0;
    const uint16_t *list = prefs + (size_t)row * k;
    while (i < k && !open_[list[i]]) i++;
    if (i == k) {
      reason[row] = reason_of(row);
      continue;
    }
    program[row] = list[i];
    preference[row] = i;
    reason[row] = 0;
    if (--room[list[i]] == 0) open_[list[i]] = 0;
  }
}

static uint32_t at_least[65537];
static int by_line(const void *a, const void *b) {
  return (int)line[*(const uint32_t *)b] - (int)line[*(const uint32_t *)a];
}

static void place(void) {
  memcpy(room, cap, 4 * (size_t)m);
  memset(open_, 0, 65536);
  memset(program, 255, 2 * (size_t)n);
  memset(preference, 255, n);
  for (uint32_t p = 0; p < m; p++) open_[p] = cap[p] != 0;
  memset(at_least, 0, sizeof at_least);
  for (uint32_t row = 0; row < n; row++) at_least[score[row]]++;
  for (int value = 65534; value >= 0; value--) at_least[value] += at_least[value + 1];
  uint32_t *programs = malloc(4 * (size_t)m), from = 0;
  for (uint32_t p = 0; p < m; p++) programs[p] = p;
  qsort(programs, m, 4, by_line);
  for (uint32_t i = 0; i < m; i++) {
    uint32_t rank = at_least[line[programs[i]]];
    if (rank > from) walk(from, rank), from = rank;
    open_[programs[i]] = 0;
  }
  free(programs);
  walk(from, n);
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  n = atoi(argv[2]), m = atoi(argv[3]), k = atoi(argv[4]);
  score = column(argv[1], "score.u16", 2 * (size_t)n);
  tiehi = column(argv[1], "tiehi.u32", 4 * (size_t)n);
  tielo = column(argv[1], "tielo.u32", 4 * (size_t)n);
  prefs = column(argv[1], "prefs.u16", 2 * (size_t)n * k);
  cap = column(argv[1], "cap.u32", 4 * (size_t)m);
  line = column(argv[1], "line.u16", 2 * (size_t)m);
  order = malloc(4 * (size_t)n), carry = malloc(4 * (size_t)n), room = malloc(4 * (size_t)m);
  program = malloc(2 * (size_t)n), preference = malloc(n), reason = malloc(n), open_ = malloc(65536);
  char request[16];
  while (fgets(request, sizeof request, stdin)) {
    double cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID), wall = now_ms(CLOCK_MONOTONIC);
    rank_rows();
    place();
    cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu, wall = now_ms(CLOCK_MONOTONIC) - wall;
    uint32_t sum = 2166136261u;
    for (uint32_t row = 0; row < n; row++)
      sum = (sum ^ ((uint32_t)program[row] | (uint32_t)preference[row] << 16 | (uint32_t)reason[row] << 24)) * 16777619u;
    printf("%.3f %.3f %u\n", cpu, wall, sum);
    fflush(stdout);
  }
  return 0;
}
