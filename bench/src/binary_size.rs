//! The size of the program with the pages within it and without its symbols, as `bin/release` hands it out.

use anyhow::{Context, ensure};
use tokio::process::Command;

use crate::Figure;

const LARGEST: u32 = 40_000_000;
/// As `bin/release` strips it.
const STRIP: [&str; 4] = ["--strip-unneeded", "--remove-section=.comment", "--remove-section=.note", "-o"];

#[expect(clippy::disallowed_methods, reason = "bin/bench names the program; nothing here is a setting")]
pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let built = std::env::var("KEYWRIGHT_BINARY").context("run bin/bench, which names the program")?;
    let folder = tempfile::tempdir()?;
    let stripped = folder.path().join("keywright");
    let mut strip = Command::new("strip");
    let done =
        strip.args(STRIP).arg(&stripped).arg(&built).status().await.context("strip, of binutils, cannot be run")?;
    ensure!(done.success(), "strip failed");
    let bytes = [std::fs::metadata(stripped)?.len(), std::fs::metadata(built)?.len()];
    Ok(vec![figure(u32::try_from(bytes[0])?, u32::try_from(bytes[1])?)])
}

fn figure(stripped: u32, built: u32) -> Figure {
    Figure {
        name: "The program with its pages, without symbols",
        target: "≤ 40 MB",
        measured: format!("{:.2} MB ({:.2} MB with symbols)", megabytes(stripped), megabytes(built)),
        reached: stripped <= LARGEST,
    }
}

fn megabytes(bytes: u32) -> f64 {
    f64::from(bytes) / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_more_is_too_large() {
        assert!(figure(LARGEST, 90_000_000).reached);
        let larger = figure(LARGEST + 1, 90_000_000);
        assert!(!larger.reached);
        assert_eq!(larger.measured, "40.00 MB (90.00 MB with symbols)");
    }
}
