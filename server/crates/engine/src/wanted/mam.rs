//! The MAM address: TLS ends here, and the cookie names the node (procedure 2.2 to 2.5).

use super::object::{Target, attrs};
use model::{
    desired::{Desired, Listener, Mam, Node, SetUpProblem},
    object::{Attrs, ObjectRef, Value},
    snapshot::Snapshot,
};

/// Where the request says which node it belongs to (`nitro.md` 4.1).
pub const NODE_COOKIE: &str = "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")";

/// How a plan names contents that lie in the vault: they are put in when the request is sent, and nowhere else.
pub const VAULT: &str = "vault:";

pub fn group(target: &mut Target, listener: &Listener) {
    let reason = format!(
        "The nodes that answer for the store on port {} stand in this group. The appliance opens TLS to them itself, after \
         it has read the request.",
        listener.port
    );
    target.add(ObjectRef::group(&listener.group), attrs([("servicetype", "SSL".into())]), reason);
}

pub fn member(target: &mut Target, listener: &Listener, node: &Node, server: &str) {
    let object = ObjectRef::member(&listener.group, server, listener.port);
    let Some(id) = &node.id else {
        let lack = SetUpProblem::NodeIdMissing { node: node.address, group: listener.group.clone() };
        target.contradict(object, lack.sentence());
        return;
    };
    let reason = format!(
        "Sessions whose cookie ACNODEID says {id} belong to node {}; the server ID is how the appliance knows.",
        node.address
    );
    target.add(object, attrs([("customserverid", Value::Text(id.clone()))]), reason);
}

pub fn vserver(target: &mut Target, mam: &Mam) {
    let listener = &mam.listener;
    let reason = format!(
        "The Gateway reaches the cluster at {}:{}. CUSTOMSERVERID sends each session to the node that its cookie ACNODEID \
         names; anywhere else the session would not be known.",
        mam.vip, listener.port
    );
    let attrs = attrs([
        ("servicetype", "SSL".into()),
        ("ipv46", mam.vip.to_string().into()),
        ("port", listener.port.into()),
        ("persistencetype", "CUSTOMSERVERID".into()),
        ("rule", NODE_COOKIE.into()),
    ]);
    target.add(ObjectRef::vserver(&listener.vserver), attrs, reason);
}

/// The certificate key: made of uploaded files, or there already.
pub fn certificate(target: &mut Target, desired: &Desired, snapshot: &Snapshot) {
    let Some(mam) = &desired.mam else { return };
    let object = ObjectRef::cert_key(&mam.certificate);
    let Some(files) = &mam.files else {
        if snapshot.find(&object).is_none() {
            let sentence = format!(
                "There is no {object} on the appliance, and nothing by that name was uploaded. Choose another in the MAM step."
            );
            target.contradict(object, sentence);
        }
        return;
    };
    let upload = |part: &str| attrs([("filecontent", Value::Text(format!("{VAULT}{}/{part}", files.upload)))]);
    let why = "The appliance reads certificates and keys from files of its own.";
    target.add(ObjectRef::cert_file(&files.cert), upload("cert"), why.into());
    let why = "The private key goes to the appliance over the verified connection; no record and no plan holds it.";
    target.add(ObjectRef::cert_file(&files.key), upload("key"), why.into());
    for (index, (_, file)) in files.chain.iter().enumerate() {
        let why = "Phones do not fetch intermediate certificates: the appliance has to send them along.";
        target.add(ObjectRef::cert_file(file), upload(&format!("chain{index}")), why.into());
    }
    for (name, file) in &files.chain {
        let reason = format!("The intermediate certificate {name}, which stands between the certificate and its root.");
        target.add(ObjectRef::cert_key(name), attrs([("cert", Value::Text(file.clone()))]), reason);
    }
    let pair = attrs([("cert", Value::Text(files.cert.clone())), ("key", Value::Text(files.key.clone()))]);
    let reason = format!("Certificate and private key under one name, for {}.", mam.listener.vserver);
    target.add(object, pair, reason);
    let mut below = &mam.certificate;
    for (name, _) in &files.chain {
        let reason = format!("{name} issued {below}. Linked, it is sent along when TLS begins.");
        target.add(ObjectRef::cert_link(below), attrs([("linkcertkeyname", Value::Text(name.clone()))]), reason);
        below = name;
    }
}

pub fn certificate_binding(target: &mut Target, desired: &Desired) {
    let Some(mam) = &desired.mam else { return };
    let reason = format!(
        "TLS ends at {}, so it needs a certificate for the cluster's name. Without one it stays DOWN even when all its \
         members are UP.",
        mam.listener.vserver
    );
    let named: Attrs = attrs([("certkeyname", Value::Text(mam.certificate.clone()))]);
    target.add(ObjectRef::vserver_cert(&mam.listener.vserver), named, reason);
}
