// Bluesky's own Personal Data Server and an in-memory PLC directory, both on loopback.
// usage: node server.mjs PDS_PORT PLC_PORT DATA_FOLDER [--rate-limits]
// Prints one line of JSON when both answer, and ends when its standard input closes, so that it never outlives a test.
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { createRequire } from 'node:module'

const [pdsPort, plcPort, folder, ...flags] = process.argv.slice(2)
const require = createRequire(path.join(process.cwd(), 'package.json'))

// Neither server takes an address to listen on.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number' || typeof port === 'string'
    ? listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...rest.filter((part) => typeof part === 'function'))
    : listen.call(this, port, ...rest)
}

const { Database, PlcServer } = require('@did-plc/server')
const { PDS, envToCfg, envToSecrets, readEnv } = require('@atproto/pds')

fs.mkdirSync(path.join(folder, 'blobs'), { recursive: true })
Object.assign(process.env, {
  PDS_DEV_MODE: 'true',
  PDS_HOSTNAME: 'localhost',
  PDS_PORT: pdsPort,
  PDS_DATA_DIRECTORY: folder,
  PDS_BLOBSTORE_DISK_LOCATION: path.join(folder, 'blobs'),
  PDS_DID_PLC_URL: `http://127.0.0.1:${plcPort}`,
  PDS_SERVICE_HANDLE_DOMAINS: '.test',
  PDS_INVITE_REQUIRED: 'false',
  PDS_DISABLE_SSRF_PROTECTION: 'true',
  PDS_RATE_LIMITS_ENABLED: String(flags.includes('--rate-limits')),
  // Of no worth: they guard an empty server on loopback for the length of a test.
  PDS_ADMIN_PASSWORD: 'test-admin',
  PDS_JWT_SECRET: 'test-jwt-secret',
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: '11'.repeat(32),
  LOG_ENABLED: 'false',
})

const plc = PlcServer.create({ db: Database.mock(), port: Number(plcPort) })
await plc.start()
const env = readEnv()
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
await pds.start()
console.log(JSON.stringify({ ready: true, pds: `http://localhost:${pdsPort}`, plc: `http://127.0.0.1:${plcPort}` }))

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0))
