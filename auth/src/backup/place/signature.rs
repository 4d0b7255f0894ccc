//! Signature Version 4 of AWS, by which a storage knows who asks: an HMAC-SHA-256 over the request in one canonical form, under a
//! key made of the secret, the day and the region. The vectors are those of Amazon's documentation of S3.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::backup::archive::hex;

/// Who asks, and where.
#[derive(Clone)]
pub struct Credentials {
    /// The name of the key.
    pub key_id: String,
    /// The key.
    pub secret: SecretString,
    /// The region, such as `eu-central-1`.
    pub region: String,
}

/// A request, as it is signed.
pub struct Signed<'a> {
    /// In capitals.
    pub method: &'a str,
    /// Encoded as it is sent.
    pub path: &'a str,
    /// Encoded as it is sent, sorted.
    pub query: &'a str,
    /// Names in small letters, sorted; `host`, `x-amz-content-sha256` and `x-amz-date` among them.
    pub headers: &'a [(&'a str, &'a str)],
    /// The digest of the body in hexadecimal.
    pub body: &'a str,
    /// When, as `20130524T000000Z`.
    pub moment: &'a str,
}

impl Credentials {
    /// What stands in `Authorization`.
    pub fn authorization(&self, request: &Signed<'_>) -> String {
        let names: Vec<&str> = request.headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let day = request.moment.get(..8).unwrap_or_default();
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let signature = self.sign(day, &to_sign(request, &names, &scope));
        format!("AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={signature}", self.key_id)
    }

    fn sign(&self, day: &str, text: &str) -> String {
        let first = format!("AWS4{}", self.secret.expose_secret());
        let parts = [day, self.region.as_str(), "s3", "aws4_request"];
        let key = parts.into_iter().fold(first.into_bytes(), |key, part| keyed(&key, part));
        hex(&keyed(&key, text))
    }
}

fn to_sign(request: &Signed<'_>, names: &str, scope: &str) -> String {
    let headers: String = request.headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    let canonical =
        format!("{}\n{}\n{}\n{headers}\n{names}\n{}", request.method, request.path, request.query, request.body);
    format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{}", request.moment, hex(&Sha256::digest(canonical)[..]))
}

fn keyed(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// A path or a value of a query, every byte but the plainest encoded.
pub fn encoded(text: &str, and: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || and.as_bytes().contains(&byte);
    let letter = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const MOMENT: &str = "20130524T000000Z";

    fn signature(method: &str, path: &str, query: &str, more: &[(&str, &str)], body: &str) -> String {
        let mut headers =
            vec![("host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", body), ("x-amz-date", MOMENT)];
        headers.extend_from_slice(more);
        headers.sort_unstable();
        let request = Signed { method, path, query, headers: &headers, body, moment: MOMENT };
        let credentials = Credentials {
            key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            region: "us-east-1".to_owned(),
        };
        let said = credentials.authorization(&request);
        assert!(
            said.starts_with("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,")
        );
        said.rsplit_once('=').unwrap().1.to_owned()
    }

    /// "Authenticating Requests: Using the Authorization Header", Amazon S3 API Reference.
    #[test]
    fn requests_are_signed_as_amazon_signs_them() {
        let range = [("range", "bytes=0-9")];
        let got = signature("GET", "/test.txt", "", &range, NOTHING);
        assert_eq!(got, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
        let put = [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")];
        let body = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        let got = signature("PUT", &encoded("/test$file.text", "/"), "", &put, body);
        assert_eq!(got, "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
        let got = signature("GET", "/", "lifecycle=", &[], NOTHING);
        assert_eq!(got, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
        let got = signature("GET", "/", "max-keys=2&prefix=J", &[], NOTHING);
        assert_eq!(got, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }
}
