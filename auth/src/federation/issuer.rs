//! Who issues: the name of a provider, compared letter by letter (OpenID Connect Discovery 1.0, 4.3; Core 1.0,
//! 3.1.3.7).
//!
//! Microsoft's address for accounts of every organisation (`…/common/v2.0`, `…/organizations/v2.0`) tells a name with
//! a gap, `…/{tenantid}/v2.0`; each of its tokens fills the gap with the organisation of its person, which is the claim
//! `tid`. No other gap is known, and nothing but an organisation's UUID fills it.

const GAP: &str = "{tenantid}";

/// The name of a provider, as its discovery tells it.
pub(super) struct Issuer(String);

impl Issuer {
    /// Takes the name that discovery tells, when it is that of the settings.
    pub(super) fn admit(told: String, expected: &str) -> Option<Self> {
        let is_common = || ["common", "organizations"].into_iter().any(|all| told.replacen(GAP, all, 1) == expected);
        (told == expected || (told.contains(GAP) && is_common())).then_some(Self(told))
    }

    /// As it was told.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a token of this `iss` and this `tid` is from there.
    pub(super) fn has_issued(&self, iss: &str, tenant: Option<&str>) -> bool {
        match self.0.split_once(GAP) {
            None => iss == self.0,
            Some(_) => self.tenant_in(iss).is_some_and(|named| tenant == Some(named)),
        }
    }

    /// Whether an answer that names this issuer is from there (RFC 9207, 2.4).
    pub(super) fn may_be(&self, iss: &str) -> bool {
        iss == self.0 || self.tenant_in(iss).is_some()
    }

    fn tenant_in<'i>(&self, iss: &'i str) -> Option<&'i str> {
        let (before, after) = self.0.split_once(GAP)?;
        iss.strip_prefix(before)?.strip_suffix(after).filter(|tenant| is_uuid(tenant))
    }
}

fn is_uuid(text: &str) -> bool {
    let is_right = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_right)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

    #[test]
    fn a_name_is_compared_letter_by_letter() {
        let issuer = Issuer::admit("https://a.example".to_owned(), "https://a.example").unwrap();
        assert!(issuer.has_issued("https://a.example", None) && issuer.may_be("https://a.example"));
        for other in ["https://a.example/", "https://A.example", "http://a.example", "https://b.example", ""] {
            assert!(!issuer.has_issued(other, None) && !issuer.may_be(other), "{other}");
            assert!(Issuer::admit(other.to_owned(), "https://a.example").is_none(), "{other}");
        }
    }

    #[test]
    fn microsofts_gap_is_filled_with_the_organisation_of_the_token() {
        let told = "https://login.example/{tenantid}/v2.0";
        for expected in ["https://login.example/common/v2.0", "https://login.example/organizations/v2.0"] {
            let issuer = Issuer::admit(told.to_owned(), expected).unwrap();
            let iss = format!("https://login.example/{TENANT}/v2.0");
            assert!(issuer.has_issued(&iss, Some(TENANT)) && issuer.may_be(&iss));
            assert!(!issuer.has_issued(&iss, None));
            assert!(!issuer.has_issued(&iss, Some("72f988bf-86f1-41af-91ab-2d7cd011db47")));
            assert!(!issuer.has_issued(told, Some("{tenantid}")));
            for other in
                ["https://login.example/evil/v2.0", "https://login.example/../v2.0", "https://login.example//v2.0"]
            {
                assert!(!issuer.has_issued(other, Some("evil")) && !issuer.may_be(other), "{other}");
            }
        }
        assert!(Issuer::admit(told.to_owned(), "https://login.example/evil/v2.0").is_none());
        assert!(Issuer::admit(told.to_owned(), "https://other.example/common/v2.0").is_none());
    }
}
