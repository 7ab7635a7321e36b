// Search on the device: the saved catalogue's own keys say which words are forms of one another (web/public/offline/catalogue.py).
"use strict";
const deviceSearch = (() => {
  const WEIGHTS = [8, 3, 1], OTHER_NAME = 0.5;
  const LETTERS = { ł: "l", đ: "d", ø: "o", ß: "ss", æ: "ae", œ: "oe", ı: "i", þ: "th", ð: "d" };
  const fold = (text) => text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").replace(/[łđøßæœıþð]/g, (letter) => LETTERS[letter]);
  const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+(?:['’.][\p{L}\p{N}]+)*/gu)?.map((word) => word.replace(/['’.]/g, "")) ?? [];

  function stemmer({ endings, ends, letters }) {
    return (word) => {
      if (word.length <= letters || !/^\p{L}+$/u.test(word)) return word;
      const ending = endings.find((one) => word.endsWith(one) && word.length - one.length >= letters);
      const stem = ending ? word.slice(0, -ending.length) : word;
      const [end, instead] = ends.find(([one]) => stem.endsWith(one) && stem.length > letters) ?? ["", ""];
      return end ? stem.slice(0, -end.length) + instead : stem;
    };
  }

  // A map from each key to the listings that have it, as [place in the list, weight].
  function postings(listings) {
    const found = new Map();
    listings.forEach((listing, place) => {
      listing.keys.forEach((keys, field) => {
        for (const key of keys) {
          const here = found.get(key) ?? [];
          if (here.at(-1)?.[0] !== place) here.push([place, WEIGHTS[field]]);
          found.set(key, here);
        }
      });
    });
    return found;
  }

  return class DeviceSearch {
    constructor(catalogue) {
      this.catalogue = catalogue;
      this.stem = stemmer(catalogue.stemming);
      this.byKey = postings(catalogue.listings);
      this.byWord = new Map(catalogue.words.map((word, at) => [word, catalogue.keys[at]]));
      this.byFirstKey = grouped(catalogue.alike.flatMap((concept) => concept.map((name) => ({ concept, name }))), ({ name }) => name[0]);
      this.byStem = grouped(catalogue.words, this.stem);
    }

    // The keys of a word: its own, else those of words with its stem, else those of words that begin with it.
    keysOf(word) {
      if (this.byWord.has(word)) return new Set(this.byWord.get(word));
      const alike = this.byStem.get(this.stem(word)) ?? (word.length > 2 ? this.catalogue.words.filter((one) => one.startsWith(word)) : []);
      return new Set(alike.flatMap((one) => this.byWord.get(one)));
    }

    // Listings that have every word, the best first; those with any of them where none has all. Filters are ids by name.
    find(text, filters, titleOf) {
      const { listings } = this.catalogue;
      const passes = (listing) => Object.entries(filters).every(([name, id]) => !id || [listing[name] ?? []].flat().includes(id));
      const words = [...new Set(wordsOf(text))];
      const named = (one, other) => titleOf(one).localeCompare(titleOf(other));
      if (!words.length) return listings.filter(passes).sort(named);
      const scores = new Map();
      for (const found of this.spansOf(words.map((word) => this.keysOf(word))).flatMap((span) => this.scoresOfParts(span))) {
        for (const [place, score] of found) {
          const [count, sum] = scores.get(place) ?? [0, 0];
          scores.set(place, [count + 1, sum + score]);
        }
      }
      const most = Math.max(0, ...[...scores.values()].map(([count]) => count));
      return [...scores]
        .filter(([place, [count]]) => count === most && passes(listings[place]))
        .sort(([a, [, one]], [b, [, other]]) => other - one || named(listings[a], listings[b]))
        .map(([place]) => listings[place]);
    }

    // The question in spans: the longest runs of words that name concepts, with these, and every other word alone.
    spansOf(words) {
      const spans = [];
      for (let start = 0; start < words.length; ) {
        const found = [...words[start]].flatMap((key) => this.byFirstKey.get(key) ?? [])
          .filter(({ name }) => name.length <= words.length - start && name.every((key, at) => words[start + at].has(key)));
        const length = Math.max(1, ...found.map(({ name }) => name.length));
        const concepts = new Set(found.filter(({ name }) => name.length === length).map(({ concept }) => concept));
        spans.push({ words: words.slice(start, start + length), names: [...concepts].flat() });
        start += length;
      }
      return spans;
    }

    // The scores of a span, or of each of its words alone where no listing has the whole.
    scoresOfParts(span) {
      const scores = this.scoresOfSpan(span);
      if (scores.size || span.words.length === 1) return [scores];
      return span.words.flatMap((word) => this.spansOf([word])).map((one) => this.scoresOfSpan(one));
    }

    // How well each listing has a span: all of its words, or all of another name of what it names.
    scoresOfSpan({ words, names }) {
      const best = this.scoresOfAll(words);
      for (const name of names) {
        for (const [place, score] of this.scoresOfAll(name.map((key) => [key]))) {
          best.set(place, Math.max(best.get(place) ?? 0, score * OTHER_NAME));
        }
      }
      return best;
    }

    // The listings that have each of these words; a word is its keys.
    scoresOfAll(words) {
      const [first, ...rest] = words.map((keys) => this.scoresOf(keys));
      return new Map([...first].filter(([place]) => rest.every((one) => one.has(place)))
        .map(([place, score]) => [place, rest.reduce((sum, one) => sum + one.get(place), score)]));
    }

    // How well each listing has a word: rare keys and those of titles count more.
    scoresOf(keys) {
      const best = new Map();
      for (const key of keys) {
        const found = this.byKey.get(key) ?? [];
        const rarity = Math.log(1 + this.catalogue.listings.length / (1 + found.length));
        for (const [place, weight] of found) best.set(place, Math.max(best.get(place) ?? 0, weight * rarity));
      }
      return best;
    }
  };

  function grouped(items, name) {
    const groups = new Map();
    for (const item of items) {
      const here = groups.get(name(item));
      if (here) here.push(item);
      else groups.set(name(item), [item]);
    }
    return groups;
  }
})();
