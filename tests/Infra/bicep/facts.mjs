// Prints what a folder of Bicep files declares, as JSON: node facts.mjs FOLDER
// It knows syntax, not Azure: types of properties, and which API versions there are, is for the Bicep compiler.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Language, Parser } from "web-tree-sitter";

await Parser.init();
const language = await Language.load(createRequire(import.meta.url).resolve("tree-sitter-bicep/tree-sitter-bicep.wasm"));
const parser = new Parser();
parser.setLanguage(language);

const folder = process.argv[2];
console.log(JSON.stringify(filesIn("").sort().map((name) => describe(join(folder, name), name))));

function filesIn(path) {
  return readdirSync(join(folder, path), { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .flatMap((entry) => {
      const name = path ? `${path}/${entry.name}` : entry.name;
      return entry.isDirectory() ? filesIn(name) : /\.bicep(param)?$/.test(name) ? [name] : [];
    });
}

function describe(path, name) {
  const text = readFileSync(path, "utf8");
  // The grammar has no assignments of parameters; a variable of the same length says the same.
  const tree = parser.parse(name.endsWith(".bicepparam") ? text.replace(/^param (?=\w+ *=)/gm, "var   ") : text);
  const root = tree.rootNode;
  const facts = { name, errors: errorsOf(root), params: [], outputs: [], resources: [], modules: [], settings: [], assigned: [], using: null };
  let decorators = null;
  for (const node of root.namedChildren) {
    switch (node.type) {
      case "comment":
        continue;
      case "decorators":
        decorators = node;
        continue;
      case "parameter_declaration":
        facts.params.push(parameter(node, decorators, root));
        break;
      case "variable_declaration":
        facts.assigned.push(node.namedChild(0).text);
        break;
      case "output_declaration":
        facts.outputs.push({ name: node.namedChild(0).text, description: description(decorators), text: node.text });
        break;
      case "resource_declaration":
        resource(node, null, facts);
        break;
      case "module_declaration":
        facts.modules.push(moduleOf(node));
        break;
      case "using_statement":
        facts.using = stringOf(node.namedChild(0));
        break;
    }
    decorators = null;
  }
  return facts;
}

function errorsOf(root) {
  if (!root.hasError) {
    return [];
  }
  const found = [];
  const visit = (node) => {
    if (node.isError || node.isMissing) {
      found.push(`${node.startPosition.row + 1}:${node.startPosition.column + 1} ${node.isMissing ? "missing " + node.type : "unexpected " + node.text.slice(0, 40)}`);
    } else if (node.hasError) {
      node.children.forEach(visit);
    }
  };
  visit(root);
  return found;
}

function parameter(node, decorators, root) {
  const name = node.namedChild(0).text;
  const uses = root.descendantsOfType("identifier").filter((id) => id.text === name && !isName(id) && !inside(id, node)).length;
  const hasDefault = node.children.some((child) => child.type === "=");
  return { name, description: description(decorators), isSecure: has(decorators, "secure"), isRequired: !hasDefault && !node.text.trimEnd().endsWith("?"), uses };
}

/** The key of a property is no use of a parameter that happens to have its name. */
function isName(id) {
  const parent = id.parent;
  return parent.type === "object_property" && parent.namedChild(0).equals(id) && parent.namedChildCount > 1;
}

function inside(node, outer) {
  return node.startIndex >= outer.startIndex && node.endIndex <= outer.endIndex;
}

function resource(node, parent, facts) {
  const [type, version] = stringOf(node.namedChildren.find((child) => child.type === "string")).split("@");
  const described = {
    symbol: node.namedChild(0).text,
    type: parent ? `${parent.type}/${type}` : type,
    version: version ?? parent?.version ?? null,
    isExisting: node.children.some((child) => child.type === "existing" || child.text === "existing"),
  };
  facts.resources.push(described);
  for (const nested of node.descendantsOfType("resource_declaration")) {
    if (nested.startIndex > node.startIndex) {
      resource(nested, described, facts);
    }
  }
  if (described.type === "Microsoft.Web/sites/config") {
    const values = node.descendantsOfType("object_property").find((property) => keyOf(property) === "properties");
    facts.settings = values.descendantsOfType("object_property").map(keyOf).filter((key) => key !== "properties");
  }
}

function moduleOf(node) {
  const params = node.descendantsOfType("object_property").find((property) => keyOf(property) === "params");
  const object = params?.namedChildren.find((child) => child.type === "object");
  return {
    symbol: node.namedChild(0).text,
    path: stringOf(node.namedChildren.find((child) => child.type === "string")),
    params: object ? object.namedChildren.filter((child) => child.type === "object_property").map(keyOf) : [],
  };
}

function keyOf(property) {
  const key = property.namedChild(0);
  return key.type === "string" ? stringOf(key) : key.text;
}

function stringOf(node) {
  return node.text.slice(1, -1);
}

function description(decorators) {
  const call = decorators?.descendantsOfType("call_expression").find((node) => node.namedChild(0).text === "description");
  return call ? stringOf(call.descendantsOfType("string")[0]) : null;
}

function has(decorators, name) {
  return decorators?.descendantsOfType("call_expression").some((node) => node.namedChild(0).text === name) ?? false;
}
