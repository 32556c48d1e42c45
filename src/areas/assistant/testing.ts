/** For tests: an OpenAI-compatible endpoint on this machine, which answers as each test wants, also as no honest one would. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  path: string
  key: string | undefined
  body: { model?: string; messages?: { role: string; content: string }[]; q?: string; target?: string; stream?: boolean } & Record<
    string,
    unknown
  >
}

export type Reply = (response: ServerResponse, body: Asked['body']) => void

export const choice = (content: string | null, more: object = {}) => ({
  choices: [{ message: { role: 'assistant', content, ...more } }],
  usage: { prompt_tokens: 100, completion_tokens: 20 },
})

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  response =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body))

/** As a whole, also where pieces were asked for. */
export const writes = (text: string): Reply => json(choice(text))

/** One piece of an answer that is written piece by piece, and what the pieces come as. */
export const delta = (content: string): string => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`
export const events = { 'content-type': 'text/event-stream' }
export const lastPiece = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

/** What it was asked, in this order; `answers` says how it answers from now on. */
export async function endpoint() {
  const asked: Asked[] = []
  let reply: Reply = writes('Fine.')
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const body = JSON.parse(text) as Asked['body']
    asked.push({ path: request.url!, key: request.headers.authorization, body })
    reply(response, body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { asked, origin, close, answers: (how: Reply) => void (reply = how) }
}
