//! Long lists come in pages. A page ends with a cursor that names its last row, so that nothing is
//! shown twice or left out when rows arrive meanwhile, and no page costs more than the first.

use serde::{Deserialize, Serialize};

#[cfg(feature = "engine")]
mod place;

#[cfg(feature = "engine")]
pub(crate) use place::most_of_a_page;
#[cfg(feature = "engine")]
pub use place::{Place, rows_to_ask};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// Its rows, newest first.
    pub items: Vec<T>,
    /// Asks for the next page; none on the last.
    pub next: Option<Cursor>,
}

/// Where a list goes on: base64url text that only the server reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);
