//! Many appliances in one lab: their addresses, and what tells their clusters apart.

use std::{io, net::Ipv4Addr};

/// Descriptors that the rest of a lab and its clients need: nodes, proxy, control, connections.
const SPARE: u64 = 1_500;

/// The NSIP of the appliance with this place in a fleet: 10.1.0.10 and on, two hundred a network.
pub(crate) fn nsip(at: u16) -> Ipv4Addr {
    let [high, low] = [at / 200, at % 200];
    // Both are far below 256: a u16 has 327 times 200.
    Ipv4Addr::from_bits(u32::from(Ipv4Addr::new(10, 1, 0, 10)) + (u32::from(high) << 8) + u32::from(low))
}

/// Name and MDM address of the cluster that a seed sets up on an appliance. The first one is that of a lab without a
/// fleet; its address is the first of the range, and suggestions begin at .51.
pub(crate) fn cluster(index: usize) -> (String, Ipv4Addr) {
    let first = Ipv4Addr::new(10, 20, 40, 41);
    match u32::try_from(index) {
        Ok(at) if at > 0 => {
            (format!("mdm-{:04}.example.com", at + 1), Ipv4Addr::from_bits(Ipv4Addr::new(10, 100, 0, 0).to_bits() + at))
        }
        _ => ("mdm.example.com".to_owned(), first),
    }
}

/// Each appliance listens on two ports, and many machines allow a program 1,024 descriptors at first.
pub(crate) fn make_room(size: u16, pair: bool) -> io::Result<()> {
    if size == 0 || pair {
        let why = "a fleet has one appliance at least, and its appliances stand alone: leave `pair` out";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    let needed = 2 * u64::from(size) + SPARE;
    let allowed = rlimit::increase_nofile_limit(needed)?;
    if allowed < needed {
        let why = format!(
            "a fleet of {size} needs {needed} file descriptors, and this machine allows {allowed}; raise the hard limit \
             (`ulimit -Hn`) or ask for a smaller fleet"
        );
        return Err(io::Error::other(why));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_appliances_and_no_two_clusters_share_an_address() {
        let nsips: BTreeSet<_> = (0..2_000).map(nsip).collect();
        let vips: BTreeSet<_> = (0..2_000).map(|at| cluster(at).1).collect();
        let names: BTreeSet<_> = (0..2_000).map(|at| cluster(at).0).collect();
        assert_eq!([nsips.len(), vips.len(), names.len()], [2_000; 3]);
        assert!(nsips.is_disjoint(&vips));
        assert_eq!((nsip(0), nsip(200)), ([10, 1, 0, 10].into(), [10, 1, 1, 10].into()));
    }

    #[test]
    fn a_fleet_of_pairs_or_of_nobody_is_refused() {
        assert!(make_room(3, true).unwrap_err().to_string().contains("stand alone"));
        assert!(make_room(0, false).is_err());
    }
}
