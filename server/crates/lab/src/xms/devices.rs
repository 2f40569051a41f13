//! The devices of the cluster, made up from the profile when somebody asks.

use super::profile::DeviceSeed;

pub(crate) struct Device<'a> {
    pub id: usize,
    pub mode: &'a str,
    pub platform: &'a str,
    pub platform_name: &'a str,
    pub version: &'a str,
    pub hours: u32,
    pub serial: String,
    pub user: String,
}

impl DeviceSeed {
    pub fn total(&self) -> usize {
        self.modes.iter().map(|mode| mode.count).sum()
    }

    /// All devices, in the order of their numbers, which begin at 1.
    pub fn all(&self) -> impl Iterator<Item = Device<'_>> {
        let modes = self.modes.iter().flat_map(|mode| std::iter::repeat_n(mode.id.as_str(), mode.count));
        let platforms: Vec<_> =
            self.platforms.iter().flat_map(|platform| std::iter::repeat_n(platform, platform.share)).collect();
        modes.enumerate().map(move |(at, mode)| {
            let platform = at.checked_rem(platforms.len()).map(|turn| platforms[turn]);
            let hours = at.checked_rem(self.inactive_hours.len()).map_or(0, |turn| self.inactive_hours[turn]);
            Device {
                id: at + 1,
                mode,
                platform: platform.map_or("device.platform.unknown", |platform| platform.id.as_str()),
                platform_name: platform.map_or("", |platform| platform.name.as_str()),
                version: platform.map_or("", |platform| platform.version.as_str()),
                hours,
                serial: format!("LAB{:07}", at + 1),
                user: format!("user{:04}@example.com", at + 1),
            }
        })
    }
}

impl Device<'_> {
    /// Whether a filter of the API takes this device; nothing for a filter that is not known.
    pub fn fits(&self, filter: &str) -> Option<bool> {
        if filter.starts_with("device.mode.") {
            return Some(self.mode == filter);
        }
        if filter.starts_with("device.platform.") {
            return Some(self.platform == filter);
        }
        if filter.starts_with("device.ownership.") {
            return Some(filter == "device.ownership.unknown");
        }
        if filter.starts_with("device.status.") {
            // Well, all of them.
            return Some(false);
        }
        Some(match filter.strip_prefix("device.inactive.time.")? {
            "8.hours" => self.hours >= 8,
            "24.hours" => self.hours >= 24,
            "7.days" => self.hours >= 7 * 24,
            "30.days" => self.hours >= 30 * 24,
            "more.than.30.days" => self.hours > 30 * 24,
            _ => return None,
        })
    }
}

/// The filters that the answer's tree shows, by group.
pub(super) const GROUPS: &[(&str, &[&str])] = &[
    (
        "device.mode",
        &[
            "device.mode.mdm.managed",
            "device.mode.mdm.unmanaged",
            "device.mode.mam.managed",
            "device.mode.mam.unmanaged",
            "device.mode.enterprise.managed",
            "device.mode.enterprise.unmanaged",
        ],
    ),
    (
        "device.platform",
        &[
            "device.platform.ios",
            "device.platform.android",
            "device.platform.macosx",
            "device.platform.windows",
            "device.platform.unknown",
        ],
    ),
    (
        "device.status",
        &[
            "device.status.jailbroken",
            "device.status.out.of.compliance",
            "device.status.as.gateway.blocked",
            // Spelt as it is on the wire.
            "device.status.enrollment.program.registred",
        ],
    ),
    ("device.ownership", &["device.ownership.byod", "device.ownership.corporate", "device.ownership.unknown"]),
    (
        "device.inactive.time",
        &[
            "device.inactive.time.8.hours",
            "device.inactive.time.24.hours",
            "device.inactive.time.7.days",
            "device.inactive.time.30.days",
            "device.inactive.time.more.than.30.days",
        ],
    ),
];
