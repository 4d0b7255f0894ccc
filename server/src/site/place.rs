//! Where the files of the site are: in a folder, or within the program.

use anyhow::Context as _;
use axum::body::{Body, Bytes};
use axum::http::Request;
use axum::response::{IntoResponse as _, Response};
use std::fmt::{self, Display, Formatter};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use super::packed::Packed;

/// Cheap to clone.
#[derive(Clone)]
pub enum Place {
    /// A folder of the machine.
    Folder(Arc<Path>),
    /// The memory of the program.
    Program(Arc<Packed>),
}

impl Place {
    /// A folder of the machine.
    pub fn folder(path: &Path) -> Self {
        Self::Folder(path.into())
    }

    /// Answers with the file at the address of the request, looked for below `folder` (nothing: the whole site).
    pub async fn answer(&self, folder: &str, request: Request<Body>) -> Response {
        match self {
            Self::Folder(root) => {
                let files = ServeDir::new(root.join(folder)).precompressed_gzip().precompressed_br();
                match files.oneshot(request).await {
                    Ok(answer) => answer.into_response(),
                    Err(never) => match never {},
                }
            }
            Self::Program(files) => {
                let path = request.uri().path().trim_start_matches('/');
                let name = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
                files.answer(&name, &request)
            }
        }
    }

    /// What is in a file; none where there is no file.
    ///
    /// # Errors
    /// One that is there and cannot be read.
    pub fn read(&self, path: &str) -> anyhow::Result<Option<Bytes>> {
        let name = path.trim_start_matches('/');
        match self {
            Self::Folder(root) => {
                let file = root.join(name);
                match std::fs::read(&file) {
                    Ok(bytes) => Ok(Some(bytes.into())),
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
                }
            }
            Self::Program(files) => Ok(files.get(name).cloned()),
        }
    }

    /// Whether a file is there.
    pub fn has(&self, path: &str) -> bool {
        let name = path.trim_start_matches('/');
        match self {
            Self::Folder(root) => root.join(name).exists(),
            Self::Program(files) => files.get(name).is_some(),
        }
    }
}

impl Display for Place {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(root) => write!(formatter, "{}", root.display()),
            Self::Program(_) => formatter.write_str("within the program"),
        }
    }
}

impl Default for Place {
    /// Where a build without a name of its own puts it.
    fn default() -> Self {
        Self::folder(Path::new("target/site"))
    }
}
