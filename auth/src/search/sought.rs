//! What somebody types to find an account.

use super::folded::{folded, words};
use super::fragment::Span;
use super::like::literal;

/// Words that are looked for at once; who types more finds nobody.
pub(crate) const MOST_TERMS: usize = 5;
/// Longest text that is looked at (RFC 5321, 4.5.3.1.3).
const MAX_LENGTH: usize = 254;

/// Texts that must all stand in the name or the address, and words along which the index is walked.
pub(crate) struct Sought {
    /// Patterns of `LIKE` with the escape `!`; `%` where fewer texts are sought.
    pub(crate) patterns: [String; MOST_TERMS],
    /// What begins with a word of them, the longest word first. Never empty.
    pub(crate) spans: Vec<Span>,
}

impl Sought {
    /// Reads what was typed; none for what no account can have.
    pub(crate) fn parse(raw: &str) -> Option<Self> {
        if raw.len() > MAX_LENGTH || raw.chars().any(char::is_control) {
            return None;
        }
        let folded = folded(raw);
        let terms: Vec<&str> = folded.split_whitespace().collect();
        if terms.len() > MOST_TERMS {
            return None;
        }
        let mut candidates: Vec<&str> = terms.iter().flat_map(|term| candidates(term)).collect();
        candidates.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let mut spans: Vec<Span> = Vec::new();
        for span in candidates.into_iter().map(Span::of) {
            if !spans.contains(&span) {
                spans.push(span);
            }
        }
        if spans.is_empty() {
            return None;
        }
        let pattern = |place: usize| terms.get(place).map_or_else(|| "%".to_owned(), |term| pattern(term));
        Some(Self { patterns: std::array::from_fn(pattern), spans })
    }

    /// The patterns that everybody fits.
    pub(crate) fn anybody() -> [String; MOST_TERMS] {
        std::array::from_fn(|_| "%".to_owned())
    }
}

/// Words of a text by which it can be found. Behind an `@` are those that many share: only without others. A first word
/// of one letter may be the end of a longer one, and ends of one letter are in no index.
fn candidates(term: &str) -> Vec<&str> {
    let local = term.split_once('@').map_or(term, |(local, _)| local);
    let part = if words(local).next().is_some() { local } else { term };
    let all: Vec<&str> = words(part).collect();
    let sure: Vec<&str> = all.iter().copied().filter(|word| word.chars().count() > 1).collect();
    if sure.is_empty() { all } else { sure }
}

/// The pattern of what contains this: each letter stands for itself.
fn pattern(term: &str) -> String {
    format!("%{}%", literal(term))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(raw: &str) -> Vec<String> {
        let sought = Sought::parse(raw).unwrap();
        sought.patterns.into_iter().filter(|pattern| pattern != "%").collect()
    }

    #[test]
    fn what_is_sought_stands_for_itself() {
        assert_eq!(patterns(" Zoë  Martin "), ["%zoe%", "%martin%"]);
        assert_eq!(patterns("100%_sure!"), ["%100!%!_sure!!%"]);
        assert_eq!(patterns("a b c d e").len(), MOST_TERMS);
        let long = "x".repeat(MAX_LENGTH + 1);
        for nobody in ["", " ", "%", "_", "!!", "a\0b", "a\nb", "a b c d e f", &*long] {
            assert!(Sought::parse(nobody).is_none(), "{nobody:.20?}");
        }
    }

    #[test]
    fn the_longest_word_leads_and_a_domain_only_alone() {
        let spans = |raw: &str| Sought::parse(raw).unwrap().spans;
        assert_eq!(spans("jo martin"), [Span::of("martin"), Span::of("jo")]);
        assert_eq!(spans("al@example.com"), [Span::of("al")]);
        assert_eq!(spans("@example.com"), [Span::of("example"), Span::of("com")]);
        assert_eq!(spans("o'neil"), [Span::of("neil")], "the o may be the end of something");
        assert_eq!(spans("x"), [Span::of("x")]);
    }
}
