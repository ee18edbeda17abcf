import type { Choice, Round } from './round.ts';

/**
 * `da`: candidates propose down their lists, programs hold the best they have seen within their seats and send the
 * rest away. No candidate is sent away by a program that could keep it in any stable outcome, so what remains is the
 * stable outcome best for every candidate at once; the order of proposals does not matter.
 */
export function deferredAcceptance(round: Round): (Choice | undefined)[] {
  const byRankOf = groupByRank(round);
  const held = round.programs.map((): Held[] => []);
  const place = placeInRanking(round);
  const next = new Int32Array(round.ranked.length);
  const placed = new Array<Choice | undefined>(round.ranked.length).fill(undefined);
  const free = round.ranked.map((_, rank) => rank).reverse();

  for (let rank = free.pop(); rank !== undefined; rank = free.pop()) {
    const turn = next[rank] ?? 0;
    const choice = byRankOf[rank]?.[turn];
    if (choice === undefined) continue;
    next[rank] = turn + 1;
    const rivals = held[choice.program] ?? [];
    insert(rivals, { choice, place: place(choice) });
    placed[rank] = choice;
    if (rivals.length <= (round.cap[choice.program] ?? 0)) continue;
    const { choice: rejected } = sendAway(round, rivals);
    placed[rejected.rank] = undefined;
    free.push(rejected.rank);
  }
  return placed;
}

interface Held {
  readonly choice: Choice;
  /** Place in the program's own ranking, 0 = best. */
  readonly place: number;
}

function groupByRank(round: Round): Choice[][] {
  const lists = round.ranked.map((): Choice[] => []);
  for (const choice of round.choices) lists[choice.rank]?.push(choice);
  return lists;
}

function placeInRanking({ programs, ranked }: Round): (choice: Choice) => number {
  const places = programs.map(({ ranking }) =>
    ranking ? new Map(ranking.map((id, place) => [id, place])) : null,
  );
  return ({ program, rank }) => places[program]?.get(ranked[rank]?.id ?? '') ?? rank;
}

function insert(held: Held[], applicant: Held): void {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((held[middle]?.place ?? 0) < applicant.place) low = middle + 1;
    else high = middle;
  }
  held.splice(low, 0, applicant);
}

/**
 * One applicant too many. Reserved seats are a guarantee, not a wall: a category keeps its best applicants up to its
 * reserve, everything else goes by the ranking. So the worst applicant goes whose category is above its reserve.
 */
function sendAway(round: Round, held: Held[]): Held {
  const category = ({ choice }: Held): string | undefined => round.ranked[choice.rank]?.category;
  const reserves = round.programs[held[0]?.choice.program ?? -1]?.reserves ?? [];
  const isSafe = (applicant: Held): boolean => {
    const reserve = reserves.find((each) => each.category === category(applicant));
    if (reserve === undefined) return false;
    return held.filter((each) => category(each) === reserve.category).length <= reserve.seats;
  };
  const worst = held.findLastIndex((applicant) => !isSafe(applicant));
  const [rejected] = held.splice(worst, 1);
  if (rejected === undefined)
    throw new Error('more reserved seats than seats: the input check must refuse this');
  return rejected;
}
