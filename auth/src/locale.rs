//! The languages of Keywright and how one is chosen.

use serde::{Deserialize, Serialize};

/// A language that every page, mail and error exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English, also the answer when nothing fits.
    #[default]
    En,
    /// French.
    Fr,
}

impl Locale {
    /// Every language, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// The language's own name, which is never translated.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
        }
    }

    /// The language of a tag such as `fr` or `fr-CA`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.trim();
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(primary))
    }

    /// The best language of an `Accept-Language` header (RFC 9110, 12.5.4): highest weight first,
    /// the earlier of equals, English when none fits. Reads at most 20 entries.
    pub fn from_accept_language(header: &str) -> Self {
        let mut best: Option<(f32, Self)> = None;
        for entry in header.split(',').take(20) {
            let mut parts = entry.split(';');
            let Some(locale) = parts.next().and_then(Self::from_tag) else { continue };
            let weight =
                parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(highest, _)| weight > highest) {
                best = Some((weight, locale));
            }
        }
        best.map_or_else(Self::default, |(_, locale)| locale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weightiest_known_language_wins() {
        assert_eq!(Locale::from_accept_language("de, fr-CA;q=0.8, en;q=0.7"), Locale::Fr);
        assert_eq!(Locale::from_accept_language("en-GB,fr;q=0.9"), Locale::En);
        assert_eq!(Locale::from_accept_language("fr;q=0, de"), Locale::En);
        assert_eq!(Locale::from_accept_language(";;;=,q=fr"), Locale::En);
        assert_eq!(Locale::from_accept_language(""), Locale::En);
    }
}
