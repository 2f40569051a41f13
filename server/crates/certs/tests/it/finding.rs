//! What is said of a bundle that can be used.

use crate::support::{
    DAY, FQDN, Made, NOW, authority, checks, fixture, judged, line, line_of, params, read, self_signed, server,
};
use certs::{Bundle, Check, RemarkSeverity, judge};
use rcgen::{ExtendedKeyUsagePurpose, SanType};

#[test]
fn a_good_one_has_nothing_to_say() {
    let line = line();
    assert_eq!(judged(&[&line.leaf.pem, &line.middle.pem, &line.leaf.key_pem()]), []);
    assert_eq!(judged(&[&line.leaf.pem, &line.middle.pem, &line.root.pem, &line.leaf.key_pem()]), []);
}

#[test]
fn time() {
    let line = line();
    let bundle = read(&[&line.leaf.pem, &line.middle.pem, &line.leaf.key_pem()]).unwrap();
    let (first, last) = (bundle.leaf.not_before, bundle.leaf.not_after);
    let at = |now| checks(&judge(&bundle, FQDN, now)).first().copied();
    for (now, expected) in [
        (first - 1, Some(Check::NotYetValid)),
        (first, None),
        (last - 30 * DAY, None),
        (last - 30 * DAY + 1, Some(Check::ExpiresSoon)),
        (last, Some(Check::ExpiresSoon)),
        (last + 1, Some(Check::Expired)),
        (i64::MAX, Some(Check::Expired)),
        (i64::MIN, Some(Check::NotYetValid)),
    ] {
        assert_eq!(at(now), expected, "{now}");
    }
    let text = &judge(&bundle, FQDN, last - 5 * DAY)[0].sentence;
    assert!(text.contains("expires on 2031-01-01; 5 days are left"), "{text}");
}

#[test]
fn an_intermediate_expires_too() {
    let root = self_signed(authority("Example Root"));
    let mut old = authority("Example Issuing");
    old.not_after = rcgen::date_time_ymd(2030, 2, 1);
    let middle = root.signs(old);
    let leaf = middle.signs(server(FQDN));
    let found = judged(&[&leaf.pem, &middle.pem, &leaf.key_pem()]);
    assert_eq!(checks(&found), [Check::Expired]);
    assert!(found[0].sentence.contains("Example Issuing"));
}

#[test]
fn names() {
    let of = |params| {
        let line = line_of(params);
        checks(&judged(&[&line.leaf.pem, &line.middle.pem, &line.leaf.key_pem()]))
    };
    assert_eq!(of(params("whatever", &["*.example.com"])), []);
    assert_eq!(of(params(FQDN, &["other.example.com"])), [Check::Name], "with alternative names the CN is no name");
    assert_eq!(of(params("*.example.com", &["*.sub.example.com", "example.com"])), [Check::Name]);
    assert_eq!(of(params(FQDN, &[])), [Check::CommonNameOnly]);
    assert_eq!(of(params("else", &[])), [Check::Name]);
    let mut address = params(FQDN, &[]);
    address.subject_alt_names.push(SanType::IpAddress([10, 0, 0, 1].into()));
    assert_eq!(of(address), [Check::Name]);
}

#[test]
fn usage_counts_only_where_it_is_given() {
    let of = |usages: Vec<ExtendedKeyUsagePurpose>| {
        let mut params = params(FQDN, &[FQDN]);
        params.extended_key_usages = usages;
        let line = line_of(params);
        checks(&judged(&[&line.leaf.pem, &line.middle.pem, &line.leaf.key_pem()]))
    };
    assert_eq!(of(vec![]), []);
    assert_eq!(of(vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth]), []);
    assert_eq!(of(vec![ExtendedKeyUsagePurpose::Any]), []);
    assert_eq!(of(vec![ExtendedKeyUsagePurpose::ClientAuth]), [Check::Usage]);
}

#[test]
fn the_chain_left_out() {
    let line = line();
    let found = judged(&[&line.leaf.pem, &line.leaf.key_pem()]);
    assert_eq!(checks(&found), [Check::NoIntermediate]);
    assert!(
        found[0]
            .sentence
            .contains("CN=Example Issuing. Phones do not fetch intermediates; they refuse the MAM address.")
    );
    // The root without what is between.
    let found = judged(&[&line.leaf.pem, &line.root.pem, &line.leaf.key_pem()]);
    assert_eq!(checks(&found), [Check::BrokenChain, Check::NoIntermediate]);
    assert!(found.iter().all(|finding| finding.severity == RemarkSeverity::Fail));
}

#[test]
fn a_root_that_signs_itself_is_a_warning() {
    let root = self_signed(authority("Example Root"));
    let leaf = root.signs(server(FQDN));
    let found = judged(&[&leaf.pem, &root.pem, &leaf.key_pem()]);
    assert_eq!(checks(&found), [Check::RootIsIssuer]);
    assert_eq!(found[0].severity, RemarkSeverity::Warn);
}

#[test]
fn a_stray_beside_a_good_chain_is_left_out() {
    let line = line();
    let stray = self_signed(authority("Somebody Else"));
    let parts: [&str; 4] = [&line.leaf.pem, &stray.pem, &line.middle.pem, &line.leaf.key_pem()];
    let found = judged(&parts);
    assert_eq!(checks(&found), [Check::BrokenChain]);
    assert_eq!(found[0].severity, RemarkSeverity::Warn);
    assert!(!read(&parts).unwrap().chain_pem().contains(stray.pem.lines().nth(1).unwrap()));
}

/// Two authorities with one name: the older one's certificate beside a leaf of the newer one.
#[test]
fn the_name_fits_and_the_signature_does_not() {
    let new = line();
    let old: Made = new.root.signs(authority("Example Issuing"));
    let found = judged(&[&new.leaf.pem, &old.pem, &new.leaf.key_pem()]);
    assert_eq!(checks(&found), [Check::BrokenChain]);
    assert_eq!(found[0].severity, RemarkSeverity::Fail);
    // With both there, the right one is taken.
    let found = judged(&[&new.leaf.pem, &old.pem, &new.middle.pem, &new.leaf.key_pem()]);
    assert_eq!(found.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [RemarkSeverity::Warn]);
}

#[test]
fn signed_by_itself() {
    let own = self_signed(server(FQDN));
    let found = judged(&[&own.pem, &own.key_pem()]);
    assert_eq!((checks(&found), found[0].severity), (vec![Check::SelfSigned], RemarkSeverity::Warn));
}

#[test]
fn an_authority_as_server_and_a_server_as_authority() {
    let root = self_signed(authority("Example Root"));
    let mut params = authority(FQDN);
    params.subject_alt_names = server(FQDN).subject_alt_names;
    let middle = root.signs(params);
    let found = judged(&[&middle.pem, &root.pem, &middle.key_pem()]);
    assert_eq!(checks(&found), [Check::Authority, Check::RootIsIssuer]);

    let fake = root.signs(server("no-authority.example.com"));
    let leaf = fake.signs(server(FQDN));
    assert_eq!(checks(&judged(&[&leaf.pem, &fake.pem, &leaf.key_pem()])), [Check::Authority]);
}

#[test]
fn weak_ones() {
    let at = |bundle: &Bundle| checks(&judge(bundle, FQDN, NOW));
    let short = Bundle::read(fixture!("short.pem"), Some(fixture!("short.key")), None).unwrap();
    assert_eq!(at(&short), [Check::ShortKey, Check::SelfSigned]);
    let sha1 = [fixture!("sha1.pem"), fixture!("int.pem")].concat();
    let sha1 = Bundle::read(&sha1, Some(fixture!("rsa.key")), None).unwrap();
    assert_eq!(at(&sha1), [Check::WeakSignature]);
    let good = [fixture!("leaf.pem"), fixture!("int.pem")].concat();
    assert_eq!(at(&Bundle::read(&good, Some(fixture!("rsa.key")), None).unwrap()), []);
}
