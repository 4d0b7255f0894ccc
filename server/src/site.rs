//! Where the files of the pages are, what they are called, and what is in them.

use app::site_files::{SiteFile, SiteFiles};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use leptos::config::{Env, LeptosOptions};
use sha2::{Digest, Sha384};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(feature = "embedded")]
mod embedded;
mod packed;
mod place;

pub use packed::Packed;
pub use place::Place;

use crate::settings::{Mode, Settings};

const NAME: &str = "keywright";
/// The folder of what has a hash in its name.
const PACKAGE: &str = "pkg";

/// What pages load.
#[derive(Clone, Default)]
pub struct Site {
    /// How they name it.
    pub files: SiteFiles,
    /// Where it is.
    pub place: Place,
}

/// The files, as the router and the pages need them: those of the setting, else those within the program, else those that
/// were built beside it.
///
/// # Errors
/// When the program cannot tell where it is itself, or a file cannot be read.
pub fn site(settings: &Settings) -> anyhow::Result<(LeptosOptions, Site)> {
    match packed().filter(|_| settings.site.is_none()) {
        Some(packed) => of_program(settings, packed),
        None => of_folder(settings),
    }
}

/// What was built into the program.
#[cfg(feature = "embedded")]
fn packed() -> Option<Packed> {
    Some(embedded::packed())
}

/// Nothing was built into the program.
#[cfg(not(feature = "embedded"))]
fn packed() -> Option<Packed> {
    None
}

/// The site within the program. Its files say by themselves what their hashes are.
///
/// # Errors
/// Never in practice.
pub fn of_program(settings: &Settings, packed: Packed) -> anyhow::Result<(LeptosOptions, Site)> {
    let hashes = hashes(packed.names());
    prepared(settings, Place::Program(Arc::new(packed)), hashes.as_deref(), false)
}

fn of_folder(settings: &Settings) -> anyhow::Result<(LeptosOptions, Site)> {
    let beside = std::env::current_exe()?.parent().map(PathBuf::from).unwrap_or_default();
    let watched = root_of_cargo_leptos();
    let near_site = settings.site.as_deref().and_then(Path::parent);
    let hashes = [Some(beside.as_path()), near_site]
        .into_iter()
        .flatten()
        .find_map(|folder| std::fs::read_to_string(folder.join("hash.txt")).ok());
    let is_watched = watched.is_some() && settings.site.is_none();
    let root = settings.site.clone().or(watched).unwrap_or_else(|| {
        let near = beside.join("site");
        if near.is_dir() { near } else { "target/site".into() }
    });
    prepared(settings, Place::folder(&root), hashes.as_deref(), is_watched)
}

fn prepared(
    settings: &Settings,
    place: Place,
    hashes: Option<&str>,
    is_watched: bool,
) -> anyhow::Result<(LeptosOptions, Site)> {
    let options = LeptosOptions::builder()
        .output_name(NAME)
        .site_pkg_dir(PACKAGE)
        .site_addr(settings.listen)
        .env(if settings.mode == Mode::Development { Env::DEV } else { Env::PROD })
        .hash_files(hashes.is_some())
        .build();
    tracing::debug!(site = %place, hashed = options.hash_files, "the pages' files");
    let mut files = named(&place, hashes);
    if is_lasting(settings.mode, is_watched, hashes.is_some()) {
        for file in [&mut files.style, &mut files.script, &mut files.module] {
            file.integrity = place.read(&file.path)?.map(|bytes| integrity(&bytes).into());
        }
    }
    if !options.hash_files && !place.has(&files.script.path) {
        let script = &*files.script.path;
        tracing::warn!(script, "no scripts there: pages work by forms alone; is hash.txt beside the program?");
    }
    Ok((options, Site { files, place }))
}

/// Whether the files stay what they are as long as the program runs. What is watched by a developer's tool is built anew
/// meanwhile, and under a name without a hash the next version is another file.
fn is_lasting(mode: Mode, is_watched: bool, is_hashed: bool) -> bool {
    is_hashed && !(is_watched && mode == Mode::Development)
}

/// The files by their names, without what is in them. `hashes` has a line for each that carries a hash in its name.
fn named(place: &Place, hashes: Option<&str>) -> SiteFiles {
    let hash_of = |kind: &str| {
        hashes?.lines().find_map(|line| Some(line.strip_prefix(kind)?.strip_prefix(':')?.trim().to_owned()))
    };
    let file = |kind: &str| {
        let path = match hash_of(kind) {
            Some(hash) => format!("/{PACKAGE}/{NAME}.{hash}.{kind}"),
            None => format!("/{PACKAGE}/{NAME}.{kind}"),
        };
        SiteFile { path: path.into(), integrity: None }
    };
    let mut files = SiteFiles { style: file("css"), script: file("js"), module: file("wasm") };
    // As wasm-bindgen calls it where nobody renames it.
    let original = format!("/{PACKAGE}/{NAME}_bg.wasm");
    if !place.has(&files.module.path) && place.has(&original) {
        files.module.path = original.into();
    }
    files
}

/// What `hash.txt` would say of files with these names; nothing where none has a hash.
fn hashes<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let lines: String = names
        .filter_map(|name| {
            let (hash, kind) = name
                .strip_prefix(PACKAGE)?
                .strip_prefix('/')?
                .strip_prefix(NAME)?
                .strip_prefix('.')?
                .split_once('.')?;
            ["css", "js", "wasm"].contains(&kind).then(|| format!("{kind}: {hash}\n"))
        })
        .collect();
    (!lines.is_empty()).then_some(lines)
}

/// What a browser compares a file with (Subresource Integrity, 3.1).
fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

/// What `cargo leptos` tells the program it starts.
#[expect(clippy::disallowed_methods, reason = "not a setting of ours: cargo-leptos says where it built")]
fn root_of_cargo_leptos() -> Option<PathBuf> {
    std::env::var("LEPTOS_SITE_ROOT").ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;

    #[test]
    fn files_are_called_as_they_were_built() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::folder(folder.path());
        let files = named(&place, Some("js: AbC\nwasm: dEf\ncss: g-H_1\n"));
        assert_eq!(&*files.style.path, "/pkg/keywright.g-H_1.css");
        assert_eq!(&*files.script.path, "/pkg/keywright.AbC.js");
        assert_eq!(&*files.module.path, "/pkg/keywright.dEf.wasm");
        assert_eq!(&*named(&place, None).module.path, "/pkg/keywright.wasm");
        std::fs::create_dir(folder.path().join("pkg")).unwrap();
        std::fs::write(folder.path().join("pkg/keywright_bg.wasm"), "").unwrap();
        assert_eq!(&*named(&place, None).module.path, "/pkg/keywright_bg.wasm");
    }

    #[test]
    fn what_is_within_the_program_says_its_hashes_by_its_names() {
        let names = [
            "favicon.svg",
            "pkg/keywright.g-H_1.css",
            "pkg/keywright.g-H_1.css.br",
            "pkg/keywright.AbC.js",
            "pkg/keywright.d.xYz.ts",
            "pkg/keywright.dEf.wasm",
            "pkg/keywright_bg.wasm.d.uVw.ts",
            "pkg/other.aBc.js",
        ];
        assert_eq!(hashes(names.into_iter()).as_deref(), Some("css: g-H_1\njs: AbC\nwasm: dEf\n"));
        assert_eq!(hashes(["pkg/keywright.js", "pkg/keywright.css"].into_iter()), None);
    }

    #[test]
    fn only_files_that_stay_what_they_are_have_a_digest() {
        for (mode, is_watched, is_hashed, lasts) in [
            (Mode::Production, false, true, true),
            // Somebody else's variable switches nothing off.
            (Mode::Production, true, true, true),
            (Mode::Development, false, true, true),
            (Mode::Development, true, true, false),
            (Mode::Production, false, false, false),
            (Mode::Development, false, false, false),
        ] {
            assert_eq!(is_lasting(mode, is_watched, is_hashed), lasts, "{mode:?} {is_watched} {is_hashed}");
        }
    }

    #[test]
    fn a_digest_is_that_of_the_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::folder(folder.path());
        assert_eq!(place.read("/x.js").unwrap(), None);
        // The example of the recommendation.
        std::fs::write(folder.path().join("x.js"), "alert('Hello, world.');").unwrap();
        assert_eq!(
            integrity(&place.read("/x.js").unwrap().unwrap()),
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
        assert!(place.read("/").is_err(), "a folder is no file");
        let mut packed = Packed::default();
        packed.add("x.js", Bytes::from_static(b"1"));
        assert_eq!(Place::Program(packed.into()).read("/x.js").unwrap(), Some(Bytes::from_static(b"1")));
    }
}
