//! The small parts that pages are made of. Their looks are in `style/`, under the same names. What a
//! script takes over is in `island/`.

#[cfg(feature = "ssr")]
mod avatar;
#[cfg(feature = "ssr")]
mod entry;
#[cfg(feature = "ssr")]
mod factor_due;
#[cfg(feature = "ssr")]
mod facts;
#[cfg(feature = "ssr")]
mod footer;
mod icon;
#[cfg(feature = "ssr")]
mod moment;
mod notice;
#[cfg(feature = "ssr")]
mod paging;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod submit;

#[cfg(feature = "ssr")]
pub use avatar::Avatar;
#[cfg(feature = "ssr")]
pub use entry::Entry;
#[cfg(feature = "ssr")]
pub use factor_due::FactorDue;
#[cfg(feature = "ssr")]
pub use facts::facts;
#[cfg(feature = "ssr")]
pub use footer::PageFoot;
pub use icon::Icon;
#[cfg(feature = "ssr")]
pub use moment::{Moment, clock_words, moment_words, provide_zone};
pub use notice::{Notice, Tone};
#[cfg(feature = "ssr")]
pub use paging::Paging;
#[cfg(feature = "ssr")]
pub use shell::{Area, Shell};
#[cfg(feature = "ssr")]
pub use submit::Submit;
