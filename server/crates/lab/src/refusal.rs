//! What the appliance says when it refuses: error numbers, their texts and their HTTP statuses.
//!
//! One table, taken from the official listing (`nitro.md` 1.11). A code that is not in the table cannot be sent.

use crate::json::Item;

/// A refusal (or, with `warning=yes`, a warning): a number of the table and the bracket behind the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub code: u16,
    bracket: Option<String>,
}

/// The answer of every operation.
pub(crate) type Outcome<T = ()> = Result<T, Refusal>;

impl Refusal {
    /// The bare text.
    pub const fn new(code: u16) -> Self {
        Self { code, bracket: None }
    }

    /// The text with a bracket, for example `No such resource [serviceGroupName, sg_x]`.
    pub fn about(code: u16, parts: &[&str]) -> Self {
        Self { code, bracket: Some(parts.join(", ")) }
    }

    /// 258 for an object that is looked up by name.
    pub fn absent(argument: &str, name: &str) -> Self {
        Self::about(258, &[argument, name])
    }

    fn row(&self) -> (u16, &'static str) {
        CODES.iter().find(|row| row.0 == self.code).map_or((599, "Internal error"), |row| (row.1, row.2))
    }

    /// The HTTP status that goes with the number.
    pub fn status(&self) -> u16 {
        self.row().0
    }

    /// The text with its bracket.
    pub fn message(&self) -> String {
        let text = self.row().1;
        match &self.bracket {
            Some(bracket) => format!("{text} [{bracket}]"),
            None => text.to_owned(),
        }
    }

    /// The error object, as in a body and in the list of a 207.
    pub fn item(&self) -> Item {
        status_item(i64::from(self.code), &self.message(), "ERROR")
    }
}

/// The three members that open every answer.
pub(crate) fn status_item(code: i64, message: &str, severity: &str) -> Item {
    Item::default().with("errorcode", code).with("message", message).with("severity", severity)
}

/// The opening of an answer that worked.
pub(crate) fn done() -> Item {
    status_item(0, "Done", "NONE")
}

/// number, HTTP status, text. Statuses in parentheses in `nitro.md` are assumptions; the README lists them.
const CODES: &[(u16, u16, &str)] = &[
    (257, 599, "Operation not permitted"),
    (258, 404, "No such resource"),
    (273, 409, "Resource already exists"),
    (278, 599, "Invalid argument"),
    (293, 599, "Operation already in progress"),
    (304, 409, "Address already in use"),
    (315, 599, "Resource in use"),
    (344, 404, "No Service"),
    (347, 599, "Command propagation failed"),
    (
        349,
        599,
        "Command failed on secondary node, but succeeded on primary node. Configuration will be synchronized to ensure \
         secondary and primary have same configuration.",
    ),
    (350, 599, "Invalid backup vserver"),
    (354, 401, "Invalid username or password"),
    (358, 599, "Command propagation failed due to user authentication problems"),
    (359, 599, "Superuser cannot be removed"),
    (360, 599, "Superuser cannot be changed"),
    (363, 599, "Operation not permitted on stand-alone node"),
    (364, 599, "Operation not possible due to invalid peer state. Rectify and retry."),
    (365, 599, "Operation not possible as system state is invalid. Use show node for more information."),
    (366, 599, "Operation not possible now. Please wait for system to stabilize before retrying."),
    (368, 599, "Operation permitted only on primary node."),
    (371, 403, "No command policy defined, permission denied"),
    (372, 404, "System group does not exist"),
    (373, 404, "System command policy does not exist"),
    (410, 599, "Synchronization disabled"),
    (411, 599, "Node disabled"),
    (412, 599, "Synchronization is in progress"),
    (428, 599, "IP, port conflict with another entity bound to the same vserver"),
    (431, 400, "No arguments to set"),
    (444, 401, "Session expired or killed. Please login again"),
    (445, 599, "Session limit exceeded"),
    (446, 599, "Connection limit to CFE exceeded"),
    (453, 409, "Command policy is already bound"),
    (454, 409, "System user is already bound"),
    (457, 599, "Unable to establish connection with the secondary. Command propagation failed"),
    (458, 599, "There is no response from the secondary. Propagation timed out"),
    (460, 599, "Feature not supported in this release"),
    (461, 404, "No such Vserver"),
    (462, 404, "No such service"),
    (1027, 401, "Not logged in or connection timed out"),
    (
        1028,
        209,
        "You are connected to a secondary node; configuration changes made in this session will not be propagated to, \
         or saved on, other nodes",
    ),
    (1034, 401, "Login challenged"),
    (1043, 599, "Internal error"),
    (1046, 401, "ForcePasswordChange is enabled"),
    (1053, 400, "Leading or Trailing spaces in string"),
    (1067, 209, "Feature(s) not enabled"),
    (1070, 599, "Object in use, cannot delete"),
    (1074, 400, "Invalid value"),
    (1075, 400, NAME_RULE),
    (1092, 400, "Arguments cannot both be specified"),
    (1093, 400, "Argument pre-requisite missing"),
    (1095, 400, "Required argument missing"),
    (1097, 400, "Invalid argument value"),
    (1106, 400, "String length exceeds maximum"),
    (1107, 400, "String too short"),
    (1108, 400, "Integer value exceeds maximum"),
    (1109, 400, "Integer value below minimum"),
    (1110, 400, "Invalid IP address"),
    (1111, 400, "Invalid netmask"),
    (1112, 400, "Argument has too many values"),
    (1133, 209, "The running configuration has not changed"),
    (1161, 400, "Integer not in range"),
    (1178, 400, "Invalid IP address or Vserver Type"),
    (1232, 404, "Invalid object name"),
    (1233, 400, "Invalid JSON input"),
    (1234, 400, "Invalid JSON data type"),
    (1237, 405, "Invalid method name"),
    (1240, 400, "Invalid nitro action or operation"),
    (1241, 207, "Rollback failed. Manually correct the configuration"),
    (1242, 207, "Rollback not supported for this action"),
    (1243, 207, "Bulk operation failed"),
    (1244, 401, "Authentication Failed: Use of Basic Authentication is Disabled."),
    (1303, 404, "Service not bound to Vserver"),
    (1304, 599, "Service type mismatch between the vserver and service"),
    (1325, 599, "Service/servicegroup is bound to one or more vserver. Please unbind and retry the operation"),
    (1332, 599, "Invalid Persistence type"),
    (1334, 599, "Backup load balancing method cannot be the same as the primary load balancing method"),
    (1461, 599, "Maximum number of concurrent save configs are in progress. Try again later."),
    (1537, 599, "Invalid private key, or PEM pass phrase required for this private key"),
    (1538, 599, "Certificate and private key do not match"),
    (1540, 404, "Certificate does not exist"),
    (
        1541,
        599,
        "Certificate is referenced by a CRL, OCSP responder, vserver, service, servicegroup or another certificate",
    ),
    (1542, 404, "Certificate binding does not exist"),
    (1544, 599, "Object's protocol type is not SSL"),
    (1546, 209, "Current certificate replaces the previous binding"),
    (1547, 599, "Certificate is not a server certificate"),
    (1588, 209, "The specified certificate is not yet valid"),
    (1589, 209, "The certificate has expired"),
    (1614, 599, "Invalid password"),
    (1642, 409, "Cannot create output file. File already exists"),
    (1647, 599, "Input file(s) not present or not accessible in current partition"),
    (1801, 404, "Address record for host name not available"),
    (1823, 400, "Invalid domain name syntax"),
    (1963, 599, "Cannot exceed more than 25 IP addresses."),
    (2119, 599, "Default command policy cannot be removed"),
    (2128, 599, "Monitor interval must be greater than response timeout"),
    (2129, 599, "Destination IP must be specified for transparent, tunneled or tos monitors"),
    (2130, 599, "Too many response codes, only 16 allowed"),
    (2131, 599, "Monitor must be unbound before it can be deleted"),
    (2132, 599, "Built-in monitors cannot be deleted"),
    (2133, 409, "The monitor is already bound to the service"),
    (2136, 599, "Timeout value out of range; enter a value between 2 minutes and 1440 minutes"),
    (2138, 403, "Not authorized to execute this command"),
    (2139, 599, "No operations allowed with the default monitor"),
    (2144, 599, "The VIP is already a backup in the chain"),
    (2154, 599, "Secure mode not supported for this protocol"),
    (2155, 599, "Existing monitor is of different type than given"),
    (2157, 599, "Invalid script name for user monitor"),
    (2161, 599, "A response code is required for this monitor type"),
    (2162, 599, "Attempt to bind invalid monitor type"),
    (2163, 599, "Only one monitor of this type can be bound to a service"),
    (2164, 599, "Default monitor cannot be unbound from a service"),
    (2165, 599, "Default monitor cannot be bound explicitly to a service"),
    (2166, 599, "Default monitor cannot be disabled or enabled"),
    (2169, 599, "Time parameter must be a multiple of 10"),
    (2170, 404, "Monitor not bound to service"),
    (2171, 404, "Monitor does not exist"),
    (2184, 599, "bindDN or baseDN must be specified before LDAP monitor can be used"),
    (2185, 599, "userName or database must be specified before MYSQL monitor can be used"),
    (2186, 599, "userName must be specified before POP3 monitor can be used"),
    (2187, 599, "group must be specified before NNTP monitor can be used"),
    (2188, 599, "fileName must be specified before FTP-EXTENDED monitor can be used"),
    (2189, 599, "snmpOID or snmpCommunity must be specified before SNMP monitor can be used"),
    (2190, 599, "application must be specified before CITRIX-XML-SERVICE monitor can be used"),
    (2191, 599, "sitePath must be specified before CITRIX-WEB-INTERFACE monitor can be used"),
    (2194, 599, "IP Address cannot be set on a domain based server"),
    (2195, 599, "Monitor retries must be greater than SNMP alert retries"),
    (2196, 599, "Monitor retries must be greater than monitor failureRetries"),
    (2197, 599, "Monitor failureRetries must be greater than SNMP alertRetries"),
    (2201, 599, "Tos id must be specified for tos enabled vserver/monitor"),
    (
        2208,
        599,
        "userName, password, sitepath and domain must be specified before CITRIX-WI-EXTENDED monitor can be used",
    ),
    (2212, 599, "PASSIVE option can be set only on LOAD monitors."),
    (2214, 599, "Secret key must be specified before RADIUS ACCOUNTING monitor can be used"),
    (
        2306,
        599,
        "vserver is bound to a group. Set persistence parameters on group to change them for all vservers in group or unbind vserver from group and set on individual vserver.",
    ),
    (2307, 599, "This backup/primary persistence combination is not supported"),
    (2308, 599, "Cookie persistence cannot be applied - group has non HTTP/SSL type of vserver"),
    (2309, 599, "Cookie persistence cannot be applied - group has non-HTTP type of vserver"),
    (2369, 209, "Unsetting Persistency, changing timeout to default"),
    (2370, 404, "LB group does not exist"),
    (2371, 409, "Vserver is already bound to a LB group"),
    (2379, 404, "Given vserver is not bound to this LB group"),
    (
        2417,
        599,
        "Vserver level persistency is enabled on the group. Set persistency parameters on the vservers of the group",
    ),
    (2755, 404, "Partition does not exist"),
    (2760, 599, "This feature is not supported on partition"),
    (2772, 599, "This configuration is allowed only from the default partition."),
    (3679, 599, "Operation not permitted. Use set ssl profile for setting these parameters."),
];

const NAME_RULE: &str = "Invalid name; names must begin with an alphanumeric character or underscore and must contain \
                         only alphanumerics, '_', '#', '.', ' ', ':', '@', '=' or '-'";

/// The words behind the status number. They count: one SDK compares the whole status line.
pub(crate) const fn reason(status: u16) -> &'static [u8] {
    match status {
        200 => b"OK",
        201 => b"Created",
        207 => b"Multi Status",
        209 => b"X-NITRO-WARNING",
        400 => b"Bad Request",
        401 => b"Unauthorized",
        403 => b"Forbidden",
        404 => b"Not Found",
        405 => b"Method Not Allowed",
        409 => b"Conflict",
        500 => b"Internal Server Error",
        503 => b"Service Unavailable",
        _ => b"Netscaler specific error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_follow_the_text() {
        assert_eq!(Refusal::absent("serviceGroupName", "sg_x").message(), "No such resource [serviceGroupName, sg_x]");
        assert_eq!(
            Refusal::new(273).item().to_string(),
            r#"{ "errorcode": 273, "message": "Resource already exists", "severity": "ERROR" }"#
        );
    }

    #[test]
    fn the_table_is_sorted_and_has_no_number_twice() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
