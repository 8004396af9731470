// Writes the Unicode tables the tokenizers need: `npm install && node generate.mjs ../../src/SglNative.Tokenizers/Unicode/unicode.bin`.
//
// The reference library mixes Unicode versions, and rare characters tokenise differently when a table is newer or older than its:
// regexes 16.0 (Oniguruma and regex-syntax), numerals and lower case 17.0 (Rust's standard library), normalisation, marks and
// scripts 9.0, BERT's categories 8.0. Decompositions and combining classes never change once assigned, so newer sources restricted
// to what 9.0 assigns give 9.0's tables. Needs Node with full ICU (String.prototype.normalize) and perl (combining classes).
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';

const MAX = 0x110000;
const isScalar = c => c < 0xd800 || c > 0xdfff;
const load = async (version, path) => (await import(`@unicode/unicode-${version}/${path}/code-points.mjs`)).default;
const names = (version, property) => {
  const index = createRequire(import.meta.url).resolve(`@unicode/unicode-${version}/package.json`);
  return readdirSync(join(dirname(index), property)).filter(n => !n.includes('.'));
};
const setOf = async (version, ...paths) => {
  const set = new Set();
  for (const path of paths) for (const c of await load(version, path)) if (isScalar(c)) set.add(c);
  return set;
};

class Writer {
  bytes = [];
  byte(b) { this.bytes.push(b); }
  varint(n) { while (n >= 0x80) { this.byte((n & 0x7f) | 0x80); n >>>= 7; } this.byte(n); }
  text(s) { const b = Buffer.from(s, 'utf8'); this.varint(b.length); for (const x of b) this.byte(x); }
}

const sections = [];
const section = (name, fill) => { const w = new Writer(); fill(w); sections.push([name, w.bytes]); };

// Ascending ranges as (gap since the last end, length - 1).
const writeSet = (name, set) => section(name, w => {
  const ranges = [];
  for (let c = 0; c < MAX; c++) {
    if (!set.has(c)) continue;
    let end = c;
    while (set.has(end + 1)) end++;
    ranges.push([c, end]);
    c = end;
  }
  w.varint(ranges.length);
  let last = 0;
  for (const [a, b] of ranges) { w.varint(a - last); w.varint(b - a); last = b + 1; }
});

// Names, then runs of (length, index of the name + 1, or 0 for none) that cover all code points.
const writeEnumeration = (name, labels, valueOf) => section(name, w => {
  w.varint(labels.length);
  for (const l of labels) w.text(l);
  const runs = [];
  for (let c = 0; c < MAX; c++) {
    const v = valueOf(c);
    if (runs.length && runs.at(-1)[1] === v) runs.at(-1)[0]++; else runs.push([1, v]);
  }
  w.varint(runs.length);
  for (const [n, v] of runs) { w.varint(n); w.varint(v); }
});

// (gap since the last key, number of targets, targets).
const writeMap = (name, entries) => section(name, w => {
  entries.sort((a, b) => a[0] - b[0]);
  w.varint(entries.length);
  let last = 0;
  for (const [c, targets] of entries) {
    w.varint(c - last); w.varint(targets.length);
    for (const t of targets) w.varint(t);
    last = c;
  }
});

const enumeration = async (name, version, property, labels, rename = l => l) => {
  const value = new Uint8Array(MAX);
  for (const [i, label] of labels.entries()) for (const c of await load(version, `${property}/${label}`)) value[c] = i + 1;
  writeEnumeration(name, labels.map(rename), c => value[c]);
};

const categories = {
  Uppercase_Letter: 'Lu', Lowercase_Letter: 'Ll', Titlecase_Letter: 'Lt', Modifier_Letter: 'Lm', Other_Letter: 'Lo',
  Nonspacing_Mark: 'Mn', Spacing_Mark: 'Mc', Enclosing_Mark: 'Me', Decimal_Number: 'Nd', Letter_Number: 'Nl', Other_Number: 'No',
  Connector_Punctuation: 'Pc', Dash_Punctuation: 'Pd', Open_Punctuation: 'Ps', Close_Punctuation: 'Pe', Initial_Punctuation: 'Pi',
  Final_Punctuation: 'Pf', Other_Punctuation: 'Po', Math_Symbol: 'Sm', Currency_Symbol: 'Sc', Modifier_Symbol: 'Sk', Other_Symbol: 'So',
  Space_Separator: 'Zs', Line_Separator: 'Zl', Paragraph_Separator: 'Zp', Control: 'Cc', Format: 'Cf', Surrogate: 'Cs', Private_Use: 'Co',
};
await enumeration('category16', '16.0.0', 'General_Category', Object.keys(categories), l => categories[l]);
await enumeration('script16', '16.0.0', 'Script', names('16.0.0', 'Script').filter(n => n !== 'Unknown'));
await enumeration('script9', '9.0.0', 'Script', names('9.0.0', 'Script').filter(n => n !== 'Unknown'));
for (const p of ['Alphabetic', 'Lowercase', 'Uppercase', 'White_Space', 'Join_Control', 'Emoji', 'Emoji_Presentation', 'Emoji_Modifier',
  'Emoji_Modifier_Base', 'Emoji_Component', 'Extended_Pictographic', 'Ideographic', 'Unified_Ideograph', 'ID_Start', 'ID_Continue',
  'XID_Start', 'XID_Continue', 'Math', 'Dash', 'Hex_Digit', 'Diacritic', 'Extender', 'Quotation_Mark', 'Default_Ignorable_Code_Point',
  'Variation_Selector', 'Cased', 'Case_Ignorable', 'Radical', 'Terminal_Punctuation', 'Sentence_Terminal', 'Regional_Indicator'])
  writeSet(`binary16:${p}`, await setOf('16.0.0', `Binary_Property/${p}`));

writeSet('numeric17', await setOf('17.0.0', 'General_Category/Number'));
writeSet('punctuation8', await setOf('8.0.0', 'General_Category/Punctuation'));
writeSet('other8', await setOf('8.0.0', 'General_Category/Control', 'General_Category/Format', 'General_Category/Private_Use'));
writeSet('nonspacing8', await setOf('8.0.0', 'General_Category/Nonspacing_Mark'));
writeSet('mark9', await setOf('9.0.0', 'General_Category/Mark'));
await enumeration('grapheme17', '17.0.0', 'Grapheme_Cluster_Break', names('17.0.0', 'Grapheme_Cluster_Break').filter(n => n !== 'Other'));
writeSet('pictographic17', await setOf('17.0.0', 'Binary_Property/Extended_Pictographic'));

const points = s => [...s].map(x => x.codePointAt(0));
const lower = [];
for (let c = 0; c < MAX; c++) {
  if (!isScalar(c)) continue;
  const s = String.fromCodePoint(c), l = s.toLowerCase();
  if (l !== s) lower.push([c, points(l)]);
}
writeMap('lower17', lower);

const folds = new Map();
for (const kind of ['C', 'S']) for (const [c, t] of await load('16.0.0', `Case_Folding/${kind}`)) folds.set(c, [].concat(t));
writeMap('fold16', [...folds]);

const unassigned = await setOf('9.0.0', 'General_Category/Unassigned');
const canonical = [], compatible = [], composed = [];
for (let c = 0; c < MAX; c++) {
  if (!isScalar(c) || unassigned.has(c) || (c >= 0xac00 && c <= 0xd7a3)) continue;
  const s = String.fromCodePoint(c), nfd = s.normalize('NFD'), nfkd = s.normalize('NFKD');
  if (nfd !== s) canonical.push([c, points(nfd)]);
  if (nfkd !== nfd) compatible.push([c, points(nfkd)]);
  if (nfd !== s && s.normalize('NFC') === s) {
    const parts = points(nfd), first = points(String.fromCodePoint(...parts.slice(0, -1)).normalize('NFC'));
    if (first.length !== 1) throw new Error(`no primary composite: ${c.toString(16)}`);
    composed.push([c, [first[0], parts.at(-1)]]);
  }
}
writeMap('canonical9', canonical);
writeMap('compatible9', compatible);
writeMap('composed9', composed);

const perl = 'use Unicode::UCD "prop_invmap"; my ($l, $m, $f, $d) = prop_invmap("ccc"); '
  + 'use Unicode::UCD "prop_value_aliases"; for my $i (0..$#$l) { my $v = $m->[$i]; my @a = prop_value_aliases("ccc", $v); '
  + 'my ($n) = grep { /^[0-9]+$/ } (@a, $v); $n = 0 unless defined $n; print $l->[$i], " ", $n, "\\n"; }';
const starts = execFileSync('perl', ['-e', perl], { encoding: 'utf8' }).trim().split('\n').map(l => l.split(' ').map(Number));
const combining = new Uint8Array(MAX);
starts.forEach(([from, value], i) => { if (value) combining.fill(value, from, starts[i + 1]?.[0] ?? MAX); });
const order = [];
for (let c = 0; c < MAX; c++) if (combining[c] && !unassigned.has(c)) order.push([c, [combining[c]]]);
writeMap('combining9', order);

const out = new Writer();
out.varint(sections.length);
for (const [name, bytes] of sections) { out.text(name); out.varint(bytes.length); for (const b of bytes) out.byte(b); }
const packed = deflateSync(Buffer.from(out.bytes), { level: 9 });
writeFileSync(process.argv[2], packed);
console.log(`${sections.length} tables, ${out.bytes.length} bytes, ${packed.length} packed; ${order.length} combining, ${composed.length} composed`);
