//! Where the files of the pages are, what they are called, and what is in them.

use anyhow::Context as _;
use app::site_files::{SiteFile, SiteFiles};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use leptos::config::{Env, LeptosOptions};
use sha2::{Digest, Sha384};
use std::path::{Path, PathBuf};

use crate::settings::{Mode, Settings};

const NAME: &str = "keywright";

/// The files, as the router and the pages need them.
///
/// # Errors
/// When the program cannot tell where it is itself, or a file cannot be read.
pub fn site(settings: &Settings) -> anyhow::Result<(LeptosOptions, SiteFiles)> {
    let beside = std::env::current_exe()?.parent().map(PathBuf::from).unwrap_or_default();
    let watched = root_of_cargo_leptos();
    let near_site = settings.site.as_deref().and_then(Path::parent);
    let hashes = [Some(beside.as_path()), near_site]
        .into_iter()
        .flatten()
        .find_map(|folder| std::fs::read_to_string(folder.join("hash.txt")).ok());
    let is_watched = watched.is_some() && settings.site.is_none();
    let is_lasting = is_lasting(settings.mode, is_watched, hashes.is_some());
    let root = settings.site.clone().or(watched).unwrap_or_else(|| {
        let near = beside.join("site");
        if near.is_dir() { near } else { "target/site".into() }
    });
    let options = LeptosOptions::builder()
        .output_name(NAME)
        .site_root(root.to_string_lossy().into_owned())
        .site_addr(settings.listen)
        .env(if settings.mode == Mode::Development { Env::DEV } else { Env::PROD })
        .hash_files(hashes.is_some())
        .build();
    tracing::debug!(site = %options.site_root, hashed = options.hash_files, "the pages' files");
    let mut files = named(&root, hashes.as_deref());
    if is_lasting {
        for file in [&mut files.style, &mut files.script, &mut files.module] {
            file.integrity = integrity(&at(&root, &file.path))?.map(Into::into);
        }
    }
    if !options.hash_files && !at(&root, &files.script.path).exists() {
        let script = &*files.script.path;
        tracing::warn!(script, "no scripts there: pages work by forms alone; is hash.txt beside the program?");
    }
    Ok((options, files))
}

/// Whether the files stay what they are as long as the program runs. What is watched by a developer's tool is built anew
/// meanwhile, and under a name without a hash the next version is another file.
fn is_lasting(mode: Mode, is_watched: bool, is_hashed: bool) -> bool {
    is_hashed && !(is_watched && mode == Mode::Development)
}

/// The files by their names, without what is in them. `hashes` has a line for each that carries a hash in its name.
pub fn named(root: &Path, hashes: Option<&str>) -> SiteFiles {
    let hash_of = |kind: &str| {
        hashes?.lines().find_map(|line| Some(line.strip_prefix(kind)?.strip_prefix(':')?.trim().to_owned()))
    };
    let file = |kind: &str| {
        let path = match hash_of(kind) {
            Some(hash) => format!("/pkg/{NAME}.{hash}.{kind}"),
            None => format!("/pkg/{NAME}.{kind}"),
        };
        SiteFile { path: path.into(), integrity: None }
    };
    let mut files = SiteFiles { style: file("css"), script: file("js"), module: file("wasm") };
    // As wasm-bindgen calls it where nobody renames it.
    let original = format!("/pkg/{NAME}_bg.wasm");
    if !at(root, &files.module.path).exists() && at(root, &original).exists() {
        files.module.path = original.into();
    }
    files
}

fn at(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

/// What a browser compares the file with (Subresource Integrity, 3.1); none where there is no file.
fn integrity(file: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(Some(format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes))))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

/// What `cargo leptos` tells the program it starts.
#[expect(clippy::disallowed_methods, reason = "not a setting of ours: cargo-leptos says where it built")]
fn root_of_cargo_leptos() -> Option<PathBuf> {
    std::env::var("LEPTOS_SITE_ROOT").ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_as_they_were_built() {
        let folder = tempfile::tempdir().unwrap();
        let files = named(folder.path(), Some("js: AbC\nwasm: dEf\ncss: g-H_1\n"));
        assert_eq!(&*files.style.path, "/pkg/keywright.g-H_1.css");
        assert_eq!(&*files.script.path, "/pkg/keywright.AbC.js");
        assert_eq!(&*files.module.path, "/pkg/keywright.dEf.wasm");
        assert_eq!(&*named(folder.path(), None).module.path, "/pkg/keywright.wasm");
        std::fs::create_dir(folder.path().join("pkg")).unwrap();
        std::fs::write(folder.path().join("pkg/keywright_bg.wasm"), "").unwrap();
        assert_eq!(&*named(folder.path(), None).module.path, "/pkg/keywright_bg.wasm");
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
        let file = folder.path().join("x.js");
        assert_eq!(integrity(&file).unwrap(), None);
        // The example of the recommendation.
        std::fs::write(&file, "alert('Hello, world.');").unwrap();
        assert_eq!(
            integrity(&file).unwrap().as_deref(),
            Some("sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO")
        );
        assert!(integrity(folder.path()).is_err(), "a folder is no file");
    }
}
