//! The number of a node: forms, pasted text, sources.

use xms::{
    NodeId,
    node_id::{IdForm, IdSighting, NodeIdError, Source, judge, paste},
};

fn id(text: &str) -> NodeId {
    text.parse().unwrap()
}

#[test]
fn the_one_known_example_fits_the_rule() {
    assert_eq!(id("181360459").ipv4().unwrap().to_string(), "10.207.87.75");
    assert_eq!(NodeId::from_ipv4("10.20.30.11".parse().unwrap()).as_str(), "169090571");
}

#[test]
fn signed_and_unsigned_are_one_and_the_legacy_form_is_another() {
    assert_eq!(id("-1"), id("4294967295"));
    assert_eq!((id("-1").form(), id("4294967295").form()), (IdForm::Signed, IdForm::Unsigned));
    assert_eq!(id("-1").as_str(), "-1", "kept as it was written");
    let old = id("8226125278091195649");
    assert_eq!((old.form(), old.ipv4(), old.signed(), old.unsigned()), (IdForm::Legacy, None, None, None));
    assert_eq!(id("0169090571").as_str(), "169090571");
}

#[test]
fn what_people_paste() {
    for text in [
        "169090571",
        "  169090571\n",
        "Current Node ID: 169090571",
        "ACNODEID=169090571; Path=/; Secure",
        "Current Node ID: 169090571\r\n\r\nCluster Members:\r\nnode: 10.20.30.11 status: ACTIVE role: OLDEST",
        "server id \"169090571\"",
    ] {
        assert_eq!(paste(text).unwrap(), id("169090571"), "{text}");
    }
    assert_eq!(paste("node id: -2").unwrap().form(), IdForm::Signed);
    assert!(matches!(paste(""), Err(NodeIdError::Empty)));
    assert!(matches!(paste("node: 10.20.30.11 status: ACTIVE"), Err(NodeIdError::NoNumber)));
    let address = paste("10.20.30.11").unwrap_err();
    assert!(address.to_string().contains("169090571"), "{address}");
    assert!(matches!(paste("Node ID: 1\nNode ID: 2"), Err(NodeIdError::Several(two)) if two == ["1", "2"]));
    for text in ["-2147483649", "9223372036854775808", "99999999999999999999999999999999999999999999"] {
        assert!(matches!(paste(text), Err(NodeIdError::OutOfRange(_))), "{text}");
    }
}

#[test]
fn every_source_is_named_and_the_menu_program_is_right() {
    let seen = |text: &str, source| IdSighting { id: id(text), source };
    let all = [seen("2", Source::Computed), seen("1", Source::Cli), seen("2", Source::NetScaler)];
    let verdict = judge(&all).unwrap();
    assert_eq!((verdict.best, verdict.observed, verdict.others.len()), (seen("1", Source::Cli), true, 2));
    let verdict = judge(&[seen("-1", Source::Computed), seen("4294967295", Source::NetScaler)]).unwrap();
    assert!(!verdict.observed && verdict.others.is_empty(), "nobody has seen it on the node, but they agree");
    assert_eq!(judge(&[]), None);
    for source in [Source::Cli, Source::ClusterPage, Source::Cookie, Source::Typed, Source::NetScaler, Source::Computed]
    {
        assert!(!source.to_string().is_empty());
    }
}
