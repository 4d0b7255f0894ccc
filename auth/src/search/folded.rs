//! Text as it is compared: in small letters and without accents, so that "Zoe" finds "Zoë".

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in plain small letters; blanks of all kinds are one kind. Unicode takes accents off (UAX #15, NFKD); letters
/// that it knows as letters of their own have plain ones here.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ð' | 'đ' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            letter if letter.is_whitespace() => folded.push(' '),
            letter => folded.push(letter),
        }
    }
    folded
}

/// The words of folded text: what stands between blanks and punctuation.
pub(super) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_difference() {
        for (text, plain) in [
            ("Zoë MARTÍNEZ", "zoe martinez"),
            ("Łukasz Ørsted", "lukasz orsted"),
            ("Straße", "strasse"),
            ("İstanbul", "istanbul"),
            ("ﬁn\u{a0}de", "fin de"),
            ("Ольга", "ольга"),
            ("李小龍", "李小龍"),
        ] {
            assert_eq!(folded(text), plain);
        }
    }

    #[test]
    fn words_are_what_stands_between_punctuation() {
        assert_eq!(words("o'neil, anne-marie_2 ").collect::<Vec<_>>(), ["o", "neil", "anne", "marie", "2"]);
        assert_eq!(words("%_!").count(), 0);
    }
}
