// A publisher's back office in TypeScript: mints a license. Given a token, it verifies that one and what it says.
import { deepStrictEqual } from 'node:assert'
import { blake2b } from '@noble/hashes/blake2.js'
import { PublicProtocol } from 'paseto'
import * as paseto from 'paseto/v4/public'

const v4 = new PublicProtocol(
  paseto.ImportSecretKeyFactory, paseto.GetPublicKeyFactory, paseto.ExportPublicKeyFactory,
  paseto.SignFactory, paseto.VerifyFactory,
)
const secret = await v4.ImportSecretKey(process.env['ENTITLE_SECRET'] as `k4.secret.${string}`)
const key = await v4.GetPublicKey(secret)
const hash = blake2b(Buffer.from(`k4.pid.${await v4.ExportPublicKey(key)}`), { dkLen: 33 }) // PASERK, "ID"
const kid = `k4.pid.${Buffer.from(hash).toString('base64url')}`
const footer = Buffer.from(JSON.stringify({ kid, typ: 'entitle.license.v1' }))

const grant = (plan: string, units: object | string, ends: string, fallback: object | string, amounts: object[]) => {
  const term = { starts: '2026-03-01T00:00:00Z', ends }
  return { plan, units, tolerance: 'none', amounts, kind: { paid: { term, grace: 30, suspended: 90, fallback, early: 'never' } } }
}
const license = {
  iss: 'fabrikam', // publisher and offer, as in the catalog
  aud: 'f365',
  jti: '2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a', // 16 random bytes, kept for the revisions
  iat: '2026-02-20T09:30:00Z', // new Date().toISOString().replace(/\.\d+/, '')
  revision: 1,
  licensee: { tenant: { id: 'contoso', name: 'Contoso Österreich', country: 'AT' } },
  reference: { of: 'PO-4711' },
  freshness: 'not_asked',
  anchor: 'anywhere',
  grants: [grant('gold', { limited: 5 }, '2027-03-01T00:00:00Z', { before: '2027-03-01T00:00:00Z' }, [{ quota: 'projects', amount: { limited: 50 } }]), grant('bronze', 'unlimited', 'never', 'none', [])],
}

const [given] = process.argv.slice(2)
if (given === undefined) {
  console.log(await v4.Sign(secret, license, { footer, nonExpiring: true })) // without, it adds `exp`
} else {
  deepStrictEqual((await v4.Verify(key, given, { footer, allowNonExpiring: true })).claims, license)
}
