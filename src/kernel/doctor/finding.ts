/** One thing that was looked at: how it is, and which sentence says so (with what to do, where something is to be done). */
export interface Finding {
  state: 'ok' | 'warn' | 'fail'
  /** The name of the sentence, without its module. */
  key: string
  values: Record<string, string | number>
}

export const ok = (key: string, values: Finding['values'] = {}): Finding => ({ state: 'ok', key, values })
export const warn = (key: string, values: Finding['values'] = {}): Finding => ({ state: 'warn', key, values })
export const fail = (key: string, values: Finding['values'] = {}): Finding => ({ state: 'fail', key, values })
