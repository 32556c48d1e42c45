/** What is decided about notifications. */
import { type Door, doors, type Kind, kinds } from './words.ts'

/** Somebody hears of a kind by a door as they chose, else as is usual for the kind. */
export function wants(choices: { kind: string; door: Door; wanted: boolean }[], kind: Kind, door: Door): boolean {
  return choices.find(each => each.kind === kind && each.door === door)?.wanted ?? kinds[kind][door]
}

/** What one does oneself is not told to oneself. */
export const concerns = (notice: { person: string }, self: string | null): boolean => notice.person !== self

/** All kinds and doors stand in the table of choices, each with what holds now. */
export function table(
  choices: { kind: string; door: Door; wanted: boolean }[],
): { kind: Kind; doors: { door: Door; wanted: boolean }[] }[] {
  return (Object.keys(kinds) as Kind[]).map(kind => ({ kind, doors: doors.map(door => ({ door, wanted: wants(choices, kind, door) })) }))
}
