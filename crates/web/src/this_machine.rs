//! Whether a request comes straight from this machine: what the operator alone may see or do.
//!
//! A proxy on the same machine also asks from a loopback address, so a request that carries a
//! trace of one is somebody else's. Decision 0013 says the same of the Ministry's pages.

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

/// Whether a browser on this machine asks, and no proxy asks for another.
pub(crate) fn is_this_machine(peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    let forwarded =
        |name: &str| name.starts_with("x-forwarded-") || ["forwarded", "x-real-ip", "via"].contains(&name);
    peer.is_some_and(|peer| is_loopback(peer.ip())) && !headers.keys().any(|name| forwarded(name.as_str()))
}

/// Whether it also asks under a name of this machine: a foreign page may have its own name lead
/// here.
pub(crate) fn is_at_home(request: &Request) -> bool {
    let host = crate::hosts::host_name(request.headers());
    is_this_machine(peer(request), request.headers()) && host.is_some_and(|host| is_own_name(&host))
}

/// Who is at the other end of the connection, as far as the server was told.
pub(crate) fn peer(request: &Request) -> Option<SocketAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0)
}

fn is_loopback(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|inner| inner.is_loopback())
        }
    }
}

/// Whether a host name without its port means this machine.
fn is_own_name(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        for own in ["localhost", "127.0.0.1", "[::1]", "127.1.2.3"] {
            assert!(is_own_name(own), "{own}");
        }
        for foreign in ["school.example", "localhost.example", "192.0.2.1", "", "127.0.0.1.example"] {
            assert!(!is_own_name(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_trace_of_a_proxy_or_another_machine_is_not_this_one() {
        let here = Some(SocketAddr::from(([127, 0, 0, 1], 4_000)));
        let there = Some(SocketAddr::from(([192, 0, 2, 7], 4_000)));
        assert!(is_this_machine(here, &HeaderMap::new()));
        assert!(!is_this_machine(there, &HeaderMap::new()));
        assert!(!is_this_machine(None, &HeaderMap::new()));
        for name in ["x-forwarded-for", "x-forwarded-host", "forwarded", "via", "x-real-ip"] {
            let mut headers = HeaderMap::new();
            headers.insert(name, axum::http::HeaderValue::from_static("192.0.2.7"));
            assert!(!is_this_machine(here, &headers), "{name}");
        }
    }
}
