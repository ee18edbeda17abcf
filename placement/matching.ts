import { type Choice, choiceAt, type Round } from './round.ts';
import { nobodyPlaced, type Placed } from './walk.ts';

/**
 * `da`: candidates propose down their lists, programs hold the best they have seen within their seats and send the
 * rest away. No candidate is sent away by a program that could keep it in any stable outcome, so what remains is the
 * stable outcome best for every candidate at once; the order of proposals does not matter.
 */
export function deferredAcceptance(round: Round): Placed {
  const { choices, ranked } = round;
  const held = round.programs.map((): Held[] => []);
  const place = placeInRanking(round);
  const next = firstChoices(round);
  const placed = nobodyPlaced(round);
  const free = ranked.map((_, rank) => rank).reverse();

  for (let rank = free.pop(); rank !== undefined; rank = free.pop()) {
    const index = next[rank] ?? 0;
    if (index >= choices.count || choices.rank[index] !== rank) continue;
    const choice = choiceAt(choices, index);
    next[rank] = index + 1;
    const rivals = held[choice.program] ?? [];
    insert(rivals, { choice, place: place(choice) });
    placed.program[rank] = choice.program;
    placed.at[rank] = choice.at;
    if (rivals.length <= (round.cap[choice.program] ?? 0)) continue;
    const { choice: rejected } = sendAway(round, rivals);
    placed.program[rejected.rank] = -1;
    free.push(rejected.rank);
  }
  return placed;
}

interface Held {
  readonly choice: Choice;
  /** Place in the program's own ranking, 0 = best. */
  readonly place: number;
}

/** Where each rank's choices begin; they stand together, best liked first. */
function firstChoices({ ranked, choices: { count, rank } }: Round): Int32Array {
  const first = new Int32Array(ranked.length).fill(count);
  for (let index = count - 1; index >= 0; index--) first[rank[index] as number] = index;
  return first;
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
