//! Finding accounts by part of a name or address among a million of them.
//!
//! A database finds the beginning of a text along an index, and nothing within it. So the end of each word is kept as
//! well: "tin" in "Martin" is the beginning of the end "tin". What an index finds is compared in full afterwards.

mod folded;
mod fragment;
mod like;
mod sought;

pub(crate) use folded::folded;
pub(crate) use fragment::{Span, fragments};
pub(crate) use like::{beginning, literal};
pub(crate) use sought::{MOST_TERMS, Sought};
