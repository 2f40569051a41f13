//! The certificate files that an appliance has from the start: made anew for each lab, real to every parser.

use crate::{clock::LabTime, site::Site};
use jiff::{ToSpan, civil::Date};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use std::io;

/// The certificate that signed the others, without its key.
pub(crate) const CA: &str = "Example-Issuing-CA";

/// Fits every name of the examples.
pub(crate) const FITS: &str = "wildcard-example";

/// What makes each server certificate special: its name, the names in it, and its days before and after the start.
const SERVERS: [(&str, &[&str], i64, i64); 3] = [
    (FITS, &["*.example.com", "example.com"], -30, 365),
    ("expired-example", &["*.example.com", "example.com"], -400, -10),
    ("wrong-name-example", &["www.example.net"], -30, 365),
];

/// A file to be put into the store.
pub(crate) struct Paper {
    pub name: String,
    pub pem: String,
}

/// What makes a server certificate special.
struct Server {
    name: String,
    /// The first one is its common name.
    names: Vec<String>,
    /// Its days before and after the start.
    days: (i64, i64),
}

/// All pairs, in the order in which they are added: those of the examples, and one for each further site.
fn all(sites: &[Site]) -> impl Iterator<Item = Server> {
    let examples = SERVERS.iter().map(|(name, names, first, last)| Server {
        name: (*name).to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        days: (*first, *last),
    });
    let further = sites.iter().map(|site| Server {
        name: site.certificate(),
        names: vec![format!("*.{}", site.domain()), site.domain().to_owned()],
        days: (-30, 365),
    });
    examples.chain(further)
}

/// The names of all pairs.
pub(crate) fn servers(sites: &[Site]) -> impl Iterator<Item = String> {
    all(sites).map(|server| server.name)
}

/// Makes the CA and the pairs, valid from the lab's present on.
pub(crate) fn make(now: LabTime, sites: &[Site]) -> io::Result<Vec<Paper>> {
    let today = now.date();
    let mut ca = params(&[], "Example Issuing CA", today, (-400, 3650))?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = ca.self_signed(&key).map_err(io::Error::other)?;
    let mut papers = vec![Paper { name: format!("{CA}.cer"), pem: certificate.pem() }];
    let issuer = Issuer::new(ca, key);
    for Server { name, names, days } in all(sites) {
        let common = names.first().cloned().unwrap_or_default();
        let mut server = params(&names, &common, today, days)?;
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = server.signed_by(&key, &issuer).map_err(io::Error::other)?;
        papers.push(Paper { name: format!("{name}.cer"), pem: certificate.pem() });
        papers.push(Paper { name: format!("{name}.key"), pem: key.serialize_pem() });
    }
    Ok(papers)
}

fn params(names: &[String], common: &str, today: Date, days: (i64, i64)) -> io::Result<CertificateParams> {
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    let mut name = DistinguishedName::new();
    for (kind, value) in
        [(DnType::CountryName, "US"), (DnType::OrganizationName, "Example"), (DnType::CommonName, common)]
    {
        name.push(kind, value);
    }
    params.distinguished_name = name;
    let day = |offset: i64| {
        let day = today.saturating_add(offset.days());
        // Months are counted from 1 by both crates, and jiff hands out only real ones.
        date_time_ymd(i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs())
    };
    (params.not_before, params.not_after) = (day(days.0), day(days.1));
    Ok(params)
}
