//! Where everything stands. Columns from left to right are the way of a device; numbers are SVG units, which are pixels
//! on a wide screen.

use super::map::{DrawnNodes, Map};

pub const WIDTH: f32 = 1192.0;
const MARGIN: f32 = 6.0;
const GAP: f32 = 26.0;

/// Left edge and width of each column.
pub const DEVICES: (f32, f32) = (MARGIN, 92.0);
pub const GATEWAY: (f32, f32) = (138.0, 222.0);
pub const VSERVERS: (f32, f32) = (402.0, 226.0);
pub const GROUPS: (f32, f32) = (668.0, 224.0);
pub const NODES: (f32, f32) = (968.0, 218.0);

pub const STOP_HEIGHT: f32 = 108.0;
pub const GATEWAY_HEIGHT: f32 = 176.0;
pub const DEVICES_HEIGHT: f32 = 96.0;
/// Of a node's box: its names and its word, then a line a port.
pub const NODE_HEAD: f32 = 64.0;
pub const PORT_LINE: f32 = 22.0;
const NODE_FOOT: f32 = 8.0;
/// Below the last node: how many more there are.
const MORE_LINE: f32 = 30.0;

/// Heights of everything, from the top.
pub struct Places {
    pub height: f32,
    pub devices: f32,
    pub gateway: f32,
    /// Top of each virtual server and its group.
    pub lanes: Vec<f32>,
    pub nodes: Vec<f32>,
    pub node_height: f32,
    /// Where it says how many more there are.
    pub more: f32,
}

impl Places {
    pub fn of(map: &Map, drawn: &DrawnNodes) -> Self {
        let ports = map.lanes.len();
        let node_height = NODE_HEAD + PORT_LINE * float(ports) + NODE_FOOT;
        let column = |count: usize, each: f32, gap: f32| {
            if count == 0 { 0.0 } else { float(count) * (each + gap) - gap }
        };
        // Beside a Gateway its lane stands in the middle of it, so the first gap is wider.
        let first = if map.gateway.is_some() { (GATEWAY_HEIGHT - STOP_HEIGHT) / 2.0 } else { 0.0 };
        let lanes = first + column(ports, STOP_HEIGHT, GAP);
        let more = if drawn.rest.is_empty() { 0.0 } else { MORE_LINE };
        let nodes = column(drawn.nodes.len(), node_height, 18.0) + more;
        let content = lanes.max(nodes).max(DEVICES_HEIGHT).max(if first > 0.0 { GATEWAY_HEIGHT } else { 0.0 });
        let top = |height: f32| MARGIN + (content - height) / 2.0;
        let lanes_top = top(lanes);
        let at = |start: f32, each: f32, gap: f32| move |index: usize| start + float(index) * (each + gap);
        Self {
            height: content + 2.0 * MARGIN,
            devices: top(DEVICES_HEIGHT),
            gateway: lanes_top,
            lanes: (0..ports).map(at(lanes_top + first, STOP_HEIGHT, GAP)).collect(),
            nodes: (0..drawn.nodes.len()).map(at(top(nodes), node_height, 18.0)).collect(),
            node_height,
            more: top(nodes) + nodes - 6.0,
        }
    }

    /// The middle of a lane's boxes.
    pub fn lane(&self, index: usize) -> f32 {
        self.lanes.get(index).map_or(0.0, |top| top + STOP_HEIGHT / 2.0)
    }

    /// The middle of a port's line in its node.
    pub fn port(&self, node: usize, port: usize) -> f32 {
        let top = self.nodes.get(node).copied().unwrap_or_default();
        top + NODE_HEAD + PORT_LINE * (float(port) + 0.5)
    }
}

/// Counts of boxes are small.
#[expect(clippy::cast_precision_loss, reason = "a cluster has far fewer boxes than a float has whole numbers")]
pub fn float(count: usize) -> f32 {
    count as f32
}

/// A line with a soft bend from one point to another.
pub fn curve(from: (f32, f32), to: (f32, f32)) -> String {
    let bend = (to.0 - from.0) / 2.0;
    format!(
        "M{:.1} {:.1} C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
        from.0,
        from.1,
        from.0 + bend,
        from.1,
        to.0 - bend,
        to.1,
        to.0,
        to.1
    )
}

/// What fits on a line of so many characters: the middle of a long name is left out, because beginning and end differ.
pub fn short(name: &str, most: usize) -> String {
    let all: Vec<char> = name.chars().collect();
    if all.len() <= most {
        return name.to_owned();
    }
    let half = most.saturating_sub(1) / 2;
    let begin: String = all.iter().take(most - 1 - half).collect();
    let end: String = all.iter().skip(all.len() - half).collect();
    format!("{begin}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_both_ends() {
        assert_eq!(short("xms-berlin-mam-8443", 24), "xms-berlin-mam-8443");
        let long = short("_XM_LB_MDM_xms.example.com_10.0.10.51_443", 24);
        assert_eq!((long.as_str(), long.chars().count()), ("_XM_LB_MDM_x…0.10.51_443", 24));
    }

    #[test]
    fn columns_do_not_overlap() {
        let columns = [DEVICES, GATEWAY, VSERVERS, GROUPS, NODES];
        assert!(columns.windows(2).all(|pair| pair[0].0 + pair[0].1 + 24.0 <= pair[1].0));
        assert!(NODES.0 + NODES.1 + MARGIN <= WIDTH);
    }
}
