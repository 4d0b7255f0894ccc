//! The audit log as a file, written while it is sent: however long it is, a thousand lines of it are in memory.

use auth::Timestamp;
use auth::flow::AuditExport;
use auth::form::AuditFormat;
use auth::view::{AuditItem, CivilDay};
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures::stream::unfold;
use std::io;

mod csv_lines;
mod download;

pub use download::routes;

/// What is still to be sent.
struct Sending {
    export: AuditExport,
    format: AuditFormat,
    /// Before anything else: the names of the columns.
    is_first: bool,
    is_over: bool,
}

/// The answer that hands lines out, as a file named after the day.
pub fn answer(export: AuditExport, format: AuditFormat, now: Timestamp) -> Response {
    let day = CivilDay::of(now);
    let name = format!("keywright-audit-{:04}-{:02}-{:02}.{}", day.year, day.month, day.day, format.as_str());
    let kind = match format {
        AuditFormat::Csv => "text/csv; charset=utf-8; header=present",
        AuditFormat::Jsonl => "application/jsonl",
    };
    let sending = Sending { export, format, is_first: true, is_over: false };
    let body = Body::from_stream(unfold(sending, |mut sending| async move {
        let piece = sending.next().await?;
        Some((piece, sending))
    }));
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response()
}

impl Sending {
    /// The next piece; none at the end. A failure breaks the answer off, so that nobody takes it for whole.
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        if std::mem::take(&mut self.is_first) && self.format == AuditFormat::Csv {
            return Some(Ok(csv_lines::header().into()));
        }
        if self.is_over {
            return None;
        }
        match self.export.next().await {
            Ok(Some(lines)) => Some(Ok(match self.format {
                AuditFormat::Csv => csv_lines::rows(&lines).into(),
                AuditFormat::Jsonl => json_lines(&lines).into(),
            })),
            Ok(None) => None,
            Err(error) => {
                self.is_over = true;
                tracing::error!(%error, "an export of the audit log broke off");
                Some(Err(io::Error::other("the export broke off")))
            }
        }
    }
}

/// One JSON object a line.
fn json_lines(lines: &[AuditItem]) -> String {
    let mut text = String::new();
    for line in lines {
        if let Ok(json) = serde_json::to_string(line) {
            text.push_str(&json);
            text.push('\n');
        }
    }
    text
}
