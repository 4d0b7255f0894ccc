//! The query of an address that somebody else wrote.

use axum::extract::Query;
use axum::http::Uri;

/// What a whole query may weigh.
const MAX_QUERY: usize = 16 * 1024;
/// What one value may weigh: codes of some providers are tokens by themselves.
const MAX_VALUE: usize = 4096;

/// The parameters behind the `?`.
pub struct Parameters(Vec<(String, String)>);

/// A query that nobody needs to understand.
#[derive(Debug)]
pub struct Unclear;

impl Parameters {
    /// Reads a query. Those that nobody asks for are let be (RFC 6749, 4.1.2).
    ///
    /// # Errors
    /// It is too long, or no query.
    pub fn of(uri: &Uri) -> Result<Self, Unclear> {
        if uri.query().unwrap_or_default().len() > MAX_QUERY {
            return Err(Unclear);
        }
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| Unclear)?;
        Ok(Self(pairs))
    }

    /// The value of a parameter. One without a value is as good as none (RFC 6749, 3.1).
    ///
    /// # Errors
    /// It is there twice, and nobody knows which counts (RFC 6749, 3.1), or it is too long.
    pub fn one(&self, name: &str) -> Result<Option<String>, Unclear> {
        let mut found = self.0.iter().filter(|(of, _)| of == name).map(|(_, value)| value);
        match (found.next(), found.next()) {
            (Some(value), None) if value.len() > MAX_VALUE => Err(Unclear),
            (value, None) => Ok(value.filter(|value| !value.is_empty()).cloned()),
            (_, Some(_)) => Err(Unclear),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(query: &str) -> Result<Option<String>, Unclear> {
        Parameters::of(&format!("/x?{query}").parse().unwrap())?.one("state")
    }

    #[test]
    fn a_parameter_is_there_once_or_not_at_all() {
        assert_eq!(state("code=a&state=b%20c&scope=x&scope=y").unwrap().as_deref(), Some("b c"));
        assert_eq!(state("code=a").unwrap(), None);
        assert_eq!(state("state=&code=a").unwrap(), None);
        assert_eq!(state("state").unwrap(), None);
        assert_eq!(state("").unwrap(), None);
        assert!(state("state=a&state=b").is_err());
        assert!(state("state=a&state=a").is_err());
        assert!(state("state=&state=a").is_err());
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        assert!(state(&format!("state={}", "a".repeat(MAX_VALUE))).unwrap().is_some());
        assert!(state(&format!("state={}", "a".repeat(MAX_VALUE + 1))).is_err());
        assert!(state(&format!("state=a&x={}", "a".repeat(MAX_QUERY))).is_err());
    }
}
