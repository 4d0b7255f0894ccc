// Reads the tokens the way a browser would and computes what a reader sees:
// every text on every ground it may stand on, in both themes, with and without
// the wish for more contrast. No browser, no dependency: node --test end2end/style/
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../style/', import.meta.url);
const strip = (css) => css.replace(/\/\*[\s\S]*?\*\//g, '');
const files = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.css'))
    .map((name) => [name, strip(readFileSync(new URL(name, folder), 'utf8'))]),
);

// --- Reading the tokens -----------------------------------------------------

/** The declarations `--name: value` of the first `:root` rule in `css`. */
function rootTokens(css) {
  const body = /:root\s*\{([^}]*)\}/.exec(css)?.[1] ?? '';
  return Object.fromEntries([...body.matchAll(/--([\w-]+)\s*:\s*([^;]+);/g)].map((m) => [m[1], m[2].trim()]));
}

const plain = rootTokens(files['tokens.css']);
const more = { ...plain, ...rootTokens(files['tokens.css'].split(/prefers-contrast:\s*more\)/)[1] ?? '') };

/** Splits at commas that stand outside of brackets. */
function parts(text) {
  const out = [''];
  let depth = 0;
  for (const c of text) {
    if (c === '(') depth += 1;
    if (c === ')') depth -= 1;
    if (c === ',' && depth === 0) out.push('');
    else out[out.length - 1] += c;
  }
  return out.map((part) => part.trim());
}

/** Replaces every `name(…)`, innermost brackets respected, by `change(inside)`. */
function replaceCall(text, name, change) {
  let out = text;
  for (let at = out.indexOf(`${name}(`); at >= 0; at = out.indexOf(`${name}(`)) {
    let end = at + name.length + 1;
    for (let depth = 1; depth > 0; end += 1) {
      assert.ok(end < out.length, `unbalanced brackets in ${text}`);
      if (out[end] === '(') depth += 1;
      if (out[end] === ')') depth -= 1;
    }
    out = out.slice(0, at) + change(out.slice(at + name.length + 1, end - 1)) + out.slice(end);
  }
  return out;
}

function resolve(role, tokens, theme, seen = []) {
  assert.ok(!seen.includes(role), `--${role} refers to itself`);
  assert.ok(role in tokens, `--${role} is not defined in tokens.css`);
  const opened = replaceCall(tokens[role], 'light-dark', (inside) => parts(inside)[theme === 'light' ? 0 : 1]);
  return replaceCall(opened, 'var', (inside) => resolve(parts(inside)[0].slice(2), tokens, theme, [...seen, role])).trim();
}

// --- OKLCH to linear sRGB to WCAG 2 contrast ---------------------------------

function linearRgb(colour) {
  const m = /^oklch\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\)$/.exec(colour);
  assert.ok(m, `cannot read the colour "${colour}": write an opaque oklch(L C H)`);
  const [lightness, chroma, hue] = [Number(m[1]), Number(m[2]), (Number(m[3]) * Math.PI) / 180];
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const n = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * n + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * n - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * n + 1.707614701 * s,
  ];
}

const luminance = (rgb) => {
  const [r, g, b] = rgb.map((c) => Math.min(1, Math.max(0, c)));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

function contrast(one, other) {
  const [high, low] = [luminance(linearRgb(one)), luminance(linearRgb(other))].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

// --- What stands on what ------------------------------------------------------

const grounds = ['surface', 'raised', 'sunken', 'field'];
const soft = ['accent-soft', 'danger-soft', 'ok-soft', 'warn-soft'];

/** [foreground, grounds, least ratio] */
const pairs = [
  ['text', [...grounds, ...soft], 4.5],
  ['muted', [...grounds, ...soft], 4.5],
  ['link', [...grounds, ...soft], 4.5],
  ['danger', [...grounds, 'danger-soft'], 4.5],
  ['ok', [...grounds, 'ok-soft'], 4.5],
  ['warn', [...grounds, 'warn-soft'], 4.5],
  ['accent-text', ['accent', 'accent-hover'], 4.5],
  ['danger-text', ['danger-fill'], 4.5],
  // Not text: edges of what can be operated, and the ring of focus.
  ['line-strong', ['surface', 'raised', 'field'], 3],
  ['focus', [...grounds, ...soft], 3],
  ['accent', ['surface', 'raised'], 3],
];

for (const [wish, tokens] of [['usual contrast', plain], ['more contrast', more]]) {
  for (const theme of ['light', 'dark']) {
    test(`${theme}, ${wish}: every pair can be read`, () => {
      const failures = [];
      for (const [front, backs, least] of pairs) {
        for (const back of backs) {
          const ratio = contrast(resolve(front, tokens, theme), resolve(back, tokens, theme));
          if (ratio < least) failures.push(`--${front} on --${back}: ${ratio.toFixed(2)}, needs ${least}`);
        }
      }
      assert.deepEqual(failures, []);
    });

    test(`${theme}, ${wish}: every colour can be shown on every screen`, () => {
      // Outside of sRGB each browser clips in its own way, and the ratios above
      // would be a guess.
      const failures = Object.keys(tokens)
        .filter((role) => /oklch/.test(tokens[role]) && !/\/|shadow/.test(tokens[role]))
        .filter((role) => linearRgb(resolve(role, tokens, theme)).some((c) => c < -0.0015 || c > 1.0015))
        .map((role) => `--${role} is outside of sRGB`);
      assert.deepEqual(failures, []);
    });
  }
}

// --- The other files keep to the tokens ---------------------------------------

const others = Object.entries(files).filter(([name]) => name !== 'tokens.css');

test('every role in use is defined', () => {
  const failures = [];
  for (const [name, css] of Object.entries(files)) {
    // A name beginning with _ is local to its part and declared beside its use.
    const local = new Set([...css.matchAll(/--(_[\w-]+)\s*:/g)].map((m) => m[1]));
    for (const [, role] of css.matchAll(/var\(\s*--([\w-]+)/g)) {
      if (!(role in plain) && !local.has(role)) failures.push(`${name}: --${role}`);
    }
  }
  assert.deepEqual([...new Set(failures)], []);
});

test('every role is in use', () => {
  const all = Object.values(files).join('\n');
  const scale = /^(space|size|radius|shadow)-/; // a scale stays whole
  const idle = Object.keys(plain).filter((role) => !scale.test(role) && !all.includes(`var(--${role})`));
  assert.deepEqual(idle, []);
});

test('colours are written in tokens.css only', () => {
  const failures = [];
  for (const [name, css] of others) {
    // Black and its absence within a mask are shapes, not colours.
    const text = css.replace(/mask:[^;]*;/g, '');
    for (const [, colour] of text.matchAll(/[:\s,(](#[\da-f]{3,8}\b|(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\([^)]*\))/gi)) {
      failures.push(`${name}: ${colour}`);
    }
  }
  assert.deepEqual(failures, []);
});

test('a rule that sets words and ground uses a pair that is checked above', () => {
  const known = new Set(pairs.flatMap(([front, backs]) => backs.map((back) => `${front} on ${back}`)));
  const failures = [];
  for (const [name, css] of others) {
    // Declarations between two braces belong to one rule, nested or not.
    for (const block of css.split(/[{}]/)) {
      const front = /(?:^|[;\s])color:\s*var\(--([a-z][\w-]*)\)/.exec(block)?.[1];
      const back = /(?:^|[;\s])background(?:-color)?:\s*var\(--([a-z][\w-]*)\)/.exec(block)?.[1];
      if (front && back && !known.has(`${front} on ${back}`)) failures.push(`${name}: --${front} on --${back}`);
    }
  }
  assert.deepEqual(failures, []);
});
