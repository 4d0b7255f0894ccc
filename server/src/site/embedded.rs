//! The site that `bin/build` made, within the program. `cargo leptos` tells where it is when it compiles the server, which
//! comes after everything else, so its compressed copies are there as well.

use axum::body::Bytes;
use include_dir::{Dir, include_dir};

use super::packed::Packed;

/// The macro below reads the variable unseen; named here, cargo compiles this anew when it changes.
const _: &str = env!("LEPTOS_SITE_ROOT", "the feature `embedded` is for bin/build, which names the folder of the site");

static SITE: Dir<'static> = include_dir!("$LEPTOS_SITE_ROOT");

/// Every file of it.
pub(super) fn packed() -> Packed {
    let (mut files, mut folders) = (Packed::default(), vec![&SITE]);
    while let Some(folder) = folders.pop() {
        for file in folder.files() {
            files.add(&file.path().to_string_lossy(), Bytes::from_static(file.contents()));
        }
        folders.extend(folder.dirs());
    }
    files
}
