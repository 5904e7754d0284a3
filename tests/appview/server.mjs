// Bluesky's own AppView beside its Personal Data Server, with an in-memory PLC directory, all on loopback.
// usage: node server.mjs POSTGRES_URL, with TMPDIR where the servers may keep their data
// Prints one line of JSON when all answer, and ends when its standard input closes, so that it never outlives a test.
import net from 'node:net'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [postgres] = process.argv.slice(2)
const require = createRequire(path.join(process.cwd(), 'package.json'))

// None of the servers takes an address to listen on.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number' || typeof port === 'string'
    ? listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...rest.filter((part) => typeof part === 'function'))
    : listen.call(this, port, ...rest)
}

process.env.LOG_ENABLED = 'false'
const { TestBsky, TestBsync, TestPds, TestPlc, mockNetworkUtilities } = await import(
  pathToFileURL(require.resolve('@atproto/dev-env')).href
)

async function freePort() {
  const probe = net.createServer()
  await new Promise((done) => probe.listen(0, done))
  const { port } = probe.address()
  await new Promise((done) => probe.close(done))
  return port
}

// What its own TestNetwork puts together, less the moderation service, of which nothing here asks.
const plc = await TestPlc.create({ port: await freePort() })
const key = 'bsync-api-key'
const bsync = await TestBsync.create({ port: await freePort(), apiKeys: [key], dbUrl: postgres, dbSchema: 'bsync' })
const pdsPort = await freePort()
const bsky = await TestBsky.create({
  port: await freePort(),
  plcUrl: plc.url,
  pdsPort,
  bsyncApiKey: key,
  bsyncUrl: bsync.url,
  repoProvider: `ws://localhost:${pdsPort}`,
  dbPostgresSchema: 'appview',
  dbPostgresUrl: postgres,
})
bsync.ctx.dataplaneClients = [bsky.ctx.dataplane]
const pds = await TestPds.create({
  port: pdsPort,
  hostname: 'localhost',
  didPlcUrl: plc.url,
  enableDidDocWithSession: true,
  bskyAppViewUrl: bsky.url,
  bskyAppViewDid: bsky.ctx.cfg.serverDid,
})
mockNetworkUtilities(pds, bsky)
console.log(JSON.stringify({ ready: true, pds: pds.url, plc: plc.url, appview: bsky.url }))

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0))
