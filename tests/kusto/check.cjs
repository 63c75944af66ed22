// Reads {tables, queries, texts} from stdin; says what Microsoft's Kusto language service thinks:
// the diagnostics of each query, and what each text literal says.
"use strict";
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const load = createRequire(process.argv[2] + "/");
load("@kusto/language-service-next/bridge.min.js");
load("@kusto/language-service-next/Kusto.Language.Bridge.min.js");

const { Language, Language: { Symbols } } = globalThis.Kusto ?? Kusto;
const asked = JSON.parse(readFileSync(0, "utf8"));

const tables = Object.entries(asked.tables).map(([name, columns]) => {
  const schema = Object.entries(columns).map(([column, kind]) => `${column}: ${kind}`).join(", ");
  return Symbols.TableSymbol.From(`(${schema})`).WithName(name);
});
const database = new Symbols.DatabaseSymbol.$ctor3("logs", null, tables, false);
const globals = Language.GlobalState.Default.WithDatabase(database);

const diagnostics = {};
for (const [name, text] of Object.entries(asked.queries)) {
  const found = Language.KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics();
  diagnostics[name] = [];
  for (let at = 0; at < found.Count; at++) {
    diagnostics[name].push(found.getItem(at).Message);
  }
}
const said = asked.texts.map((text) => Language.KustoFacts.GetStringLiteralValue(text));
process.stdout.write(JSON.stringify({ diagnostics, said }));
