// An OpenID provider on loopback, with people who sign in by a click; for tests only.
// node provider.mjs FOLDER_OF_PACKAGES < {"port", "client", "secret", "console", "tenant", "people"}
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const packages = createRequire(`${process.argv[2]}/package.json`);
const { Provider, interactionPolicy } = await import(
  pathToFileURL(packages.resolve("oidc-provider")).href
);
const told = JSON.parse(readFileSync(0, "utf8"));
const issuer = `http://localhost:${told.port}`;
const policy = interactionPolicy.base();
policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }), 0);
const find = (id) => told.people.find((it) => it.oid === id);

const provider = new Provider(issuer, {
  clients: [{
    client_id: told.client,
    client_secret: told.secret,
    redirect_uris: [`${told.console}/oauth2callback`],
    post_logout_redirect_uris: [`${told.console}/oauth2callback`],
    response_types: ["code"],
    grant_types: ["authorization_code"],
  }],
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  scopes: ["openid", "profile"],
  claims: { openid: ["sub", "oid", "tid", "roles", "groups", "sid"], profile: ["name"] },
  cookies: { keys: [told.secret] },
  ttl: { IdToken: 3600, AccessToken: 3600, Grant: 3600, Session: 86400, Interaction: 600 },
  interactions: { policy, url: (_, interaction) => `/people/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = `<!doctype html><title>Sign out</title>${form}
          <button form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>`;
      },
    },
  },
  findAccount: (_, id) => find(id) && {
    accountId: id,
    claims: () => ({ sub: `pairwise-${id}`, tid: told.tenant, ...find(id) }),
  },
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  const [, where, , who] = ctx.path.split("/");
  if (where !== "people") return next();
  if (who) {
    const login = { accountId: find(who).oid };
    return provider.interactionFinished(ctx.req, ctx.res, { login, select_account: {} });
  }
  const links = told.people.map((it) => `<li><a href="${ctx.path}/${it.oid}">${it.name}</a>`);
  ctx.body = `<!doctype html><title>Who are you?</title><h1>Who are you?</h1><ul>${links.join("")}`;
});

provider.listen(told.port, "127.0.0.1", () => console.log("listening"));
