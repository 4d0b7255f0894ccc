//! Ends of words as numbers. Databases sort texts as their language demands, and each another way; numbers have one
//! order, and a number is smaller than the text.
//!
//! Twelve symbols of 37 fit into 63 bits: the end of a word, ten digits, 26 letters. What is neither shares the place of
//! one of these, which finds too much and never too little: who looks compares in full. The numbers are negative, so that
//! a walk from the largest down meets "ann" before "anna".

use std::collections::BTreeSet;

use super::folded::{folded, words};

/// Symbols of a number.
const LENGTH: usize = 12;
const SYMBOLS: i64 = 37;

/// What begins with the same symbols: numbers from `last` to `first`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The one that comes first in the list, which is the largest.
    pub(crate) first: i64,
    /// The smallest.
    pub(crate) last: i64,
}

impl Span {
    /// Everything that begins with this word.
    pub(super) fn of(word: &str) -> Self {
        let length = word.chars().take(LENGTH).count();
        let rest = SYMBOLS.pow(u32::try_from(LENGTH - length).unwrap_or(0)) - 1;
        let first = -number(word);
        Self { first, last: first - rest }
    }
}

/// The ends of all words of a name and of what stands before the `@`, and the words behind it as a whole: half of the
/// world has the same ones, and nobody looks for the end of one.
pub(crate) fn fragments(name: &str, email: &str) -> BTreeSet<i64> {
    let (name, email) = (folded(name), folded(email));
    let (local, domain) = email.split_once('@').unwrap_or((&email, ""));
    let ends = words(&name).chain(words(local)).flat_map(ends);
    ends.chain(words(domain)).map(|end| -number(end)).collect()
}

/// The word itself, and every end of it that somebody might look for: of two letters at least, where one letter is no
/// word.
fn ends(word: &str) -> impl Iterator<Item = &str> {
    let least = if word.is_ascii() { 2 } else { 1 };
    let letters = word.chars().count();
    word.char_indices()
        .enumerate()
        .filter(move |(place, _)| *place == 0 || letters - place >= least)
        .map(move |(_, (at, _))| &word[at..])
}

/// The first symbols of a word as a number; places behind its end are 0.
fn number(word: &str) -> i64 {
    let mut letters = word.chars();
    (0..LENGTH).fold(0, |number, _| number * SYMBOLS + letters.next().map_or(0, symbol))
}

/// 1 to 36.
fn symbol(letter: char) -> i64 {
    match letter {
        '0'..='9' => i64::from(u32::from(letter) - u32::from('0')) + 1,
        'a'..='z' => i64::from(u32::from(letter) - u32::from('a')) + 11,
        letter => i64::from(u32::from(letter) % 36) + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(sought: &str, name: &str, email: &str) -> bool {
        let Span { first, last } = Span::of(sought);
        fragments(name, email).range(last..=first).next().is_some()
    }

    #[test]
    fn every_part_of_a_word_is_the_beginning_of_an_end() {
        let (name, email) = ("Zoë Martínez", "zm2000@mail.example.com");
        for sought in
            ["zoe", "oe", "martinez", "artin", "nez", "ez", "m", "zm2000", "2000", "00", "mail", "exam", "com"]
        {
            assert!(finds(sought, name, email), "{sought}");
        }
        for nobody in ["zoes", "martina", "xample", "ail", "b", "3"] {
            assert!(!finds(nobody, name, email), "{nobody}");
        }
        assert!(finds("龍", "李小龍", "a@b.c") && finds("小龍", "李小龍", "a@b.c"), "one letter is a word there");
    }

    #[test]
    fn numbers_are_in_the_order_of_the_alphabet_from_the_largest_down() {
        let words = ["1", "9", "a", "an", "ann", "anna", "annab", "b", "zzzzzzzzzzzz"];
        assert!(words.map(number).is_sorted() && words.map(number).iter().all(|number| *number > 0));
        let ann = Span::of("ann");
        assert_eq!(ann.first, -number("ann"));
        assert!((ann.last..=ann.first).contains(&-number("annzzzzzzzzz")));
        assert!(!(ann.last..=ann.first).contains(&-number("ano")) && !(ann.last..=ann.first).contains(&-number("an")));
    }

    #[test]
    fn a_long_word_is_found_by_its_beginning_and_compared_in_full_elsewhere() {
        let long = "donaudampfschifffahrt";
        assert!(finds(long, long, "a@b.c") && finds("schifffahrt", long, "a@b.c"));
        assert_eq!(Span::of(long), Span::of(&long[..LENGTH]));
        assert_eq!(Span::of(long).first, Span::of(long).last);
    }
}
