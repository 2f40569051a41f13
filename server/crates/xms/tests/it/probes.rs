//! What a node says without a login.

use crate::support::{Asked, Identity, Server, fixture, node, params, profile, raw};
use xms::{
    Error, Limits, Port, Prober,
    node_id::Source,
    probes::{self, Product},
};

fn usual(asked: &Asked) -> Vec<u8> {
    match asked.path.as_str() {
        "/controlpoint/rest/xdmServices/general/version" if asked.headers.contains_key("referer") => {
            let body = crate::fixtures::file("version.json");
            raw("200 OK", "Date: Sun, 22 Nov 2026 09:00:00 GMT\r\nSet-Cookie: ACNODEID=169090571; Path=/\r\n", &body)
        }
        "/zdm/login_xdm_uc.jsp" => fixture("login_page.html"),
        "/zdm/cxf/public/getserverinfo" => fixture("getserverinfo.xml"),
        "/" => raw("302 Found", "Set-Cookie: JSESSIONID=x\r\nSet-Cookie: ACNODEID=\"-1\"; Secure\r\n", b""),
        _ => raw("404 Not Found", "", crate::fixtures::file("tomcat_404.html")),
    }
}

fn prober(server: &Server) -> Prober {
    Prober::new(&server.node(), Port::Enrolment, profile(), Limits::default()).unwrap()
}

#[tokio::test]
async fn version_page_enrolment_and_number() {
    let server = Server::start(usual).await;
    let prober = prober(&server);
    let version = prober.version().await.unwrap();
    assert_eq!(version.value.as_str(), "10.16.0.48");
    assert_eq!(version.date.as_deref(), Some("Sun, 22 Nov 2026 09:00:00 GMT"));
    assert_eq!(version.node_id.unwrap().as_str(), "169090571");
    assert_eq!(prober.login_page().await.unwrap().value.product, Product::Ten);
    assert_eq!(prober.server_info().await.unwrap().value.enrolment_enabled, Some(true));
    let sighting = prober.node_id().await.unwrap().unwrap();
    assert_eq!((sighting.id.as_str(), sighting.source), ("-1", Source::Cookie));
    let asked = server.asked();
    assert!(asked[0].headers["referer"].ends_with("/zdm/login_xdm_uc.jsp"));
    assert!(asked[2].headers["user-agent"].starts_with("CitrixReceiver/com.zenprise"));
    assert!(asked.iter().all(|asked| asked.method == "GET" && asked.body.is_empty()));
}

#[tokio::test]
async fn a_number_that_is_not_shown_is_not_observed() {
    let server = Server::start(|_| raw("404 Not Found", "", b"")).await;
    let prober = prober(&server);
    assert_eq!(prober.node_id().await.unwrap(), None);
    assert!(prober.version().await.unwrap_err().is_absent());
    let gone = xms::Node { plain: true, ..node("127.0.0.1:1".parse().unwrap()) };
    let prober = Prober::new(&gone, Port::Enrolment, profile(), Limits::default()).unwrap();
    assert!(prober.node_id().await.unwrap_err().is_unreachable());
}

#[tokio::test]
async fn the_certificate_is_shown_before_anything_is_said() {
    let identity = Identity::self_signed(&params("mdm.example.test"));
    let server = Server::tls(identity.config(), usual).await;
    let leaf = probes::leaf(&node(server.addr), Port::Management, Limits::default()).await.unwrap();
    assert_eq!((leaf.fingerprint, leaf.chain_length), (identity.fingerprint(), 1));
    assert_eq!(leaf.der, identity.certificate.as_ref());
    assert_eq!(leaf.subject().as_deref(), Some("CN=rcgen self signed cert"));
    assert!(server.asked().is_empty());
    let plain = probes::leaf(&server.node(), Port::Management, Limits::default()).await;
    assert!(matches!(plain, Err(Error::Build(_))));
}
