/**
 * Reads YAML 1.2 text and remembers where everything stands. Only plain YAML is taken: string keys, each once in its
 * section, no tags, few aliases. The library's own messages quote the text, which may be a prompt; ours do not.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Pair, YAMLError } from 'yaml';
import type { ConfigPath } from './problem-list';
import { quoteKey } from './quote-key';

/** More copies of anchored nodes than this are an attack or a mistake. */
const MAX_ALIAS_COUNT = 50;

/** A problem of the YAML itself. */
export interface YamlProblem {
  path: ConfigPath;
  line: number;
  message: string;
}

/** A YAML text as values, with the places they come from. */
export interface YamlConfig {
  /** null = the text has no content, or none that can be trusted. */
  values: unknown;
  problems: YamlProblem[];
  /** Whether the values mean what the writer meant in spite of the problems. */
  isReadable: boolean;
  /** 1-based line of a path, else of its nearest section; null = neither is there. */
  lineOf(path: ConfigPath): number | null;
  /** A bare scalar as written, such as `1.10`; null = no such scalar. */
  sourceOf(path: ConfigPath): string | null;
}

/** Never throws: what is wrong with the text is in `problems`. */
export function parseYaml(text: string): YamlConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    stringKeys: true,
    uniqueKeys: true,
    resolveKnownTags: false,
  });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const faults = [...document.errors, ...document.warnings];
  const problems = faults.map((fault) => describeFault(document, fault, lineAt(fault.pos[0])));
  const values = toValues(document);
  if (values === ALIASES_FAIL) {
    problems.push({
      path: [],
      line: 1,
      message: 'an alias (*name) has no anchor (&name) before it, or aliases multiply without bound',
    });
  }
  return {
    values: values === ALIASES_FAIL ? null : values,
    problems: problems.filter((problem, index) => isFirstOfLine(problems, problem, index)),
    isReadable: values !== ALIASES_FAIL && faults.every(({ code }) => HARMLESS.has(code)),
    lineOf: (path) => {
      const { offset } = locate(document, path);
      return offset === null ? null : lineAt(offset);
    },
    sourceOf: (path) => {
      const { node, isExact } = locate(document, path);
      return isExact && isScalar(node) ? (node.source ?? null) : null;
    },
  };
}

/** Faults that leave the values around them as they were meant. */
const HARMLESS: ReadonlySet<string> = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED']);
const ALIASES_FAIL = Symbol('aliases fail');

const MESSAGES: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias (*name) is not written as YAML wants it. Text that begins with * or & needs quotes',
  BAD_DQ_ESCAPE: 'this backslash means nothing between double quotes. Double it, or use single quotes',
  BAD_INDENT: 'the indentation does not fit what stands above',
  BAD_SCALAR_START: 'text that begins with this character needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " in one line. Put quotes around a text that holds ": "',
  MISSING_CHAR: 'something is missing here: a closing quote, a bracket, a comma, or the ":" after a key',
  MULTILINE_IMPLICIT_KEY: 'a line here is neither "key: value" nor indented as part of the text above',
  MULTIPLE_DOCS: 'a second document begins here ("---"). A config file holds one experiment',
  NON_STRING_KEY: 'a key must be a plain name',
  RESOURCE_EXHAUSTION: 'the nesting is too deep',
  TAB_AS_INDENT: 'a tab is used for indentation. YAML takes spaces only',
  TAG_RESOLVE_FAILED: 'tags (words that begin with "!") are not taken. Remove it',
  UNEXPECTED_TOKEN: 'YAML does not expect what stands here. Look for missing quotes or wrong indentation',
};

function describeFault(document: Document, fault: YAMLError, line: number): YamlProblem {
  if (fault.code !== 'DUPLICATE_KEY') {
    return { path: [], line, message: MESSAGES[fault.code] ?? 'this is not valid YAML' };
  }
  const path = pathOfKeyAt(document, fault.pos[0]);
  return { path, line, message: 'this key stands twice in its section. Remove one of them' };
}

/** One mistake often brings several faults in its line; the first says it. */
function isFirstOfLine(problems: readonly YamlProblem[], { line }: YamlProblem, index: number): boolean {
  return problems.findIndex((other) => other.line === line) === index;
}

function toValues(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIAS_COUNT }) as unknown;
  } catch {
    return ALIASES_FAIL;
  }
}

function pathOfKeyAt(document: Document, offset: number): ConfigPath {
  let found: string[] = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isScalar(pair.key) || pair.key.range?.[0] !== offset) return undefined;
      const pairs = [...ancestors.filter((each): each is Pair => 'key' in each), pair];
      found = pairs.map(({ key }) => (isScalar(key) ? quoteKey(String(key.value)) : '?'));
      return visit.BREAK;
    },
  });
  return found;
}

/** Follows a path as far as the document goes; `offset` is where the last key found begins. */
function locate(
  document: Document,
  path: ConfigPath,
): { node: unknown; offset: number | null; isExact: boolean } {
  let node: unknown = document.contents;
  let offset: number | null = null;
  for (const segment of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.findLast(({ key }) => isScalar(key) && key.value === segment);
      if (!isScalar(pair?.key)) return { node, offset, isExact: false };
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof segment === 'number' && segment in node.items) {
      node = node.items[segment];
      if (isScalar(node)) offset = node.range?.[0] ?? offset;
    } else {
      return { node, offset, isExact: false };
    }
  }
  return { node: isAlias(node) ? node.resolve(document) : node, offset, isExact: true };
}
