//! The small parts that pages are made of. Their looks are in `style/`, under the same names. What a
//! script takes over is in `island/`.

#[cfg(feature = "ssr")]
mod allowed;
#[cfg(feature = "ssr")]
mod avatar;
#[cfg(feature = "ssr")]
mod chart;
#[cfg(feature = "ssr")]
mod entry;
#[cfg(feature = "ssr")]
mod factor_due;
#[cfg(feature = "ssr")]
mod facts;
#[cfg(feature = "ssr")]
mod footer;
#[cfg(feature = "ssr")]
mod frame;
mod icon;
#[cfg(feature = "ssr")]
mod impersonation_banner;
#[cfg(feature = "ssr")]
mod in_textarea;
#[cfg(feature = "ssr")]
mod logo;
#[cfg(feature = "ssr")]
mod moment;
mod notice;
#[cfg(feature = "ssr")]
mod organization_shell;
#[cfg(feature = "ssr")]
mod paging;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod submit;
#[cfg(feature = "ssr")]
mod switcher;

#[cfg(feature = "ssr")]
pub use allowed::{Allowed, provide_allowed};
#[cfg(feature = "ssr")]
pub use avatar::Avatar;
#[cfg(feature = "ssr")]
pub use chart::{BarChart, LineChart, Mark, Numbers, Series, plain};
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
pub use impersonation_banner::ImpersonationBanner;
#[cfg(feature = "ssr")]
pub use in_textarea::in_textarea;
#[cfg(feature = "ssr")]
pub use logo::Logo;
#[cfg(feature = "ssr")]
pub use moment::{Moment, clock_words, moment_words, provide_zone, short_day_words};
pub use notice::{Notice, Tone};
#[cfg(feature = "ssr")]
pub use organization_shell::{OrganizationArea, OrganizationShell};
#[cfg(feature = "ssr")]
pub use paging::Paging;
#[cfg(feature = "ssr")]
pub use shell::{Area, Shell};
#[cfg(feature = "ssr")]
pub use submit::Submit;
