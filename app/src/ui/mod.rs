//! The small parts that pages are made of. Their looks are in `style/`, under the same names. What a
//! script takes over is in `island/`.

#[cfg(feature = "ssr")]
mod entry;
#[cfg(feature = "ssr")]
mod footer;
mod icon;
mod notice;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod submit;

#[cfg(feature = "ssr")]
pub use entry::Entry;
#[cfg(feature = "ssr")]
pub use footer::PageFoot;
pub use icon::Icon;
pub use notice::{Notice, Tone};
#[cfg(feature = "ssr")]
pub use shell::Shell;
#[cfg(feature = "ssr")]
pub use submit::Submit;
