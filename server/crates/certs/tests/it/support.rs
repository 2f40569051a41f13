//! Certificates made at test time; what needs RSA or encryption is in `fixtures`.

use certs::{Bundle, Check, Problem, Remark, judge};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    date_time_ymd,
};

/// 2030-06-15, in the middle of what [`params`] says.
pub const NOW: i64 = 1_907_712_000;
pub const DAY: i64 = 86_400;
pub const FQDN: &str = "xm.example.com";

/// What the file of this name in `fixtures` holds.
macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/", $name)).as_slice()
    };
}
pub(crate) use fixture;

/// From 2030-01-01 to 2031-01-01.
pub fn params(common_name: &str, dns: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(dns.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date_time_ymd(2030, 1, 1);
    params.not_after = date_time_ymd(2031, 1, 1);
    params
}

pub fn authority(name: &str) -> CertificateParams {
    let mut params = params(name, &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

pub fn server(name: &str) -> CertificateParams {
    let mut params = params(name, &[name]);
    params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    params
}

/// A certificate and its key, PEM.
pub struct Made {
    pub pem: String,
    pub der: Vec<u8>,
    pub key: KeyPair,
    params: CertificateParams,
}

pub fn self_signed(params: CertificateParams) -> Made {
    let key = KeyPair::generate().unwrap();
    let made = params.self_signed(&key).unwrap();
    Made { pem: made.pem(), der: made.der().to_vec(), key, params }
}

impl Made {
    pub fn signs(&self, params: CertificateParams) -> Made {
        let key = KeyPair::generate().unwrap();
        let made = params.signed_by(&key, &Issuer::from_params(&self.params, &self.key)).unwrap();
        Made { pem: made.pem(), der: made.der().to_vec(), key, params }
    }

    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }
}

/// Root, intermediate, and what the intermediate signed.
pub struct Line {
    pub root: Made,
    pub middle: Made,
    pub leaf: Made,
}

pub fn line_of(leaf: CertificateParams) -> Line {
    let root = self_signed(authority("Example Root"));
    let middle = root.signs(authority("Example Issuing"));
    let leaf = middle.signs(leaf);
    Line { root, middle, leaf }
}

pub fn line() -> Line {
    line_of(server(FQDN))
}

pub fn read(parts: &[&str]) -> Result<Bundle, Problem> {
    Bundle::read(parts.concat().as_bytes(), None, None)
}

pub fn judged(parts: &[&str]) -> Vec<Remark> {
    judge(&read(parts).unwrap(), FQDN, NOW)
}

pub fn checks(findings: &[Remark]) -> Vec<Check> {
    for finding in findings {
        let text = &finding.sentence;
        assert!(text.ends_with('.') && text.matches(". ").count() >= 1, "what, and what next: {text}");
        assert!(!text.contains("  ") && !text.contains("..") && !text.contains("Some("), "{text}");
    }
    findings.iter().map(|finding| finding.check).collect()
}
