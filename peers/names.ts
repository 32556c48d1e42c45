/** A name server for tests: answers service records for one domain, and that there is nothing for everything else. On loopback, UDP, gone with `stop`. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

export interface Service {
  /** Such as `_imaps._tcp.trefoil.test`. */
  name: string
  target: string
  port: number
}

export interface Names {
  /** `127.0.0.1:5353`, as `dns.setServers` takes it. */
  address: string
  stop(): Promise<void>
}

const typeService = 33

export async function startNames(services: Service[]): Promise<Names> {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    const reply = answer(question, services)
    if (reply) socket.send(reply, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    stop: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

function answer(question: Buffer, services: Service[]): Buffer | undefined {
  if (question.length < 17) return undefined
  const { name, end } = nameAt(question, 12)
  const found = question.readUInt16BE(end) === typeService ? services.filter(service => service.name === name) : []
  const header = Buffer.from(question.subarray(0, 12))
  header.writeUInt16BE(found.length ? 0x8580 : 0x8583, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(found.length, 6)
  header.writeUInt32BE(0, 8)
  return Buffer.concat([header, question.subarray(12, end + 4), ...found.map(record)])
}

/** The asked name again (as a pointer), type, class, no life time, then priority, weight, port and target (RFC 2782). */
function record({ target, port }: Service): Buffer {
  const data = Buffer.concat([numbers(0, 0, port), written(target)])
  return Buffer.concat([numbers(0xc00c, typeService, 1, 0, 0, data.length), data])
}

const numbers = (...list: number[]): Buffer => {
  const bytes = Buffer.alloc(list.length * 2)
  for (const [index, each] of list.entries()) bytes.writeUInt16BE(each, index * 2)
  return bytes
}

const written = (name: string): Buffer =>
  Buffer.concat([...name.split('.').map(label => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.alloc(1)])

function nameAt(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = []
  let at = start
  while (message[at]) {
    const length = message[at]!
    labels.push(
      message
        .subarray(at + 1, at + 1 + length)
        .toString()
        .toLowerCase(),
    )
    at += length + 1
  }
  return { name: labels.join('.'), end: at + 1 }
}
