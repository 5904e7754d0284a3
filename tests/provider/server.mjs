// The certified provider `oidc-provider` on loopback, with one client and one account: for tests/governance/test_oidc_certified.py.
import { createRequire } from "node:module";

// The packages lie where this runs, not beside this file.
const { default: Provider } = await import(createRequire(`${process.cwd()}/`).resolve("oidc-provider"));

const [port, back, client, secret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [back], grant_types: ["authorization_code"] }],
  claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@fin.example`, email_verified: true, name: id, groups: ["cell"] }),
  }),
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
});
provider.listen(Number(port), "127.0.0.1", () => console.log(JSON.stringify({ issuer })));
process.stdin.resume().on("end", () => process.exit());
