use solana_address::Address;

use crate::configuration::BrokerOptions;

/// Characters of an address that tell it from others.
const NAMED_BY: usize = 8;

/// A wallet in a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Household {
    pub market: Address,
    pub owner: Address,
}

/// Where it publishes, and what it listens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topics {
    /// How Home Assistant hears of the sensors.
    pub discovery: String,
    /// What they show.
    pub state: String,
    /// `online`, or `offline` where nothing is known of late.
    pub availability: String,
    /// Where Home Assistant says that it has started.
    pub birth: String,
}

impl Household {
    /// What Home Assistant knows it by for good. Of the wallet and not of its seat: that may be another one some day, and forgetting
    /// a household must not need a chain.
    pub fn id(&self) -> String {
        format!("joulebook_{}_{}", first(&self.market), first(&self.owner))
    }

    pub fn topics(&self, options: &BrokerOptions) -> Topics {
        let id = self.id();
        let (prefix, topic) = (&options.discovery, &options.topic);
        Topics {
            discovery: format!("{prefix}/device/{id}/config"),
            state: format!("{topic}/{id}/state"),
            availability: format!("{topic}/{id}/availability"),
            birth: options.birth.clone(),
        }
    }
}

fn first(address: &Address) -> String {
    address.to_string().chars().take(NAMED_BY).collect()
}
