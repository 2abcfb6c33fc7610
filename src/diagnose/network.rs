//! Why no handshake began, or none could: the network, another protocol, nothing in common.

use super::catalogue as code;
use super::{Code, Finding, Place, Severity};
use crate::handshake::{Failure, cipher_suite_name, group_name};
use crate::probe::hello::version_name;
use crate::probe::{Lack, StartTls, Survey, Trouble, plain};
use crate::safe::{Safe, all_of};

/// Where the visit goes, for words.
pub struct Whither<'a> {
    /// `api.example:8443`
    pub target: &'a str,
    /// The host alone.
    pub host: &'a str,
    /// The proxy's name, where one is used.
    pub proxy: Option<String>,
    /// The protocol in which TLS is asked for.
    pub starttls: Option<StartTls>,
}

fn error(code: Code, headline: String) -> Finding {
    Finding::new(code, Severity::Error, Place::Network, headline)
}

impl Whither<'_> {
    /// Why TLS never began.
    pub fn trouble(&self, trouble: &Trouble) -> Finding {
        let target = Safe(self.target);
        let to = self.proxy.as_ref().map_or_else(|| target.to_string(), |proxy| format!("the proxy {}", Safe(proxy)));
        match trouble {
            Trouble::NotResolved(why) => {
                let name = self.proxy.as_deref().unwrap_or(self.host);
                error(code::NAME_NOT_RESOLVED, format!("the name {} does not resolve", Safe(name)))
                    .fact("the resolver says", Safe(why).to_string())
                    .because(format!("The resolver of this machine knows no address of {}: a typing error, a name of another network, or no DNS.", Safe(name)))
                    .fix(format!("check the name (getent hosts {}), or use the address and --name {}", crate::safe::shell_word(name), crate::safe::shell_word(name)))
            }
            Trouble::Refused => error(code::CONNECTION_REFUSED, format!("nothing listens at {to}"))
                .because(format!("The machine answers, and refuses connections to that port of {to}: the server is down, listens on another port, or on another address only."))
                .fix("check that the server runs and on which address and port it listens (ss -ltn there)"),
            Trouble::TimedOut(what) => error(code::TIMED_OUT, format!("{to} does not answer to {what} in the time allowed"))
                .because("A firewall that drops packets looks like this; so does a server that hangs.")
                .fix("check the way to it, or allow more time: --timeout 30s"),
            Trouble::Unreachable(why) => error(code::TIMED_OUT, format!("there is no way to {to}"))
                .fact("the system says", Safe(why).to_string())
                .because("This machine has no route to that address, for instance no IPv6.")
                .fix("check the network, or use another address of the server"),
            Trouble::Proxy(said) => error(code::NOT_TLS, format!("the proxy does not connect us to {target}"))
                .fact("the proxy says", Safe(said).to_string())
                .because(format!("{to} answers our CONNECT with \"{}\", so nothing of {target} was seen.", Safe(said)))
                .fix(if said.contains("407") { "give the proxy its user and password: --proxy http://USER:PASSWORD@HOST:PORT" } else { "check --proxy, and that the proxy allows CONNECT to that host and port" }),
            Trouble::NoStartTls(said) => error(code::NOT_TLS, format!("{target} speaks {}, and offers no TLS", self.protocol()))
                .fact("the server", Safe(said).to_string())
                .because(format!("The server was asked for TLS in {} and declined: {}.", self.protocol(), Safe(said)))
                .fix("give the server a certificate and switch TLS on in its configuration"),
            Trouble::AnotherProtocol(bytes) => self.not_tls(bytes),
            Trouble::Closed(when) => error(code::CLOSED_EARLY, format!("{to} closed the connection {when}"))
                .because("Whoever listens there takes the connection and ends it before TLS begins.")
                .fix("read the other side's log at that time"),
        }
    }

    fn protocol(&self) -> &'static str {
        self.starttls.map_or("another protocol", StartTls::title)
    }

    /// The port answers, but not with TLS.
    pub fn not_tls(&self, bytes: &[u8]) -> Finding {
        let target = Safe(self.target);
        let what = plain::protocol(bytes).unwrap_or("something that is no TLS");
        let option = match what {
            "SMTP" => Some("smtp"),
            "SMTP or FTP" => Some("smtp (or ftp)"),
            "FTP" => Some("ftp"),
            "IMAP" => Some("imap"),
            "POP3" => Some("pop3"),
            "MySQL" => Some("mysql"),
            _ => None,
        };
        let expected = self.starttls.map_or(String::new(), |p| format!(", not {}", p.title()));
        let fix = match (option, what) {
            (Some(option), _) => format!("ask for TLS in that protocol: mtls connect {target} --starttls {option}"),
            (None, "HTTP") => "use the port on which the server speaks HTTPS (or switch TLS on for this one)".to_owned(),
            (None, _) => {
                "use the port on which the server speaks TLS; a database or mail port may need --starttls PROTOCOL".to_owned()
            }
        };
        error(code::NOT_TLS, format!("{target} speaks {what}{expected}"))
            .fact("it says", Safe(plain::line(bytes)).to_string())
            .because(format!("{target} answers, but not with TLS: \"{}\". Clients then say \"wrong version number\" or \"unrecognized SSL message\".", Safe(plain::line(bytes))))
            .fix(fix)
    }

    /// It closed the connection in the midst of the handshake.
    pub fn closed(&self) -> Finding {
        error(code::CLOSED_EARLY, format!("{} closed the connection in mid-handshake, without an alert", Safe(self.target)))
            .because("Something there takes connections and drops them: a load balancer without a live server behind it, a filter that dislikes the server name, a server without a certificate.")
            .fix("read the log of the server or of the load balancer at that time; try --servername with the right name")
    }

    /// It takes connections and says nothing.
    pub fn silent(&self) -> Finding {
        error(code::TIMED_OUT, format!("{} takes the connection and does not answer in the time allowed", Safe(self.target)))
            .because("The connection stands, and nothing comes back to the first message of TLS: a server that hangs, a port that waits for another protocol, or a device on the way that swallows it.")
            .fix("check the server, or allow more time: --timeout 30s; a mail or database port may need --starttls PROTOCOL")
    }

    /// What a survey found to be lacking; `None` where it found nothing.
    pub fn lacking(&self, survey: &Survey, failure: &Failure, ours: &[u16]) -> Option<Finding> {
        let alert = survey.alert.or(match failure {
            Failure::AlertReceived(number, _) => Some(*number),
            _ => None,
        });
        let lack = survey.lack.clone().or(match alert {
            Some(70) => Some(Lack::Version),
            Some(112) => Some(Lack::Name),
            Some(120) => Some(Lack::Protocol),
            _ => None,
        })?;
        let chose = survey.choice.as_ref();
        let finding = |code, place, headline: String| {
            Finding::new(code, Severity::Error, place, headline).fact("the server says", failure.to_string())
        };
        Some(match lack {
            Lack::Version => self.no_version(survey, ours).fact("the server says", failure.to_string()),
            Lack::Cipher => {
                let suite = chose.map_or("others".to_owned(), |c| cipher_suite_name(c.suite));
                finding(code::NO_COMMON_CIPHER, Place::Protocol, format!("no cipher suite in common: this server speaks {suite}"))
                    .because(format!("Offered everything, the server chose {suite}; what today's stacks offer, it refuses. Static RSA, CBC, 3DES and RC4 suites are no longer spoken by modern clients."))
                    .fix("let the server speak the ECDHE suites with AES-GCM or ChaCha20 (TLS 1.2), or TLS 1.3")
            }
            Lack::Group => {
                let group = chose.and_then(|c| c.group).map_or("others only".to_owned(), group_name);
                finding(code::NO_COMMON_GROUP, Place::Protocol, format!("no key exchange group in common: this server speaks {group}"))
                    .because(format!("Offered every group, the server chose {group}; X25519MLKEM768, X25519, P-256 and P-384, which clients of today offer, it refuses. (In TLS 1.2 the curve of an EC certificate must be offered too: a server key on secp256k1 or brainpool looks the same.)"))
                    .fix("allow X25519 and P-256 at the server")
            }
            Lack::Signature => finding(code::NO_COMMON_SIGNATURE, Place::Protocol, "no signature scheme in common: the server's key needs one that this client does not offer".to_owned())
                .because("With every signature scheme on offer the server goes on; with those of today's stacks it refuses: its certificate has an unusual key (Ed448, brainpool, DSA), or signs with SHA-1 only.")
                .fix("give the server a certificate with an EC P-256 or RSA key"),
            Lack::Protocol => finding(code::ALPN_MISMATCH, Place::Protocol, "no application protocol in common".to_owned())
                .because("The server goes on without ALPN, and refuses the protocols that were asked for.")
                .fix("leave --alpn away or ask for a protocol that the server speaks (http/1.1, h2)"),
            Lack::Name => finding(code::NAME_NOT_SERVED, Place::Server, format!("the server does not serve the name {}", Safe(self.host)))
                .because(format!("Asked for {} it refuses{}: no virtual host of that name is there.", Safe(self.host), if chose.is_some() { "; asked for no name it goes on" } else { "" }))
                .fix("ask for a name that the server serves: --servername NAME; or add that name to its configuration"),
        })
    }

    fn no_version(&self, survey: &Survey, ours: &[u16]) -> Finding {
        let names: Vec<String> = survey.versions.iter().rev().map(|v| version_name(*v)).collect();
        let highest = survey.versions.first().map(|v| version_name(*v));
        let mine: Vec<String> = ours.iter().rev().map(|v| version_name(*v)).collect();
        let lowest_of_ours = ours.iter().min().copied().unwrap_or_default();
        let says = match (&highest, survey.versions.first()) {
            (Some(highest), Some(number)) if *number < lowest_of_ours => format!("this server speaks {highest} at most"),
            (Some(_), _) if survey.versions.iter().all(|v| !ours.contains(v)) => {
                format!("this server speaks {} only", all_of(&names))
            }
            (Some(_), _) => format!("this server speaks {}, and stumbles over the offer of newer versions", all_of(&names)),
            (None, _) => "the server refuses every version that was offered".to_owned(),
        };
        let is_old = survey.versions.first().is_some_and(|v| *v < crate::probe::hello::TLS12);
        Finding::new(code::NO_COMMON_VERSION, Severity::Error, Place::Protocol, format!("no TLS version in common: {says}"))
            .fact("the server speaks", if names.is_empty() { "none of SSL 3.0 to TLS 1.3".to_owned() } else { all_of(&names) })
            .fact("the client speaks", all_of(&mine))
            .because(format!(
                "Each version was offered to the server alone: {says}.{}",
                if is_old { " RFC 8996 has retired TLS 1.0 and 1.1; today's clients refuse them." } else { "" }
            ))
            .fix(if is_old {
                "allow TLS 1.2 and 1.3 at the server (or renew it)"
            } else {
                "allow TLS 1.2 and 1.3 on both sides; here: leave --tls away"
            })
    }
}
