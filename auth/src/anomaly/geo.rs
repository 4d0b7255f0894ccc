//! Where an address is, by a file in the MaxMind DB format (version 2.0): a city or a country database. It is read into
//! memory once, at the start. It is a guess, good enough to tell Paris from Tokyo.

use anyhow::{Context as _, ensure};
use maxminddb::Reader;
use maxminddb::geoip2::City;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;

use crate::Timestamp;

/// Longest file: the largest city databases have a third of it.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// Longest name of a city that is kept.
const LONGEST_NAME: usize = 60;

/// A database of places.
pub struct GeoDatabase(Reader<Vec<u8>>);

/// Where an address is. Coordinates are for the distance alone: they are stored nowhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its country, in two letters (ISO 3166-1).
    pub country: Option<String>,
    /// Its city, in English.
    pub city: Option<String>,
    /// Degrees to the north.
    pub latitude: f64,
    /// Degrees to the east.
    pub longitude: f64,
    /// Kilometres around it within which the address probably is.
    pub uncertain_by: u16,
}

impl GeoDatabase {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is too long, or is no database of this format.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        ensure!(bytes.len() as u64 <= MOST_BYTES, "it is longer than {MOST_BYTES} bytes");
        Self::from_bytes(bytes)
    }

    /// Takes what a file contains.
    ///
    /// # Errors
    /// When it is no database of this format.
    pub fn from_bytes(bytes: Vec<u8>) -> anyhow::Result<Self> {
        Ok(Self(Reader::from_source(bytes).context("it is no MaxMind DB file")?))
    }

    /// When its publisher made it.
    pub fn built_at(&self) -> Timestamp {
        Timestamp(0).plus_seconds(i64::try_from(self.0.metadata.build_epoch).unwrap_or(i64::MAX))
    }

    /// Where an address is; none when the file does not know, or is broken there.
    pub fn place(&self, address: IpAddr) -> Option<Place> {
        let found = self.0.lookup(address).ok()?;
        let record = found.decode::<City<'_>>().ok()??;
        let (latitude, longitude) = (record.location.latitude?, record.location.longitude?);
        let is_on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        is_on_earth.then(|| Place {
            country: record.country.iso_code.and_then(country),
            city: record.city.names.english.and_then(city),
            latitude,
            longitude,
            uncertain_by: record.location.accuracy_radius.unwrap_or_default(),
        })
    }
}

impl Place {
    /// What is kept of it, and shown: `Paris, FR`, `FR`, or nothing.
    pub fn words(&self) -> String {
        let parts: Vec<&str> = [&self.city, &self.country].into_iter().flatten().map(String::as_str).collect();
        parts.join(", ")
    }
}

fn country(code: &str) -> Option<String> {
    (code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase())).then(|| code.to_owned())
}

/// A database need not take every text: PostgreSQL refuses a zero byte.
fn city(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_database_is_refused() {
        for bytes in [Vec::new(), b"no database".to_vec(), b"\xab\xcd\xefMaxMind.com".to_vec(), vec![0xff; 4096]] {
            assert!(GeoDatabase::from_bytes(bytes).is_err());
        }
        assert!(GeoDatabase::open(Path::new("nowhere.mmdb")).is_err());
    }

    #[test]
    fn a_place_is_told_by_its_city_and_country() {
        let place = |country: Option<&str>, city: Option<&str>| Place {
            country: country.map(str::to_owned),
            city: city.map(str::to_owned),
            latitude: 0.0,
            longitude: 0.0,
            uncertain_by: 0,
        };
        assert_eq!(place(Some("FR"), Some("Paris")).words(), "Paris, FR");
        assert_eq!(place(Some("FR"), None).words(), "FR");
        assert_eq!(place(None, None).words(), "");
        assert_eq!((country("fr"), country("F\0"), city("\0")), (None, None, None));
    }
}
