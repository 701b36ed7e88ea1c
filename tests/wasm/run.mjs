// Asks the module, without imports, about the license that Rust sealed for tests/interop.
import { readFileSync } from 'node:fs'

const [module, publicKey, token] = process.argv.slice(2)
const { instance } = await WebAssembly.instantiate(readFileSync(module), {})
const { room, may_ada_open_orders: ask, memory } = instance.exports
const put = text => {
  const bytes = new TextEncoder().encode(text)
  const at = room(bytes.length)
  new Uint8Array(memory.buffer).set(bytes, at)
  return [at, bytes.length]
}
const answer = (token, at) => ask(...put(publicKey), ...put(token), BigInt(Date.parse(at) / 1000))
const changed = token.replace(/.(.{20}\.[^.]*)$/, (_, rest) => `A${rest}`)
for (const [what, given, expected] of [
  ['in its term', answer(token, '2026-03-02T08:00:00Z'), 1],
  ['before it', answer(token, '2026-02-21T08:00:00Z'), 2],
  ['long after it', answer(token, '2029-01-01T00:00:00Z'), 2],
  ['tampered with', answer(changed, '2026-03-02T08:00:00Z'), 3],
  ['not a token', answer('v4.public.', '2026-03-02T08:00:00Z'), 4],
]) {
  if (given !== expected) throw new Error(`${what}: ${given} instead of ${expected}`)
}
