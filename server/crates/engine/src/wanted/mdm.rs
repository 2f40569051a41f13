//! The MDM address: TLS passes through to the nodes (procedure 2.1).

use super::object::{Target, attrs};
use model::{
    desired::{Listener, Mdm, Node, Persistence},
    object::{Attrs, ObjectRef},
};

pub fn group(target: &mut Target, listener: &Listener) {
    let reason = format!(
        "The nodes that answer on port {} stand in this group. SSL_BRIDGE passes TLS through untouched, so that devices \
         talk to the node itself, with their own certificates.",
        listener.port
    );
    target.add(ObjectRef::group(&listener.group), attrs([("servicetype", "SSL_BRIDGE".into())]), reason);
}

pub fn member(target: &mut Target, listener: &Listener, node: &Node, server: &str) {
    let reason = format!("Node {} takes its share of the devices that come to port {}.", node.address, listener.port);
    target.add(ObjectRef::member(&listener.group, server, listener.port), Attrs::new(), reason);
}

pub fn vserver(target: &mut Target, mdm: &Mdm, listener: &Listener) {
    let stays = match mdm.persistence {
        Persistence::SourceIp => {
            "SOURCEIP keeps each device on its node by its address, as the vendor asks for clusters"
        }
        Persistence::SslSession => "SSLSESSION keeps each device on its node by its TLS session",
    };
    let reason = format!(
        "Devices reach the cluster at {}:{}. {stays}; it is forgotten {} minutes after the last connection.",
        mdm.vip, listener.port, mdm.timeout
    );
    let attrs = attrs([
        ("servicetype", "SSL_BRIDGE".into()),
        ("ipv46", mdm.vip.to_string().into()),
        ("port", listener.port.into()),
        ("persistencetype", mdm.persistence.word().into()),
        ("timeout", mdm.timeout.into()),
    ]);
    target.add(ObjectRef::vserver(&listener.vserver), attrs, reason);
}
