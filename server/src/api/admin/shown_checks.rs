//! The shape of the checklist in the answer of `GET /api/v1/admin/health`.

use std::collections::BTreeMap;
use utoipa::ToSchema;

/// All checks at one moment.
#[derive(ToSchema)]
#[schema(as = Examination)]
#[expect(dead_code, reason = "the shape of `auth::view::Examination` for the document")]
pub(super) struct ExaminationShape {
    /// When.
    at: i64,
    /// Each check, in the order of `docs/operations/doctor.md`.
    checks: Vec<CheckedItemShape>,
}

/// A check, and what it found.
#[derive(ToSchema)]
#[schema(as = CheckedItem)]
#[expect(dead_code, reason = "the shape of `auth::view::CheckedItem` for the document")]
struct CheckedItemShape {
    /// Its name.
    #[schema(example = "hsts")]
    id: String,
    /// `program`, `reach`, `secrets`, `database`, `mail` or `people`.
    #[schema(example = "reach")]
    group: String,
    /// Where it is written about.
    #[schema(example = "docs/security.md")]
    link: String,
    /// What was found; never nothing.
    findings: Vec<CheckFindingShape>,
}

/// One thing that was found.
#[derive(ToSchema)]
#[schema(as = CheckFinding)]
#[expect(dead_code, reason = "the shape of `auth::view::CheckFinding` for the document")]
struct CheckFindingShape {
    /// `skipped`, `good`, `advice`, `fault` or `deadly`.
    #[schema(example = "fault")]
    verdict: String,
    /// Which of the things that the check may find.
    #[schema(example = "missing")]
    case: String,
    /// What it is about where there are several.
    about: Option<String>,
    /// What its sentence is filled with.
    values: BTreeMap<String, String>,
}
