//! What other people have on the same appliance.

use super::{Bare, Result};
use serde_json::{Value, json};

const AT_ONCE: usize = 500;

/// So many virtual servers.
pub async fn vservers(bare: &Bare, count: usize) -> Result<()> {
    bare.send(
        "POST",
        "/nitro/v1/config/nsfeature?action=enable",
        &json!({ "nsfeature": { "feature": ["LB", "SSL"] } }),
    )
    .await?;
    add(bare, "lbvserver", count, |n| {
        json!({ "name": format!("foreign-application-{n:05}"), "servicetype": "SSL_BRIDGE", "ipv46": address(30, n), "port": 443 })
    })
    .await
}

/// So many services. No monitor asks them, for the lab's own time is not what is measured.
pub async fn services(bare: &Bare, count: usize) -> Result<()> {
    add(bare, "service", count, |n| {
        json!({ "name": format!("foreign-service-{n:05}"), "ip": address(50, n), "servicetype": "TCP", "port": 443,
            "healthmonitor": "NO" })
    })
    .await
}

async fn add(bare: &Bare, resource: &str, count: usize, one: impl Fn(usize) -> Value) -> Result<()> {
    let all: Vec<Value> = (0..count).map(one).collect();
    for some in all.chunks(AT_ONCE) {
        bare.send("POST", &format!("/nitro/v1/config/{resource}"), &json!({ resource: some })).await?;
    }
    bare.send("POST", "/nitro/v1/config/nsconfig?action=save", &json!({ "nsconfig": {} })).await?;
    Ok(())
}

/// Of a network of its own.
fn address(network: usize, n: usize) -> String {
    format!("10.{}.{}.{}", network + n / 62_500, n / 250 % 250, n % 250 + 1)
}
