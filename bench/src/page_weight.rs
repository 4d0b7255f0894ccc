//! What the sign-in page costs on the wire with an empty cache.

use anyhow::ensure;

use crate::Figure;
use crate::http::Connection;
use crate::program::Program;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start(folder.path()).await?;
    let mut connection = Connection::open(program.port).await?;
    let mut get = async |path: &str| -> anyhow::Result<usize> {
        let answer = connection.send("GET", path, "accept: text/html,*/*\r\naccept-encoding: br\r\n", "").await?;
        ensure!(answer.status == 200, "{path}: {}", answer.status);
        Ok(answer.body.len())
    };
    let html = get("/sign-in").await?;
    let plain = Connection::open(program.port).await?.send("GET", "/sign-in", "accept: text/html\r\n", "").await?;
    let plain = String::from_utf8(plain.body)?;
    let mut sizes = (html, 0, 0);
    for path in assets(&plain) {
        let size = get(&path).await?;
        if path.ends_with(".css") { sizes.1 += size } else { sizes.2 += size }
    }
    program.stop().await?;
    let (page, all) = (kilobytes(sizes.0 + sizes.1), kilobytes(sizes.0 + sizes.1 + sizes.2));
    Ok(vec![
        Figure {
            name: "Sign-in page, everything (brotli)",
            target: "≤ 250 KB",
            measured: format!("{all:.1} KB"),
            reached: all <= 250.0,
        },
        Figure {
            name: "Sign-in page, HTML and CSS (brotli)",
            target: "≤ 20 KB",
            measured: format!("{page:.1} KB"),
            reached: page <= 20.0,
        },
    ])
}

/// The styles, scripts and wasm that a page names, each once.
fn assets(html: &str) -> Vec<String> {
    let mut found: Vec<String> = html
        .split(['"', '\''])
        .filter(|part| part.starts_with("/pkg/"))
        .filter(|part| [".css", ".js", ".wasm"].iter().any(|end| part.ends_with(end)))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

#[expect(clippy::cast_precision_loss, reason = "sizes of pages")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}
