use std::net::IpAddr;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::{client::client_of, HttpOptions};

/// Clients that are remembered before those are forgotten that have asked nothing of late.
const REMEMBERED: usize = 16_384;

/// How much each client has asked of late.
pub struct Rates(DefaultKeyedRateLimiter<IpAddr>);

impl Rates {
    pub fn of(options: &HttpOptions) -> Rates {
        let quota = Quota::per_second(options.requests_per_second).allow_burst(options.burst);
        Rates(RateLimiter::dashmap(quota))
    }

    /// Whether the client may ask now; if so, it has.
    pub fn allow(&self, client: IpAddr) -> bool {
        self.0.check_key(&client_of(client)).is_ok()
    }

    /// Forgets who has asked nothing of late, if there are many.
    pub fn forget(&self) {
        if self.0.len() > REMEMBERED {
            self.0.retain_recent();
            self.0.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn given_a_client_that_has_asked_enough_when_it_asks_then_it_waits_and_others_do_not() {
        let options = HttpOptions {
            requests_per_second: 1.try_into().expect("one"),
            burst: 3.try_into().expect("three"),
            ..HttpOptions::default()
        };
        let rates = Rates::of(&options);
        let asked = |client: &str| rates.allow(address(client));
        let answers: Vec<bool> = (0..4).map(|_| asked("192.0.2.1")).collect();
        assert_eq!(answers, [true, true, true, false]);
        assert!(asked("192.0.2.2"));
        assert!(!asked("::ffff:192.0.2.1"), "the same client over IPv6");
    }
}
