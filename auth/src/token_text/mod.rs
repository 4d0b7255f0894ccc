//! What a JSON Web Token says (RFC 7519), read without believing it: nothing here checks a signature,
//! and nothing here lets anybody in. The page that explains a sign-in and the decoder that runs in a
//! browser read with the same code, and explain with the same table.
//!
//! Written by hand, because a browser downloads it: it keeps the JSON as it stands and only finds the
//! names in it. What it cannot read it says, with the place.

mod base64url;
mod finding;
mod json;
mod known;
mod read;

pub use finding::{Finding, FindingKind};
pub use json::{Broken, Member, Object};
pub use known::{KNOWN, KnownName};
pub use read::{MAX_LENGTH, Part, TokenText, Unsigned};
