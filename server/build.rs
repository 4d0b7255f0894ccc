//! How the program of a release is linked: smaller by what is there twice. Neither tests nor libraries are linked by it, and
//! nothing is compiled again for it, as it would be for flags of the whole build.

use std::env;
use std::path::Path;
use std::process::Command;

const LINUX: &str = "x86_64-unknown-linux-gnu";

#[expect(clippy::disallowed_methods, reason = "what cargo says of a build is no setting")]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|said| said == wanted);
    if is("PROFILE", "release") && is("TARGET", LINUX) && is("HOST", LINUX) && links_with_lld() {
        // Of functions that became the same bytes one is kept, whoever takes its address; data is never folded. Rust
        // promises no addresses of functions, and where C compares some (SQLite does), the same bytes do the same.
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
        // Addresses that are moved when the program is loaded are a bit each and not 24 bytes. glibc reads it since
        // 2.36, which is Debian 12's.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Whether it is linked as Rust does it by default here (since 1.90): with the lld that comes with the compiler. Debian's
/// compiler has none, and who names another linker may have one that does not know these words.
#[expect(clippy::disallowed_methods, reason = "what cargo says of a build is no setting")]
fn links_with_lld() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if env::var_os("RUSTC_LINKER").is_some() || flags.contains("linker") || flags.contains("fuse-ld") {
        return false;
    }
    let compiler = env::var("RUSTC").expect("cargo names the compiler");
    let told = Command::new(compiler).args(["--print", "target-libdir"]).output().expect("the compiler runs");
    let libraries = String::from_utf8_lossy(&told.stdout).into_owned();
    Path::new(libraries.trim()).with_file_name("bin").join("gcc-ld/ld.lld").exists()
}
