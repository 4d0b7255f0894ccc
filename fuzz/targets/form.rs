//! Bodies of forms, as pages send them and as programs do. The first byte says which form, and in which of the two ways.

use auth::form::{
    AcceptInvitationForm, ActivityForm, AuditForm, BulkForm, ChangePasswordForm, CompleteRecoveryForm,
    ConfirmEmailForm, ConfirmTotpForm, DocumentChangeForm, DocumentListForm, DocumentOwnerForm, DocumentStateForm,
    DomainForm, EmailChangeForm, FederatedSignUpForm, FinishProviderForm, ForgotPasswordForm, FreshProofForm,
    InvitationForm, JoinRuleForm, LinkForm, MemberForm, NameForm, NewDocumentForm, OrganizationForm, PasskeyForm,
    PasskeyNameForm, PasskeySignUpForm, PasskeySignUpStart, PhoneNumberForm, PoliciesForm, PolicyCaseForm, ProfileForm,
    ProviderSignUpForm, ReauthenticateForm, RenameForm, ResetPasswordForm, RoleChangeForm, RoleForm, SecondFactorForm,
    SendCodeForm, SensitivityForm, SentCodeForm, SignInForm, SignUpForm, StartProviderForm, SuspensionForm, TokenForm,
    UserFilterForm, VerifyEmailForm,
};
use auth::{ProviderId, Timestamp};
use axum::extract::Query;
use axum::http::Uri;
use serde::de::DeserializeOwned;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// The form in a body: JSON, or what a browser writes.
fn read<T: DeserializeOwned>(is_json: bool, body: &[u8]) -> Option<T> {
    if is_json {
        return serde_json::from_slice(body).ok();
    }
    let body = std::str::from_utf8(body).ok()?;
    let uri: Uri = format!("/?{body}").parse().ok()?;
    Query::try_from_uri(&uri).ok().map(|Query(form)| form)
}

macro_rules! forms {
    ($($form:ty),* $(,)?) => {
        const FORMS: &[fn(bool, &[u8])] = &[$(|is_json, body| {
            if let Some(form) = read::<$form>(is_json, body) {
                drop(form.parse());
            }
        }),*];
    };
}

forms![
    SignUpForm,
    SignInForm,
    VerifyEmailForm,
    ForgotPasswordForm,
    ResetPasswordForm,
    ChangePasswordForm,
    EmailChangeForm,
    ConfirmEmailForm,
    LinkForm,
    ReauthenticateForm,
    NameForm,
    ProfileForm,
    ActivityForm,
    PhoneNumberForm,
    SentCodeForm,
    ConfirmTotpForm,
    CompleteRecoveryForm,
    FederatedSignUpForm,
    SecondFactorForm,
    SendCodeForm,
    FinishProviderForm,
    ProviderSignUpForm,
    InvitationForm,
    AcceptInvitationForm,
    DomainForm,
    JoinRuleForm,
    OrganizationForm,
    RenameForm,
    MemberForm,
    RoleForm,
    RoleChangeForm,
    TokenForm,
    PasskeyForm,
    PasskeyNameForm,
    PasskeySignUpStart,
    PasskeySignUpForm,
    PoliciesForm,
    PolicyCaseForm,
    FreshProofForm,
    NewDocumentForm,
    DocumentChangeForm,
    SensitivityForm,
    DocumentStateForm,
    DocumentOwnerForm,
    DocumentListForm,
    UserFilterForm,
];

/// Those that are judged at a moment or in a zone.
fn others(is_json: bool, body: &[u8]) {
    if let Some(form) = read::<SuspensionForm>(is_json, body) {
        drop(form.parse(NOW));
    }
    if let Some(form) = read::<BulkForm>(is_json, body) {
        drop(form.parse(NOW));
    }
    if let Some(form) = read::<AuditForm>(is_json, body) {
        drop(form.parse(None));
    }
    if let Some(form) = read::<StartProviderForm>(is_json, body) {
        drop(ProviderId::parse("acme").map(|provider| form.parse(provider)));
    }
}

pub fn fuzz(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else { return };
    let (kind, is_json) = (usize::from(kind / 2), kind % 2 == 0);
    match FORMS.get(kind) {
        Some(form) => form(is_json, body),
        None => others(is_json, body),
    }
}
