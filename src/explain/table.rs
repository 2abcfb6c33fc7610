//! The table of known strings: what a record of `strings.txt` becomes.

use super::pattern::Pattern;
use crate::diagnose::Code;
use crate::handshake::Side;

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub rows: Vec<Row>,
    pub needles: Vec<Needle>,
}

/// One meaning, however many strings say it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub weight: Weight,
    pub look: Vec<Look>,
    pub codes: Vec<(Code, Option<Side>)>,
    pub means: String,
    /// What to run next: whichever side printed it, or one side only.
    pub next: Vec<(Option<Side>, String)>,
    pub source: String,
    /// How many strings must stand in the text besides.
    pub conditions: usize,
}

/// How much a string says; the more it says, the earlier it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It wraps something that says more.
    Frame,
    /// It is the echo of one of several causes, mostly the other side's.
    Echo,
    /// It names the cause, or a few that this program cannot tell apart.
    Cause,
    /// It means more than it says, by its own words or by what stands beside it.
    Insight,
}

/// Who prints a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintedBy {
    /// One side of a connection.
    Side(Side),
    /// Either side; the text did not show which.
    Either,
    /// A program that reads a file, without a connection.
    Reader,
}

/// Where to look, from the view of the side that printed the string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Own(Part),
    Peer(Part),
    Protocol,
    Network,
    File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Keystore,
    Truststore,
    Settings,
}

/// A string to search for, and what it is found for.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    pub pattern: Pattern,
    /// As it is written in the table.
    pub text: String,
    pub stack: &'static str,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It says what the row means.
    Says { row: usize, by: PrintedBy },
    /// It says so only where it is the whole text.
    Only { row: usize, by: PrintedBy },
    /// The row needs it somewhere in the text; conditions are counted from 0.
    With { row: usize, condition: usize },
    /// The row does not hold where this is in the text.
    Unless { row: usize },
    /// It shows which side wrote this part of the text.
    Marks(Side),
    /// It shows which host and port the text is about.
    Where,
    /// It stands before a nested cause: the deeper one is the root.
    Nests,
}

/// The stacks, as they are shown.
pub(super) const STACKS: &[(&str, &str)] = &[
    ("any", "TLS"),
    ("java", "Java"),
    ("keytool", "keytool"),
    ("tomcat", "Tomcat"),
    ("kafka", "Kafka"),
    ("pgjdbc", "PostgreSQL JDBC"),
    ("spring", "Spring or Vault"),
    ("openssl", "OpenSSL"),
    ("curl", "curl"),
    ("node", "Node.js"),
    ("python", "Python"),
    ("go", "Go"),
    ("rustls", "rustls"),
    ("native-tls", "native-tls"),
    ("dotnet", ".NET"),
    ("windows", "Windows SChannel"),
    ("macos", "macOS"),
    ("gnutls", "GnuTLS"),
    ("nginx", "nginx"),
    ("haproxy", "HAProxy"),
    ("apache", "Apache httpd"),
    ("postgres", "PostgreSQL"),
    ("mysql", "MySQL"),
    ("erlang", "Erlang"),
    ("iis", "IIS"),
    ("browser", "a browser"),
    ("salesforce", "Salesforce"),
    ("ruby", "Ruby"),
    ("php", "PHP"),
    ("envoy", "Envoy"),
    ("elastic", "Elasticsearch"),
    ("mongodb", "MongoDB"),
    ("redis", "Redis"),
    ("mosquitto", "Mosquitto"),
    ("ldap", "LDAP"),
    ("openvpn", "OpenVPN"),
    ("kubernetes", "Kubernetes"),
    ("oracle", "Oracle"),
    ("ibm-mq", "IBM MQ"),
    ("weblogic", "WebLogic"),
    ("websphere", "WebSphere"),
    ("sap", "SAP"),
    ("cloudflare", "Cloudflare"),
];
