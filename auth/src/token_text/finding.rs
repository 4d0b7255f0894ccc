//! What is wrong with a token, or worth knowing about it. The sentences are in
//! `locales/page/token.*.yml`.

use super::Part;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// A kind of finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FindingKind {
            $($(#[$doc])* $name),+
        }

        impl FindingKind {
            /// Every kind, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name of the kind.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text),+
                }
            }
        }
    };
}

kinds! {
    /// Longer than is looked at.
    TooLong = "too_long",
    /// Other than three parts; the detail counts them.
    NotThreeParts = "not_three_parts",
    /// Five parts: an encrypted token (RFC 7516).
    Encrypted = "encrypted",
    /// A character that is no base64url; the detail is its place.
    BadCharacter = "bad_character",
    /// A length that no bytes encode to.
    BadLength = "bad_length",
    /// Bytes that are no UTF-8; the detail is the place of the first.
    NotUtf8 = "not_utf8",
    /// Text that is no JSON; the detail is the place.
    BadJson = "bad_json",
    /// JSON that is no object.
    NotObject = "not_object",
    /// Nested too deeply to be looked at.
    TooDeep = "too_deep",
    /// Characters `=` at the end, which a JWT never has.
    Padding = "padding",
    /// Characters `+` or `/` of the other alphabet.
    OtherAlphabet = "other_alphabet",
    /// Bits that mean nothing, so that another text says the same.
    SpareBits = "spare_bits",
    /// A name that stands twice; the detail is the name.
    Repeated = "repeated",
    /// No signature.
    NoSignature = "no_signature",
    /// No algorithm is named.
    NoAlg = "no_alg",
    /// The algorithm `none`, in any letter case.
    AlgNone = "alg_none",
    /// Nothing says what kind of token it is.
    NoTyp = "no_typ",
    /// A kind of token that is seldom seen; the detail is the kind.
    UnusualTyp = "unusual_typ",
    /// Something that a verifier must know or refuse.
    Critical = "critical",
    /// The header brings the key, or says where to fetch it; the detail is the name.
    KeyInHeader = "key_in_header",
    /// Compressed content.
    Compressed = "compressed",
    /// It never ends.
    NoExp = "no_exp",
    /// It has ended.
    Expired = "expired",
    /// It ends more than a day from now.
    FarAway = "far_away",
    /// Its time has not come.
    NotYet = "not_yet",
    /// It was issued in the future.
    IssuedLater = "issued_later",
    /// A time that is no plain number; the detail is the name.
    BadTime = "bad_time",
}

impl FindingKind {
    /// Whether it stands in the way of reading on.
    pub const fn is_fatal(self) -> bool {
        matches!(
            self,
            Self::TooLong
                | Self::NotThreeParts
                | Self::Encrypted
                | Self::BadCharacter
                | Self::BadLength
                | Self::NotUtf8
                | Self::BadJson
                | Self::NotObject
                | Self::TooDeep
        )
    }

    /// The key of its sentence, with places `part` and `detail`.
    pub fn key(self) -> String {
        format!("token.finding_{}", self.as_str())
    }
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Where.
    pub part: Part,
    /// A place counted from 1, a count, or a name; empty where nothing is to be added.
    pub detail: String,
}
