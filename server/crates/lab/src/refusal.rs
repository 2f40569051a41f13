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
    (315, 599, "Resource in use"),
    (344, 404, "No Service"),
    (354, 401, "Invalid username or password"),
    (359, 599, "Superuser cannot be removed"),
    (360, 599, "Superuser cannot be changed"),
    (371, 403, "No command policy defined, permission denied"),
    (372, 404, "System group does not exist"),
    (373, 404, "System command policy does not exist"),
    (428, 599, "IP, port conflict with another entity bound to the same vserver"),
    (431, 400, "No arguments to set"),
    (444, 401, "Session expired or killed. Please login again"),
    (445, 599, "Session limit exceeded"),
    (446, 599, "Connection limit to CFE exceeded"),
    (453, 409, "Command policy is already bound"),
    (454, 409, "System user is already bound"),
    (460, 599, "Feature not supported in this release"),
    (461, 404, "No such Vserver"),
    (1027, 401, "Not logged in or connection timed out"),
    (1034, 401, "Login challenged"),
    (1043, 599, "Internal error"),
    (1046, 401, "ForcePasswordChange is enabled"),
    (1053, 400, "Leading or Trailing spaces in string"),
    (1067, 209, "Feature(s) not enabled"),
    (1070, 599, "Object in use, cannot delete"),
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
    (1133, 209, "The running configuration has not changed"),
    (1232, 404, "Invalid object name"),
    (1233, 400, "Invalid JSON input"),
    (1234, 400, "Invalid JSON data type"),
    (1237, 405, "Invalid method name"),
    (1240, 400, "Invalid nitro action or operation"),
    (1241, 599, "Rollback failed. Manually correct the configuration"),
    (1242, 400, "Rollback not supported for this action"),
    (1243, 207, "Bulk operation failed"),
    (1244, 401, "Authentication Failed: Use of Basic Authentication is Disabled."),
    (1303, 404, "Service not bound to Vserver"),
    (1304, 599, "Service type mismatch between the vserver and service"),
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
    (2136, 599, "Timeout value out of range; enter a value between 2 minutes and 1440 minutes"),
    (2138, 403, "Not authorized to execute this command"),
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
