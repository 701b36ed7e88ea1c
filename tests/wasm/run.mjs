// Asks the module, without imports, about the license that Rust sealed for tests/interop.
import { readFileSync } from 'node:fs'

const [module, publicKey, token] = process.argv.slice(2)
const bytes = readFileSync(module)
const start = async () => {
  const { instance } = await WebAssembly.instantiate(bytes, {})
  const { room, seed, may_ada_open_orders: ask, memory } = instance.exports
  const put = bytes => {
    const at = room(bytes.length)
    new Uint8Array(memory.buffer).set(bytes, at)
    return [at, bytes.length]
  }
  const text = text => put(new TextEncoder().encode(text))
  return {
    seed: bytes => seed(...put(bytes)),
    answer: (token, at) => ask(...text(publicKey), ...text(token), BigInt(Date.parse(at) / 1000)),
  }
}
const expect = (what, given, expected) => {
  if (given !== expected) throw new Error(`${what}: ${given} instead of ${expected}`)
}
const random = () => crypto.getRandomValues(new Uint8Array(16))

// Each instance is seeded first, with bytes of the operating system.
const ours = random()
const { seed, answer } = await start()
expect('a seed of zeros', seed(new Uint8Array(16)), 1)
expect('a seed of 15 bytes', seed(random().subarray(1)), 4)
expect('a seed', seed(ours), 0)
const changed = token.replace(/.(.{20}\.[^.]*)$/, (_, rest) => `A${rest}`)
for (const [what, given, expected] of [
  ['in its term', answer(token, '2026-03-02T08:00:00Z'), 1],
  ['before it', answer(token, '2026-02-21T08:00:00Z'), 2],
  ['long after it', answer(token, '2029-01-01T00:00:00Z'), 2],
  ['tampered with', answer(changed, '2026-03-02T08:00:00Z'), 3],
  ['not a token', answer('v4.public.', '2026-03-02T08:00:00Z'), 4],
]) {
  expect(what, given, expected)
}
expect('the same seed again', seed(ours), 0)
expect('another seed', seed(random()), 2)

// An instance that has no seed answers as well, and says so when one comes late.
const late = await start()
expect('without a seed', late.answer(token, '2026-03-02T08:00:00Z'), 1)
expect('a late seed', late.seed(random()), 3)
