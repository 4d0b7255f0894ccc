//! What the DNS says of the domain that mails come from: who may send for it (SPF, RFC 7208), with which key (DKIM, RFC
//! 6376), and what becomes of others (DMARC, RFC 7489).

use auth::dns::DomainResolver;

/// Parents that are asked for a policy: `_dmarc.mail.id.example.com`, then what is above it.
const MOST_PARENTS: usize = 4;

/// Records of the domain of a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRecords {
    /// The domain.
    pub domain: String,
    /// Its records of SPF, or why nothing is known.
    pub spf: Result<Vec<String>, String>,
    /// What stands under the selector of DKIM; none without one.
    pub dkim: Option<Result<Vec<String>, String>>,
    /// Its policy of DMARC, or that of a domain above it.
    pub dmarc: Result<Vec<String>, String>,
}

impl MailRecords {
    /// Asks for them; none when the sender has no domain.
    pub async fn ask(dns: &dyn DomainResolver, sender: &str, selector: Option<&str>) -> Option<Self> {
        let domain = domain_of(sender)?;
        let key = selector.map(|selector| format!("{selector}._domainkey.{domain}"));
        let key = async {
            match key {
                Some(name) => Some(told(dns, &name, "").await),
                None => None,
            }
        };
        let (spf, dkim, dmarc) = tokio::join!(told(dns, &domain, "v=spf1"), key, policy(dns, &domain));
        Some(Self { domain, spf, dkim, dmarc })
    }
}

/// The nearest policy: that of the domain, else of one above it.
async fn policy(dns: &dyn DomainResolver, domain: &str) -> Result<Vec<String>, String> {
    let labels: Vec<&str> = domain.split('.').collect();
    // A top-level domain has none.
    for start in (0..labels.len().saturating_sub(1)).take(MOST_PARENTS) {
        let found = told(dns, &format!("_dmarc.{}", labels[start..].join(".")), "v=DMARC1").await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// The texts under a name that begin so.
async fn told(dns: &dyn DomainResolver, name: &str, begin: &str) -> Result<Vec<String>, String> {
    let texts = dns.texts(name).await.map_err(|why| format!("{why:#}"))?;
    Ok(texts.into_iter().filter(|text| text.starts_with(begin)).collect())
}

/// The domain of `Name <address@example.com>`.
fn domain_of(sender: &str) -> Option<String> {
    let (_, domain) = sender.trim().trim_end_matches('>').rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::dns::Texts;

    /// A DNS of one domain whose policy is above it.
    struct Dns;

    impl DomainResolver for Dns {
        fn texts<'a>(&'a self, name: &'a str) -> Texts<'a> {
            Box::pin(async move {
                Ok(match name {
                    "mail.example.com" => vec!["v=spf1 -all".to_owned(), "another=text".to_owned()],
                    "s1._domainkey.mail.example.com" => vec!["v=DKIM1; p=MIG".to_owned()],
                    "_dmarc.example.com" => vec!["v=DMARC1; p=reject".to_owned()],
                    "_dmarc.silent.example" => anyhow::bail!("nobody answers"),
                    _ => Vec::new(),
                })
            })
        }
    }

    #[tokio::test]
    async fn the_policy_may_stand_above_and_other_texts_are_left_out() {
        let sender = "Example <no-reply@Mail.example.com>";
        let records = MailRecords::ask(&Dns, sender, Some("s1")).await.unwrap();
        assert_eq!(records.domain, "mail.example.com");
        assert_eq!(records.spf, Ok(vec!["v=spf1 -all".to_owned()]));
        assert_eq!(records.dkim, Some(Ok(vec!["v=DKIM1; p=MIG".to_owned()])));
        assert_eq!(records.dmarc, Ok(vec!["v=DMARC1; p=reject".to_owned()]));
        let silent = MailRecords::ask(&Dns, "a@silent.example", None).await.unwrap();
        assert_eq!((silent.spf, silent.dkim), (Ok(Vec::new()), None));
        assert_eq!(silent.dmarc, Err("nobody answers".to_owned()));
        assert_eq!(MailRecords::ask(&Dns, "nobody", None).await, None);
    }
}
