//! A monitor (3.10): what it asks, how often, and which of them look after a member.

use super::{Called, Id, OF_THE_HOUSE};
use crate::schema::{Fields, tables::lbmonitor::LBMONITOR};
use std::time::Duration;

/// What a service without a monitor of its own gets, by its protocol.
const TCP_DEFAULT: &str = "tcp-default";
const PING_DEFAULT: &str = "ping-default";

/// Name, type and `secure` of the monitors that every appliance has.
const BUILT_IN: &[(&str, &str, &str)] = &[
    (PING_DEFAULT, "PING", "NO"),
    (TCP_DEFAULT, "TCP", "NO"),
    ("arp", "ARP", "NO"),
    ("nd6", "ND6", "NO"),
    ("ping", "PING", "NO"),
    ("tcp", "TCP", "NO"),
    ("http", "HTTP", "NO"),
    ("tcp-ecv", "TCP-ECV", "NO"),
    ("http-ecv", "HTTP-ECV", "NO"),
    ("udp-ecv", "UDP-ECV", "NO"),
    ("dns", "DNS", "NO"),
    ("ftp", "FTP", "NO"),
    ("tcps", "TCP", "YES"),
    ("https", "HTTP", "YES"),
    ("tcps-ecv", "TCP-ECV", "YES"),
    ("https-ecv", "HTTP-ECV", "YES"),
    ("xdm", "CITRIX-XDM", "YES"),
    ("xnc", "CITRIX-XNC-ECV", "YES"),
    ("ldns-ping", "LDNS-PING", "NO"),
    ("ldns-tcp", "LDNS-TCP", "NO"),
    ("ldns-dns", "LDNS-DNS", "NO"),
    ("sta", "CITRIX-STA-SERVICE", "NO"),
    ("stasecure", "CITRIX-STA-SERVICE", "YES"),
];

#[derive(Clone, Debug)]
pub(crate) struct Monitor {
    pub id: Id,
    pub set: Fields,
    /// Certificate keys that it may show: `certkeyname` and the like.
    pub certificates: Vec<Fields>,
}

/// All monitors. The default is what an appliance has from the factory.
#[derive(Clone, Debug)]
pub(crate) struct Monitors(pub Vec<Monitor>);

/// A monitor at a group or a service.
#[derive(Clone, Debug)]
pub(crate) struct BoundMonitor {
    pub monitor: Id,
    /// `monstate`, `passive`, `weight`, and the `port` of the members that it is for.
    pub set: Fields,
}

/// How often, how long, how many times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    pub interval: Duration,
    pub resptimeout: Duration,
    pub downtime: Duration,
    pub retries: u32,
    /// Out of `retries` probes so many must fail; 0: all of them.
    pub failureretries: u32,
    pub successretries: u32,
}

impl Default for Monitors {
    fn default() -> Self {
        let row = |(at, (name, kind, secure)): (usize, &(&str, &str, &str))| {
            let mut set = Fields::default();
            set.put("monitorname", *name);
            set.put("type", *kind);
            if *secure == "YES" {
                set.put("secure", *secure);
            }
            Monitor { id: Id(at as u64), set, certificates: Vec::new() }
        };
        Self(BUILT_IN.iter().enumerate().map(row).collect())
    }
}

impl Monitors {
    pub fn by_id(&self, id: Id) -> Option<&Monitor> {
        super::by_id(&self.0, id)
    }

    /// The monitors that probe a member: those bound and switched on, else the default of its protocol.
    pub fn on_duty(&self, bound: &[BoundMonitor], kind: &str, port: u16) -> Vec<(Id, i64)> {
        let mut duty: Vec<(Id, i64)> = bound
            .iter()
            .filter(|bound| bound.is_for(port) && bound.is_on())
            .filter(|bound| self.by_id(bound.monitor).is_some_and(Monitor::is_on))
            .map(|bound| (bound.monitor, bound.weight()))
            .collect();
        if duty.is_empty() {
            let default = if is_datagram(kind) { PING_DEFAULT } else { TCP_DEFAULT };
            duty.extend(super::called(&self.0, default).map(|monitor| (monitor.id, 1)));
        }
        duty
    }
}

impl Monitor {
    /// Set, or the table's default.
    pub fn value(&self, name: &str) -> &str {
        let default = || LBMONITOR.attribute(name).and_then(|attribute| attribute.default);
        self.set.get(name).or_else(default).unwrap_or_default()
    }

    pub fn kind(&self) -> &str {
        self.set.text("type")
    }

    pub fn is_built_in(&self) -> bool {
        self.id < OF_THE_HOUSE
    }

    /// The two that are there by themselves and cannot be bound, unbound or switched.
    pub fn is_default(&self) -> bool {
        self.is_built_in() && matches!(self.name(), PING_DEFAULT | TCP_DEFAULT)
    }

    /// A list of status codes, for the types that have one.
    pub fn codes(&self) -> Option<&str> {
        let default = match self.kind() {
            "HTTP" | "HTTP-INLINE" => Some("200"),
            "RADIUS" => Some("2"),
            _ => None,
        };
        self.set.get("respcode").or(default)
    }

    /// The request line of a type that has one.
    pub fn request(&self) -> Option<&str> {
        let default = matches!(self.kind(), "HTTP" | "HTTP-INLINE").then_some("HEAD /");
        self.set.get("httprequest").or(default)
    }

    pub fn timing(&self) -> Timing {
        let count = |name| self.value(name).parse().unwrap_or(0);
        Timing {
            interval: self.time("interval", "units3"),
            resptimeout: self.time("resptimeout", "units4"),
            downtime: self.time("downtime", "units2"),
            retries: count("retries").max(1),
            failureretries: count("failureretries"),
            successretries: count("successretries").max(1),
        }
    }

    pub fn time(&self, name: &str, unit: &str) -> Duration {
        let number: u64 = self.value(name).parse().unwrap_or(0);
        match self.value(unit) {
            "MSEC" => Duration::from_millis(number),
            "MIN" => Duration::from_secs(number.saturating_mul(60)),
            _ => Duration::from_secs(number),
        }
    }

    fn is_on(&self) -> bool {
        self.value("state") != "DISABLED"
    }
}

impl BoundMonitor {
    pub fn weight(&self) -> i64 {
        self.set.number("weight").unwrap_or(1)
    }

    pub fn is_on(&self) -> bool {
        self.set.get("monstate") != Some("DISABLED")
    }

    pub fn is_for(&self, port: u16) -> bool {
        self.set.number("port").is_none_or(|only| only == i64::from(port))
    }
}

impl Called for Monitor {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("monitorname")
    }
}

/// Protocols without connections.
pub(crate) fn is_datagram(kind: &str) -> bool {
    matches!(
        kind,
        "UDP"
            | "DNS"
            | "ADNS"
            | "DTLS"
            | "ANY"
            | "SIP_UDP"
            | "RADIUS"
            | "RADIUSListener"
            | "TFTP"
            | "SNMP"
            | "DHCPRA"
            | "SYSLOGUDP"
            | "GRE"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(monitors: &Monitors, name: &str, set: &[(&'static str, &str)]) -> BoundMonitor {
        let mut fields = Fields::default();
        for (name, value) in set {
            fields.put(name, *value);
        }
        BoundMonitor { monitor: super::super::called(&monitors.0, name).unwrap().id, set: fields }
    }

    #[test]
    fn the_default_stands_in_where_nobody_is_on_duty() {
        let monitors = Monitors::default();
        let names = |bound: &[BoundMonitor], kind: &str, port| -> Vec<&str> {
            monitors.on_duty(bound, kind, port).iter().map(|(id, _)| monitors.by_id(*id).unwrap().name()).collect()
        };
        assert_eq!(names(&[], "SSL_BRIDGE", 443), ["tcp-default"]);
        assert_eq!(names(&[], "UDP", 53), ["ping-default"]);
        let off = bound(&monitors, "https", &[("monstate", "DISABLED")]);
        assert_eq!(names(&[off], "SSL", 443), ["tcp-default"]);
        let (ping, https) = (bound(&monitors, "ping", &[]), bound(&monitors, "https", &[("port", "8443")]));
        assert_eq!(names(&[ping.clone(), https.clone()], "SSL", 8443), ["ping", "https"]);
        assert_eq!(names(&[ping, https], "SSL", 443), ["ping"]);
    }

    #[test]
    fn times_have_units() {
        let mut monitor = Monitors::default().0.remove(0);
        assert_eq!(monitor.timing().interval, Duration::from_secs(5));
        monitor.set.put("interval", "2");
        monitor.set.put("units3", "MIN");
        monitor.set.put("resptimeout", "1500");
        monitor.set.put("units4", "MSEC");
        let timing = monitor.timing();
        assert_eq!((timing.interval, timing.resptimeout), (Duration::from_mins(2), Duration::from_millis(1500)));
    }
}
