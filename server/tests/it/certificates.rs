//! A certificate through the real routes: in as a file, checked, chosen, brought to the appliance, bound; never shown.

use crate::support::{Browser, Console, NODES, lab, location, mdm_fields, until};
use lab::Lab;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use reqwest::StatusCode;

/// Root, intermediate and a leaf for `name`, as PEM: the leaf with its intermediate, and its key.
fn papers(name: &str) -> (String, String) {
    let authority = |title: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, title);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params
    };
    let root = CertifiedIssuer::self_signed(authority("Test Root"), KeyPair::generate().unwrap()).unwrap();
    let issuing = CertifiedIssuer::signed_by(authority("Test Issuing"), KeyPair::generate().unwrap(), &root).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    let now = rcgen::date_time_ymd(2026, 1, 1);
    params.not_before = now;
    params.not_after = rcgen::date_time_ymd(2036, 1, 1);
    let leaf = params.signed_by(&key, &issuing).unwrap();
    (format!("{}{}", leaf.pem(), issuing.pem()), key.serialize_pem())
}

async fn begun() -> (Lab, tempfile::TempDir, Console, Browser) {
    let (lab, folder) = (lab().await, tempfile::tempdir().unwrap());
    let console = Console::start(&folder.path().join("data")).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    ada.add_appliance(&lab).await;
    let fields = [("title", "Berlin"), ("fqdn", "xms.example.com"), ("appliance", "1")];
    assert_eq!(ada.led("/rpc/add_cluster", &fields).await, "/clusters/1/setup");
    (lab, folder, console, ada)
}

/// Name, certificate, key, the field with the sentence, and a part of it.
type Case<'a> = (&'a str, &'a [u8], Option<&'a [u8]>, &'a str, &'a str);

const DOOR: &str = "/rpc/upload_certificate";

#[tokio::test(flavor = "multi_thread")]
async fn an_uploaded_certificate_is_brought_to_the_appliance_and_bound() {
    let (lab, folder, console, ada) = begun().await;
    let (chain, key) = papers("xms.example.com");
    let text = [("cluster", "1"), ("name", "xms-2026")];
    let files = [("certificate", chain.as_bytes()), ("key", key.as_bytes())];
    let response = ada.upload(DOOR, &text, &files).await;
    assert_eq!(location(&response), "/clusters/1/setup/mam");
    let form = ada.page("/clusters/1/setup/mam").await;
    assert!(form.contains("xms-2026, uploaded by ada: xms.example.com"), "{form}");

    let nodes = [("cluster", "1"), ("intent", "next"), ("nodes", NODES)];
    ada.led("/rpc/save_nodes", &nodes).await;
    ada.led("/rpc/save_mdm", &mdm_fields()).await;
    let mam = [("vip", "10.20.40.52"), ("vserver", "xms-berlin-mam-8443"), ("certificate", "xms-2026")];
    let plan = ada.led("/rpc/save_mam", &[&[("cluster", "1"), ("intent", "plan")][..], &mam[..]].concat()).await;
    let number = plan.rsplit('/').next().unwrap();
    let run = ada.led("/rpc/apply", &[("cluster", "1"), ("plan", number)]).await;
    until("the run has succeeded", async || ada.page(&run).await.contains("data-status=\"succeeded\"")).await;
    let state = lab.state();
    let keys = state["appliances"][0]["certkeys"].as_array().unwrap();
    let ours = keys.iter().find(|key| key["name"] == "xms-2026").unwrap();
    assert_eq!(ours["link"], "xms-2026-ca1", "the intermediate is linked, so that phones are sent it");
    let bound = state["appliances"][0]["vservers"].as_array().unwrap();
    let mam = bound.iter().find(|vserver| vserver["name"] == "xms-berlin-mam-8443").unwrap();
    assert!(mam.to_string().contains("xms-2026"), "{mam}");

    // The key is in the lab, and nowhere else in the clear.
    let inner: String = key.lines().filter(|line| !line.starts_with("--")).collect();
    for page in
        (1..90).map(|id| format!("/audit/{id}")).chain([plan.clone(), run, "/clusters/1/setup/certificate".into()])
    {
        let text = ada.get(&page).await.text().await.unwrap();
        assert!(!text.contains(&inner[..40]) && !text.contains("PRIVATE KEY"), "{page} shows the key");
    }
    assert!(!console.log().contains("PRIVATE KEY"));
    for entry in std::fs::read_dir(folder.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            // The socket for sub-commands.
            continue;
        }
        let bytes = std::fs::read(path).unwrap();
        assert!(!bytes.windows(40).any(|part| part == &inner.as_bytes()[..40]), "the key lies in the clear");
    }

    // And back: files, keys and chain go, in the order that the appliance demands.
    let undo = ada.led("/rpc/plan_undo", &[("cluster", "1"), ("run", run_number(&ada).await.as_str())]).await;
    let back = ada.led("/rpc/apply", &[("cluster", "1"), ("plan", undo.rsplit('/').next().unwrap())]).await;
    until("it is undone", async || ada.page(&back).await.contains("data-status=\"succeeded\"")).await;
    let state = lab.state().to_string();
    assert!(!state.contains("xms-2026"), "{state}");
}

async fn run_number(ada: &Browser) -> String {
    let cluster = ada.page("/clusters/1").await;
    let run = cluster.split("/clusters/1/runs/").nth(1).unwrap();
    run.chars().take_while(char::is_ascii_digit).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_is_said_beside_its_field() {
    let (_lab, _folder, console, ada) = begun().await;
    let (good, key) = papers("xms.example.com");
    let (other, other_key) = papers("other.example.org");
    let huge = vec![b'x'; 400_000];

    let cases: [Case; 7] = [
        ("xms-2026", b"", None, "certificate", "Choose the file with the certificate."),
        ("xms-2026", b"hello", None, "certificate", "certificate"),
        ("xms-2026", good.as_bytes(), None, "key", "key"),
        ("xms-2026", good.as_bytes(), Some(other_key.as_bytes()), "key", "another certificate"),
        ("xms-2026", other.as_bytes(), Some(other_key.as_bytes()), "certificate", "xms.example.com"),
        ("9bad", good.as_bytes(), Some(key.as_bytes()), "name", "must begin with a letter"),
        ("xms-2026", &huge, None, "certificate", "larger than"),
    ];
    for (name, certificate, key, field, part) in cases {
        let text = [("cluster", "1"), ("name", name)];
        let mut files = vec![("certificate", certificate)];
        files.extend(key.map(|key| ("key", key)));
        let response = ada.upload(DOOR, &text, &files).await;
        assert_eq!(location(&response), "/clusters/1/setup/certificate", "{field}: {part}");
        let page = ada.page("/clusters/1/setup/certificate").await;
        let said = page.split(&format!("id=\"{field}-error\"")).nth(1).unwrap_or_else(|| panic!("{field}: {page}"));
        let said = said.split("</p>").next().unwrap();
        assert!(said.contains(part), "{field}: “{part}” in {said}");
        assert!(page.contains(&format!("value=\"{name}\"")), "the name stays");
    }
    // Neither a form of another kind nor somebody else's cluster.
    let response = ada.send(DOOR, &[("cluster", "1")]).await;
    assert!(response.status().is_redirection(), "{response:?}");
    let add = [("name", "olga"), ("password", crate::support::PASSWORD), ("role", "operator"), ("scope", "some")];
    ada.led("/rpc/add_person", &[&add[..], &[("clusters[]", "99")][..]].concat()).await;
    let fields = [("title", "Hamburg"), ("fqdn", "mdm.example.org"), ("appliance", "1")];
    ada.led("/rpc/add_cluster", &fields).await;
    ada.led("/rpc/add_person", &[&add[..], &[("clusters[]", "2")][..]].concat()).await;
    let mut olga = Browser::new(&console.base);
    olga.sign_in("olga", crate::support::PASSWORD).await;
    let files = [("certificate", good.as_bytes()), ("key", key.as_bytes())];
    let response = olga.upload(DOOR, &[("cluster", "1"), ("name", "hers")], &files).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}
