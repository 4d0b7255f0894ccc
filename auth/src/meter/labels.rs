//! What is counted apart. Names are read by dashboards and alerts of others: add to them, do not rename.

use super::counters::label;
use crate::flow::{Entered, SignIn};
use crate::sms::Sms;
use crate::{Error, ErrorCode};

label! {
    /// How somebody comes in.
    SignInWay {
        /// With a password.
        Password = "password",
        /// With a passkey alone.
        Passkey = "passkey",
        /// As somebody whom a provider vouched for.
        Provider = "provider",
        /// The second half of any of these.
        SecondFactor = "second_factor",
    }
}

label! {
    /// What it led to.
    SignInOutcome {
        /// A session.
        SignedIn = "signed_in",
        /// The second half.
        NeedsSecondFactor = "needs_second_factor",
        /// A proof of the address, or of the account that is to be connected.
        NeedsProof = "needs_proof",
        /// What was given is wrong, or over.
        Refused = "refused",
        /// The account is suspended or closed.
        Closed = "closed",
        /// Too many tries.
        Limited = "limited",
        /// Too many at once.
        Busy = "busy",
        /// A fault of ours.
        Failed = "failed",
    }
}

label! {
    /// What became of a refresh token.
    RefreshOutcome {
        /// It was rotated.
        Rotated = "rotated",
        /// It was rotated a moment ago, and led to the same successor.
        Repeated = "repeated",
        /// It opens nothing any more.
        Refused = "refused",
        /// Too many at once.
        Busy = "busy",
        /// A fault of ours.
        Failed = "failed",
    }
}

label! {
    /// What waits to be delivered.
    JobKind {
        /// A mail.
        Mail = "mail",
        /// An SMS.
        Sms = "sms",
        /// What a webhook is told.
        Webhook = "webhook",
    }
}

label! {
    /// What became of a try to deliver it.
    JobOutcome {
        /// It was taken.
        Delivered = "delivered",
        /// It was not, and is tried again.
        Failed = "failed",
        /// It was not, and is given up.
        Dead = "dead",
    }
}

label! {
    /// What strangers may try so often.
    LimitedAct {
        /// A password.
        SignIn = "sign_in",
        /// A sign-up.
        SignUp = "sign_up",
        /// A question for a new password.
        ForgotPassword = "forgot_password",
        /// A code sent with an address.
        Code = "code",
        /// A challenge for a passkey.
        PasskeyChallenge = "passkey_challenge",
        /// The beginning of a way to a provider.
        FederationStart = "federation_start",
    }
}

impl SignInOutcome {
    /// What a refusal or a fault counts as.
    pub(crate) fn of_error(error: &Error) -> Self {
        let Error::Refused(refusal) = error else { return Self::Failed };
        match refusal.code {
            ErrorCode::TooManyAttempts | ErrorCode::FactorsLocked => Self::Limited,
            ErrorCode::Busy => Self::Busy,
            ErrorCode::AccountSuspended | ErrorCode::AccountClosed => Self::Closed,
            ErrorCode::Internal => Self::Failed,
            _ => Self::Refused,
        }
    }

    pub(crate) fn of_entered(entered: &Entered) -> Self {
        match entered {
            Entered::SignedIn(_) => Self::SignedIn,
            Entered::NeedsSecondFactor(_) => Self::NeedsSecondFactor,
        }
    }

    pub(crate) fn of_sign_in(sign_in: &SignIn) -> Self {
        match sign_in {
            SignIn::SignedIn(_) => Self::SignedIn,
            SignIn::NeedsSecondFactor(_) => Self::NeedsSecondFactor,
            SignIn::NeedsVerification(_) => Self::NeedsProof,
        }
    }
}

impl RefreshOutcome {
    /// What a refusal or a fault counts as.
    pub(crate) fn of_error(error: &Error) -> Self {
        match SignInOutcome::of_error(error) {
            SignInOutcome::Busy => Self::Busy,
            SignInOutcome::Failed => Self::Failed,
            _ => Self::Refused,
        }
    }
}

impl JobKind {
    /// The kind of a row of the outbox; all that are no SMS are mails.
    pub(crate) fn of_job(kind: &str) -> Self {
        if kind == Sms::JOB { Self::Sms } else { Self::Mail }
    }
}

impl LimitedAct {
    /// The act of this name in the rules of limits.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.as_str() == name)
    }
}
