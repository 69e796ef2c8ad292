//! Where a program that serves schools may connect to, when one of them names the place.
//!
//! No IO: a network address that a name led to is judged, before it is connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a network address may be connected to: one on the internet, or this machine where that is
/// allowed. Everything that a private network, a cloud's own services or nobody answers is refused.
#[must_use]
pub fn may_be_sent_to(address: IpAddr, own_machine: bool) -> bool {
    if address.to_canonical().is_loopback() {
        return own_machine;
    }
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Source: IANA IPv4 Special-Purpose Address Registry.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_special = address.is_unspecified()
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || first == 0
        || first >= 240
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && (18..20).contains(&second));
    !is_special
}

/// Only 2000::/3 is the internet, without its special parts; an address that holds one of IPv4 is
/// what that one is.
///
/// Source: IANA IPv6 Special-Purpose Address Registry.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let held = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match parts {
        // NAT64 and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(held(high, low)),
        [0x2002, high, low, ..] => is_public_v4(held(high, low)),
        // Teredo, benchmarking, ORCHID, and the rest of what IETF keeps; documentation.
        [0x2001, second, ..] if second < 0x200 => false,
        [0x2001, 0x0db8, ..] => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_internet_are_connected_to() {
        let read = |text: &str| text.parse::<IpAddr>().expect("a network address");
        for good in ["8.8.8.8", "203.97.1.1", "192.0.9.1", "100.128.0.1", "2404:138::1", "64:ff9b::808:808"] {
            assert!(may_be_sent_to(read(good), false), "{good}");
        }
        for bad in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.7",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!may_be_sent_to(read(bad), false), "{bad}");
        }
        assert!(may_be_sent_to(read("127.0.0.1"), true) && may_be_sent_to(read("::1"), true));
        assert!(!may_be_sent_to(read("10.0.0.1"), true));
    }
}
