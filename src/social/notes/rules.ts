import { refuse } from '#kernel/errors.ts'

/** Only its writer changes a note. */
export function mayEdit(note: { by: string | null }, actor: string | null): void {
  if (!actor || note.by !== actor) refuse('forbidden', 'notes.notYours')
}
